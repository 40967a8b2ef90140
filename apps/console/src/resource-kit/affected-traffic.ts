import { paths, type ServicePage, type ServiceView, type Topology } from '@meshdeck/contract'
import { readPath, type KindId, type KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, serviceHost } from '@meshdeck/mesh'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

/** Seconds that are looked back on before a change: long enough to see who calls seldom. */
const HOUR_SECONDS = 3_600
/** Where a rule names the hosts that it is about, and those that it sends to. */
const HOSTS: Partial<Record<KindId, readonly string[]>> = {
  VirtualService: [
    'spec.hosts',
    'spec.http.*.route.*.destination.host',
    'spec.tls.*.route.*.destination.host',
    'spec.tcp.*.route.*.destination.host',
  ],
  DestinationRule: ['spec.host'],
  ServiceEntry: ['spec.hosts'],
}
/** Kinds that are about what runs in their namespace. */
const OF_NAMESPACE: readonly KindId[] = [
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
  'Sidecar',
  'Telemetry',
]

/** Where a policy says which of those workloads it is about. */
const SELECTORS = ['spec.selector.matchLabels', 'spec.workloadSelector.labels']
/** As many services of a namespace as are asked for at once; those beyond count as meant. */
const MOST_SERVICES = 1_000

/** Requests of the last hour to something that a change names. Rates per second, shares 0–1. */
export interface AffectedTraffic {
  name: string
  namespace: string | undefined
  requestRate: number
  errorRate: number | undefined
  /** Who calls it, the busiest first. */
  callers: readonly string[]
}

/** Whether it can be said whose traffic a change of this kind is about. */
export const hasTraffic = (kind: KindId): boolean => HOSTS[kind] !== undefined || OF_NAMESPACE.includes(kind)

/** Labels that narrow a policy within its namespace; empty where it is about all. */
export function narrowedTo(kind: KindId, object: KubeResource): readonly (readonly [string, unknown])[] {
  if (!OF_NAMESPACE.includes(kind)) return []
  return SELECTORS.flatMap((path) => readPath(object, path) ?? []).flatMap((labels) =>
    typeof labels === 'object' && labels !== null ? Object.entries(labels) : [],
  )
}

/** The services of the mesh as they were called in the last hour, from one namespace's point of view. */
export const affectedQueries = {
  /** Which pods the services of a namespace select. */
  services: (mesh: string, namespace: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Service'], 'affected-services', namespace] as const,
      queryFn: ({ signal }) =>
        api.get<ServicePage>(paths.meshServices(mesh, { namespace, pageSize: MOST_SERVICES }), { signal }),
      staleTime: 60_000,
    }),
  lastHour: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'affected-traffic'] as const,
      queryFn: ({ signal }) =>
        api.get<Topology>(paths.topology(mesh, { view: 'service', window: HOUR_SECONDS }), { signal }),
      staleTime: 60_000,
    }),
}

/**
 * What of the traffic goes to something that a change names, the busiest first. A service that no pod can share with the
 * selector of a policy is left out; where its selector is not known it stays.
 */
export function affectedTraffic(
  kind: KindId,
  { metadata, ...object }: KubeResource,
  { nodes, edges }: Pick<Topology, 'nodes' | 'edges'>,
  services: readonly Pick<ServiceView, 'namespace' | 'name' | 'selector'>[] = [],
): AffectedTraffic[] {
  const { namespace = '' } = metadata
  const hosts = (HOSTS[kind] ?? [])
    .flatMap((path) => readPath({ metadata, ...object }, path) ?? [])
    .filter((host) => typeof host === 'string')
    .map((host) => fullHost(host, namespace))
  const labels = narrowedTo(kind, { metadata, ...object })
  const isNarrowedAway = (name: string): boolean => {
    const selector = services.find((each) => each.namespace === namespace && each.name === name)?.selector ?? {}
    return labels.some(([key, value]) => selector[key] !== undefined && selector[key] !== value)
  }
  const isMeant = (node: Topology['nodes'][number]): boolean => {
    if (OF_NAMESPACE.includes(kind))
      return node.type === 'service' && node.namespace === namespace && !isNarrowedAway(node.name)
    const own = node.type === 'service' ? serviceHost(node.name, node.namespace ?? '') : node.name
    return hosts.some((host) => hostCovers(host, own))
  }
  const names = new Map(nodes.map(({ id, name }) => [id, name]))
  return nodes
    .filter((node) => isMeant(node) && node.inbound.requestRate > 0)
    .map((node): AffectedTraffic => ({
      name: node.name,
      namespace: node.namespace,
      requestRate: node.inbound.requestRate,
      errorRate: node.inbound.errorRate,
      callers: edges
        .filter(({ target }) => target === node.id)
        .toSorted((a, b) => b.requestRate - a.requestRate)
        .flatMap(({ source }) => names.get(source) ?? []),
    }))
    .toSorted((a, b) => b.requestRate - a.requestRate)
}
