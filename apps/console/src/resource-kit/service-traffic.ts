import type { Topology } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

/** Requests that a service answers now, over all its clusters. Rates per second, shares 0–1. */
export interface ServiceTraffic {
  namespace: string
  name: string
  requestRate: number
  errorRate?: number
  /** p95 in milliseconds; of the slowest cluster, since quantiles cannot be added up. */
  latencyMs?: number
}

/** Seconds that rates are averaged over: eight scrapes of the usual 15 s. */
export const TRAFFIC_WINDOW_SECONDS = 120

export interface TrafficParams {
  /** All of the mesh when empty. */
  namespaces: readonly string[]
  /** How often to ask again; 0 is never. Metrics have no events. */
  refreshSeconds: number
}

/** Queries about traffic that several pages show. */
export const trafficQueries = {
  /** The graph of services, from which their traffic is read. */
  services: (mesh: string, { namespaces, refreshSeconds }: TrafficParams) => {
    const wanted = [...new Set(namespaces)].toSorted().join(',')
    return queryOptions({
      queryKey: [meshScope(mesh), [], 'service-traffic', wanted] as const,
      queryFn: ({ signal }) =>
        api.get<Topology>(
          paths.topology(mesh, { view: 'service', window: TRAFFIC_WINDOW_SECONDS, namespaces: wanted, latency: 'p95' }),
          { signal },
        ),
      refetchInterval: refreshSeconds === 0 ? false : refreshSeconds * 1000,
      placeholderData: keepPreviousData,
    })
  },
}

/** Key of a service in `trafficByService`. */
export const serviceKey = ({ namespace, name }: { namespace: string; name: string }): string => `${namespace}/${name}`

/** What each service answers, from the nodes of the service graph. */
export function trafficByService({ nodes }: Pick<Topology, 'nodes'>): ReadonlyMap<string, ServiceTraffic> {
  const own = nodes.flatMap(({ type, namespace, name, inbound }) =>
    (type === 'service' || type === 'gateway') && namespace !== undefined && inbound.requestRate > 0
      ? [{ namespace, name, inbound }]
      : [],
  )
  return new Map(
    [...Map.groupBy(own, serviceKey)].map(([key, parts]) => {
      const [{ namespace, name } = { namespace: '', name: '' }] = parts
      const requestRate = sum(parts.map(({ inbound }) => inbound.requestRate))
      const told = parts.filter(({ inbound }) => inbound.errorRate !== undefined)
      const errors = sum(told.map(({ inbound }) => inbound.requestRate * (inbound.errorRate ?? 0)))
      const counted = sum(told.map(({ inbound }) => inbound.requestRate))
      const latencies = parts.flatMap(({ inbound }) => inbound.latencyMs ?? [])
      return [
        key,
        {
          namespace,
          name,
          requestRate,
          ...(counted === 0 ? {} : { errorRate: errors / counted }),
          ...(latencies.length === 0 ? {} : { latencyMs: Math.max(...latencies) }),
        },
      ]
    }),
  )
}

/** Share of HTTP and gRPC requests under mutual TLS, of those whose server has told; absent when none has. */
export function mtlsShare({ edges }: Pick<Topology, 'edges'>): number | undefined {
  const told = edges.filter(({ protocol, mtlsShare: share }) => protocol !== 'tcp' && share !== undefined)
  const requests = sum(told.map(({ requestRate }) => requestRate))
  return requests === 0 ? undefined : sum(told.map((edge) => edge.requestRate * (edge.mtlsShare ?? 0))) / requests
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
