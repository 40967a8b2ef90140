import type { ServiceInstance } from '@meshdeck/contract'
import { isRecord, readPath, type KubeResource, type Pod } from '@meshdeck/kube'
import { isAmbient, workloadOf, type PeerMode } from '@meshdeck/mesh'
import { pick } from './clusters.ts'
import { selects } from './selector.ts'
import type { Member } from './services.ts'
import { toPodView, versionOf } from './workloads.ts'

/** Source: https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesioregion */
const REGION = 'topology.kubernetes.io/region'
const ZONE = 'topology.kubernetes.io/zone'

/** What is known beside the service and its pods. */
export interface InstanceContext {
  /** Nodes of the clusters, as far as the caller may list them. */
  nodes: readonly { cluster: string; objects: readonly KubeResource[] }[]
  /** Machines, with the cluster whose istiod reads them. */
  machines: readonly { cluster: string; object: KubeResource }[]
  /** What a workload of a cluster asks of its callers; absent where the rules cannot all be read. */
  modeOf: ((cluster: string, namespace: string, labels: Record<string, string>) => PeerMode | undefined) | undefined
}

/** Everything that answers for a service: its pods and the machines that its selector finds. */
export function toInstances(members: readonly Member[], context: InstanceContext): ServiceInstance[] {
  const places = new Map(
    context.nodes.flatMap(({ cluster, objects }) =>
      objects.map(({ metadata }) => [
        `${cluster} ${metadata.name}`,
        pick({ region: metadata.labels?.[REGION], zone: metadata.labels?.[ZONE] }),
      ]),
    ),
  )
  const pods = members.flatMap(({ snapshot, pods: own }) =>
    own.map((pod) => {
      const {
        ip,
        restarts,
        injected,
        created: _created,
        ...view
      } = toPodView(snapshot.cluster, pod, workloadOf(pod, snapshot.replicaSetIndex))
      const proxy = injected ? 'sidecar' : isAmbient(pod) ? 'ambient' : 'none'
      return {
        kind: 'Pod' as const,
        ...view,
        ...pick({ address: ip, version: versionOf(pod.metadata.labels) }),
        ...places.get(`${snapshot.cluster} ${view.node ?? ''}`),
        proxy,
        ...modeOf(pod, snapshot.cluster, proxy, context),
        restarts,
      } satisfies ServiceInstance
    }),
  )
  const [first] = members
  const selector = first?.service.spec?.selector
  const machines = context.machines.flatMap(({ cluster, object }) => {
    const labels = textsAt(object, 'spec.labels')
    const isOwn = object.metadata.namespace === first?.service.metadata.namespace && selects(selector, labels)
    return isOwn ? [toMachine(cluster, object, labels)] : []
  })
  return [...pods, ...machines]
}

function modeOf(
  { metadata: { namespace = '', labels = {} } }: Pod,
  cluster: string,
  proxy: ServiceInstance['proxy'],
  { modeOf: tell }: InstanceContext,
): Pick<ServiceInstance, 'mtls'> {
  return proxy === 'none' ? {} : pick({ mtls: tell?.(cluster, namespace, labels) })
}

/** A machine has a proxy of its own when istiod has registered it. */
function toMachine(cluster: string, object: KubeResource, labels: Record<string, string>): ServiceInstance {
  const { name, namespace = '', annotations } = object.metadata
  const [region, zone] = (textAt(object, 'spec.locality') ?? '').split('/')
  const conditions = readPath(object, 'status.conditions')
  const health = (Array.isArray(conditions) ? conditions : []).filter(isRecord).find(({ type }) => type === 'Healthy')
  return {
    kind: 'WorkloadEntry',
    cluster,
    namespace,
    name,
    phase: '',
    // Without a check of its health a machine counts as there.
    ready: health === undefined || health['status'] === 'True',
    ...pick({
      address: textAt(object, 'spec.address'),
      version: versionOf(labels),
      region: region || undefined,
      zone: zone || undefined,
      problem: typeof health?.['message'] === 'string' && health['status'] !== 'True' ? health['message'] : undefined,
    }),
    proxy: annotations?.['istio.io/workloadController'] === undefined ? 'none' : 'sidecar',
  }
}

/** Addresses that somebody wrote down for a service that selects nothing. */
export function toWrittenInstances(cluster: string, slices: readonly KubeResource[]): ServiceInstance[] {
  return slices.flatMap((slice) => {
    const endpoints = slice['endpoints']
    return (Array.isArray(endpoints) ? endpoints : []).filter(isRecord).flatMap((endpoint) => {
      const { addresses, nodeName, zone, conditions } = endpoint
      const ready = !isRecord(conditions) || conditions['ready'] !== false
      return (Array.isArray(addresses) ? addresses : []).map((address): ServiceInstance => ({
        kind: 'EndpointSlice',
        cluster,
        namespace: slice.metadata.namespace ?? '',
        name: slice.metadata.name,
        address: String(address),
        phase: '',
        ready,
        ...pick({
          node: typeof nodeName === 'string' ? nodeName : undefined,
          zone: typeof zone === 'string' ? zone : undefined,
        }),
        proxy: 'none',
      }))
    })
  })
}

function textAt(object: KubeResource, path: string): string | undefined {
  const value = readPath(object, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsAt(object: KubeResource, path: string): Record<string, string> {
  const value = readPath(object, path)
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  )
}
