import { X509Certificate } from 'node:crypto'
import { textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'
import { ambientNamespaces, hasProxy, isReady, workloadOf } from '../../traffic/workloads.ts'
import { endpointsOf, meshServices } from '../proxy/mesh-services.ts'
import type { MeshMember, MeshService } from '../proxy/mesh-services.ts'
import { proxyVersion } from '../proxy/proxy-view.ts'
import { ztunnelPolicies } from './ztunnel-policies.ts'

const WAYPOINT = 'istio.io/use-waypoint'
const HBONE_PORT = 15_008

/** A certificate that a ztunnel holds for the pods of its node. */
export interface ZtunnelCertificate {
  readonly identity: string
  /** PEM. */
  readonly chain: string
  readonly root: string
}

/** Identities of the pods that a ztunnel carries, sorted: those of ambient namespaces on its node. */
export function ztunnelIdentities(api: Pick<ClusterApi, 'list'>, ztunnel: KubeObject): readonly string[] {
  const node = textAt(ztunnel, 'spec', 'nodeName')
  const carried = carriedPods(api).filter((pod) => textAt(pod, 'spec', 'nodeName') === node)
  const identities = carried.map(
    (pod) => `spiffe://cluster.local/ns/${pod.metadata.namespace ?? ''}/sa/${accountOf(pod)}`,
  )
  return [...new Set(identities)].toSorted()
}

/** `/config_dump`. Source: istio/ztunnel, src/admin.rs, and the types that istio.io/istio reads it with. */
export function ztunnelDump(
  { name: cluster, api }: MeshMember,
  ztunnel: KubeObject,
  certificates: readonly ZtunnelCertificate[],
): unknown {
  const policies = ztunnelPolicies(api)
  const carried = new Set(carriedPods(api))
  const uidOf = (pod: KubeObject): string => `${cluster}//Pod/${pod.metadata.namespace ?? ''}/${pod.metadata.name}`
  const pods = api.list('pods').filter((pod) => textAt(pod, 'status', 'podIP') !== undefined)
  const uids = new Map(pods.map((pod) => [textAt(pod, 'status', 'podIP') ?? '', uidOf(pod)]))
  const version = proxyVersion(ztunnel)
  return {
    workloads: pods.map((pod) => ({
      uid: uidOf(pod),
      workloadIps: [textAt(pod, 'status', 'podIP')],
      ...waypointOf(api, pod),
      protocol: carried.has(pod) ? 'HBONE' : 'TCP',
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      trustDomain: 'cluster.local',
      serviceAccount: accountOf(pod),
      workloadName: workloadOf(pod),
      workloadType: workloadType(pod),
      canonicalName: pod.metadata.labels?.['app'] ?? pod.metadata.name,
      canonicalRevision: pod.metadata.labels?.['version'] ?? 'latest',
      node: textAt(pod, 'spec', 'nodeName'),
      status: isReady(pod) ? 'Healthy' : 'Unhealthy',
      clusterId: cluster,
      capacity: 1,
      authorizationPolicies: policies.filter((policy) => policy.selects(pod)).map((policy) => policy.key),
    })),
    services: meshServices(api).map((service) => ({
      name: service.name,
      namespace: service.namespace,
      hostname: service.host,
      vips: service.address === undefined ? [] : [`/${service.address}`],
      ports: Object.fromEntries(service.ports.map(({ port }) => [port, 0])),
      endpoints: endpoints(cluster, api, service, uids),
      ...waypointOf(api, api.get('services', service.namespace, service.name)),
      subjectAltNames: [],
      ipFamilies: 'IPv4',
    })),
    policies: policies.map(({ config }) => config),
    certificates: certificates.map(({ identity, chain, root }) => ({
      identity,
      state: 'Available',
      certChain: [certificateOf(chain)],
      rootCerts: [certificateOf(root)],
    })),
    version: { version, gitRevision: '0a1b2c3d', buildProfile: 'release', buildStatus: 'Clean' },
    config: {
      proxy: true,
      dnsProxy: true,
      adminAddr: '127.0.0.1:15000',
      statsAddr: '[::]:15020',
      readinessAddr: '[::]:15021',
      inboundAddr: `[::]:${HBONE_PORT}`,
      localNode: textAt(ztunnel, 'spec', 'nodeName'),
      localIp: textAt(ztunnel, 'status', 'podIP'),
      proxyMode: 'Shared',
      clusterId: cluster,
      clusterDomain: 'cluster.local',
      caAddress: 'https://istiod.istio-system.svc:15012',
      xdsAddress: 'https://istiod.istio-system.svc:15012',
      secretTtl: { secs: 86_400, nanos: 0 },
    },
  }
}

function carriedPods(api: Pick<ClusterApi, 'list'>): readonly KubeObject[] {
  const ambient = new Set(ambientNamespaces(api))
  return api.list('pods').filter((pod) => ambient.has(pod.metadata.namespace ?? '') && !hasProxy(pod))
}

const accountOf = (pod: KubeObject): string => textAt(pod, 'spec', 'serviceAccountName') ?? 'default'

function workloadType({ metadata }: KubeObject): string {
  const kind = metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind ?? 'Pod'
  return kind === 'ReplicaSet' ? 'deployment' : kind.toLowerCase()
}

/** What an object or its namespace is labelled with. */
function waypointOf(api: MeshMember['api'], object: KubeObject | undefined): Record<string, unknown> {
  const namespace = object?.metadata.namespace ?? ''
  const labels = [object, api.get('namespaces', undefined, namespace)].map((each) => each?.metadata.labels?.[WAYPOINT])
  const name = labels.find((label) => label !== undefined)
  if (name === undefined || name === 'none') return {}
  const destination = `${namespace}/${name}.${namespace}.svc.cluster.local`
  return { waypoint: { destination, hboneMtlsPort: HBONE_PORT } }
}

function endpoints(
  cluster: string,
  api: MeshMember['api'],
  service: MeshService,
  uids: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const own = { name: cluster, api }
  const found = new Map<string, Record<string, number>>()
  for (const port of service.ports)
    for (const endpoint of endpointsOf(own, [own], service, port))
      found.set(endpoint.address, { ...found.get(endpoint.address), [port.port]: endpoint.port })
  return Object.fromEntries(
    [...found].flatMap(([address, port]) => {
      const workloadUid = uids.get(address)
      return workloadUid === undefined
        ? []
        : [[workloadUid, { workloadUid, service: `${service.namespace}/${service.host}`, port }]]
    }),
  )
}

function certificateOf(pem: string): unknown {
  const { serialNumber, validFrom, validTo } = new X509Certificate(pem)
  const date = (text: string): string => new Date(text).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    pem: Buffer.from(pem).toString('base64'),
    serialNumber: BigInt(`0x${serialNumber}`).toString(),
    validFrom: date(validFrom),
    expirationTime: date(validTo),
  }
}
