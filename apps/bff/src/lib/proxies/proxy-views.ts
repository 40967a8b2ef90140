import type { ProxyView } from '@meshdeck/contract'
import type { Pod } from '@meshdeck/kube'
import { isCurrent, isInjected, isMachinery, proxyVersion, workloadOf, type ReplicaSetIndex } from '@meshdeck/mesh'
import { worstState } from '@meshdeck/mesh/proxy-config'
import type { ConnectedProxy } from './istiod-sync.ts'

export interface MemberPods {
  cluster: string
  /** By `namespace/name`, as far as the caller may see them. */
  pods: ReadonlyMap<string, Pod>
  replicaSets: ReplicaSetIndex
}

/**
 * The member cluster that a proxy runs in. Istio has a name of its own for each cluster: usually ours, else that of the
 * cluster whose istiod serves it, when the pod is there. Undefined for a cluster that does not belong to the mesh.
 */
export function clusterOf(proxy: ConnectedProxy, members: readonly MemberPods[]): string | undefined {
  const named = members.find(({ cluster }) => cluster === proxy.clusterId)
  if (named !== undefined) return named.cluster
  const holds = ({ pods }: MemberPods): boolean => pods.has(keyOf(proxy))
  const own = members.find(({ cluster }) => cluster === proxy.istiod.cluster)
  return own !== undefined && holds(own) ? own.cluster : members.find(holds)?.cluster
}

const keyOf = ({ namespace, pod }: Pick<ConnectedProxy, 'namespace' | 'pod'>): string => `${namespace}/${pod}`

/** A row of a proxy that is connected to an istiod. */
export function toProxyView(proxy: ConnectedProxy, cluster: string, members: readonly MemberPods[]): ProxyView {
  const member = members.find((each) => each.cluster === cluster)
  const pod = member?.pods.get(keyOf(proxy))
  const { namespace, type, version, xds, istiod, connectedAt } = proxy
  return {
    cluster,
    namespace,
    pod: proxy.pod,
    type,
    ...(version === undefined ? {} : { version }),
    state: worstState(xds),
    xds,
    istiod,
    ...(connectedAt === undefined ? {} : { connectedAt }),
    ...workloadPart(pod, member),
  }
}

/** Rows of proxies that run, and that no istiod knows of; for when all istiods have answered. */
export function disconnectedViews(members: readonly MemberPods[], connected: readonly ProxyView[]): ProxyView[] {
  const known = new Set(connected.map(({ cluster, namespace, pod }) => `${cluster}/${namespace}/${pod}`))
  return members.flatMap((member) =>
    [...member.pods.values()]
      .filter((pod) => isInjected(pod) && isCurrent(pod) && !isMachinery(pod) && pod.status?.phase === 'Running')
      .filter(({ metadata }) => !known.has(`${member.cluster}/${metadata.namespace ?? ''}/${metadata.name}`))
      .map((pod): ProxyView => {
        const version = proxyVersion(pod)
        return {
          cluster: member.cluster,
          namespace: pod.metadata.namespace ?? '',
          pod: pod.metadata.name,
          type: pod.spec?.containers.every(({ name }) => name === 'istio-proxy') === true ? 'router' : 'sidecar',
          ...(version === undefined ? {} : { version }),
          state: 'disconnected',
          xds: {},
          ...workloadPart(pod, member),
        }
      }),
  )
}

function workloadPart(pod: Pod | undefined, member: MemberPods | undefined): Pick<ProxyView, 'workload'> {
  const workload = pod && workloadOf(pod, member?.replicaSets)
  return workload === undefined ? {} : { workload: { kind: workload.kind, name: workload.name } }
}
