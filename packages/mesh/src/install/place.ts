import { MeshMode, type Mesh, type MeshMember, type Platform } from '@meshdeck/kube'

/** One cluster of a mesh that Meshdeck installs, and what it is in it. */
export interface Place {
  cluster: string
  /** `primary` runs istiod; `remote` is served by the primary's. Source: https://istio.io/latest/docs/setup/install/multicluster/primary-remote/ */
  role: 'primary' | 'remote'
  network?: string
  platform?: Platform
  values?: Record<string, unknown>
}

/** Network of clusters that say none, in a mesh of several. */
const SHARED_NETWORK = 'default'

/**
 * The clusters of a mesh, the one of the control plane first. A network comes from the member, else from its Cluster;
 * in a mesh of several clusters each has one, so that istiod can tell what reaches what. A platform comes from the mesh,
 * else from what was found in the cluster.
 */
export function placesOf(
  mesh: Mesh,
  networkOf: (cluster: string) => string | undefined,
  platformOf: (cluster: string) => Platform | undefined = () => undefined,
): Place[] {
  const { controlPlane, members = [] } = mesh.spec
  const managed = mesh.spec.mode === MeshMode.Managed
  const place = (cluster: string, role: Place['role'], member?: MeshMember): Place => {
    const network = member?.network || networkOf(cluster) || (managed ? SHARED_NETWORK : undefined)
    const own = role === 'primary' ? controlPlane.platform : undefined
    const platform = member?.platform ?? own ?? platformOf(cluster)
    return {
      cluster,
      role,
      ...(platform === undefined ? {} : { platform }),
      ...(network === undefined ? {} : { network }),
      ...(member?.values === undefined ? {} : { values: member.values }),
    }
  }
  const first = members.find(({ cluster }) => cluster === controlPlane.cluster)
  const others = managed ? members.filter(({ cluster }) => cluster !== controlPlane.cluster) : []
  return [place(controlPlane.cluster, 'primary', first), ...others.map((each) => place(each.cluster, 'remote', each))]
}
