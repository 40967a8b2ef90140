import { healthOf, type HealthThresholds } from '../health/health.ts'
import { share } from '../istio/numbers.ts'
import type { NodeIdentity } from './endpoints.ts'
import type { GraphEdge, GraphNode, LatencyStatistic, Traffic } from './model.ts'

/** How edges are summed up and judged. */
export interface SumRules {
  latency: LatencyStatistic
  thresholds?: HealthThresholds | undefined
}

/** Adds up edges; a request over several edges counts on each. Latency is their mean, or the quantile of the slowest. */
export function trafficOf(edges: readonly GraphEdge[], latency: LatencyStatistic): Traffic {
  let requestRate = 0
  let failures = 0
  let bytesRate = 0
  for (const edge of edges) {
    requestRate += edge.requestRate
    failures += edge.requestRate * (edge.errorRate ?? 0)
    bytesRate += edge.sentRate + edge.receivedRate
  }
  const latencyMs = latencyOf(edges, latency)
  const errorRate = share(failures, requestRate)
  return {
    requestRate,
    ...(errorRate !== undefined && { errorRate }),
    ...(latencyMs !== undefined && { latencyMs }),
    bytesRate,
  }
}

/** Latency over several edges, milliseconds: the mean over their requests, or the largest of their quantiles. */
export function latencyOf(edges: readonly GraphEdge[], latency: LatencyStatistic): number | undefined {
  let known: { value: number; weight: number } | undefined
  for (const { latencyMs, requestRate } of edges) {
    if (latencyMs === undefined) continue
    if (known === undefined) known = { value: latencyMs, weight: requestRate }
    else if (latency !== 'mean') known.value = Math.max(known.value, latencyMs)
    else if (requestRate > 0) {
      const weight = known.weight + requestRate
      known = { value: known.value + (latencyMs - known.value) * (requestRate / weight), weight }
    }
  }
  return known?.value
}

/**
 * Nodes with the numbers of their edges, by id. A node's health is that of what it answers; one that only calls (a
 * gateway, whose own clients report nothing) is judged by the answers it gets.
 */
export function finishNodes(
  identities: Iterable<NodeIdentity & Pick<GraphNode, 'injected' | 'ambient'>>,
  edges: readonly GraphEdge[],
  { latency, thresholds }: SumRules,
): GraphNode[] {
  const inbound = Map.groupBy(edges, ({ target }) => target)
  const outbound = Map.groupBy(edges, ({ source }) => source)
  return [...identities]
    .map((identity) => {
      const received = trafficOf(inbound.get(identity.id) ?? [], latency)
      const made = trafficOf(outbound.get(identity.id) ?? [], latency)
      const health = healthOf(received, thresholds)
      return {
        ...identity,
        health: health === 'unknown' ? healthOf(made, thresholds) : health,
        idle: !inbound.has(identity.id) && !outbound.has(identity.id),
        inbound: received,
        outbound: made,
      }
    })
    .toSorted(byId)
}

export const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
