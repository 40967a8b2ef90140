import type { ApiObject, ClusterReader } from './cluster-reader.ts'
import { ISTIOD_PORTS } from './istiods.ts'
import type { Istiod, Istiods } from './istiods.ts'
import type { LoadBalancers } from './load-balancers.ts'

interface ServiceSpec {
  readonly clusterIP?: string
  readonly selector?: Readonly<Record<string, string>>
  readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[]
}

interface Endpoint {
  readonly addresses?: readonly string[]
}

export interface Surroundings {
  readonly readers: ReadonlyMap<string, ClusterReader>
  readonly istiods: Istiods
  readonly balancers: LoadBalancers
}

/**
 * The port on this machine for an address as a cluster sees it: a Service's own address, or one behind a Service without
 * a selector. A gateway between clusters passes TLS on as it is, so that behind its address there is istiod itself.
 */
export async function resolveAddress(
  around: Surroundings,
  cluster: string,
  host: string,
  port: number,
): Promise<number | undefined> {
  const reader = around.readers.get(cluster)
  const services = (await reader?.list('/api/v1/services')) ?? []
  const service = services.find((each) => specOf(each).clusterIP === host)
  if (reader === undefined || service === undefined) return undefined
  const { selector, ports = [] } = specOf(service)
  const target = ports.find((each) => each.port === port)?.targetPort ?? port
  const { name, namespace = '' } = service.metadata
  if (selector !== undefined) return portOf(around.istiods.find(cluster, namespace, selector), Number(target))
  const selects = `labelSelector=${encodeURIComponent(`kubernetes.io/service-name=${name}`)}`
  const slices = await reader.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?${selects}`)
  const address = slices.flatMap(endpointsOf).flatMap(({ addresses = [] }) => addresses)[0]
  const balanced = address === undefined ? undefined : around.balancers.find(address)
  if (balanced === undefined) return undefined
  const { namespace: at = '' } = balanced.service.metadata
  return portOf(around.istiods.ofNamespace(balanced.cluster, at), Number(target))
}

const specOf = (service: ApiObject): ServiceSpec => (service['spec'] ?? {}) as ServiceSpec
const endpointsOf = (slice: ApiObject): readonly Endpoint[] => (slice['endpoints'] ?? []) as readonly Endpoint[]

function portOf(istiod: Istiod | undefined, wanted: number): number | undefined {
  const use = Object.entries(ISTIOD_PORTS).find(([, port]) => port === wanted)?.[0]
  return use === undefined ? undefined : istiod?.ports[use as keyof typeof ISTIOD_PORTS]
}
