import { healthOf, type HealthThresholds } from '../health/health.ts'
import { share } from '../istio/numbers.ts'
import type { NodeIdentity } from './endpoints.ts'
import type { GraphEdge, GraphNode, Traffic } from './model.ts'

/** Adds up edges; a request over several edges counts on each. Latency is that of the slowest. */
export function trafficOf(edges: readonly GraphEdge[]): Traffic {
  let requestRate = 0
  let failures = 0
  let bytesRate = 0
  let latencyMs: number | undefined
  for (const edge of edges) {
    requestRate += edge.requestRate
    failures += edge.requestRate * (edge.errorRate ?? 0)
    bytesRate += edge.sentRate + edge.receivedRate
    if (edge.latencyMs !== undefined) latencyMs = Math.max(latencyMs ?? 0, edge.latencyMs)
  }
  const errorRate = share(failures, requestRate)
  return {
    requestRate,
    ...(errorRate !== undefined && { errorRate }),
    ...(latencyMs !== undefined && { latencyMs }),
    bytesRate,
  }
}

/**
 * Nodes with the numbers of their edges, by id. A node's health is that of what it answers; one that only calls (a
 * gateway, whose own clients report nothing) is judged by the answers it gets.
 */
export function finishNodes(
  identities: Iterable<NodeIdentity & { injected?: boolean }>,
  edges: readonly GraphEdge[],
  thresholds: HealthThresholds | undefined,
): GraphNode[] {
  const inbound = Map.groupBy(edges, ({ target }) => target)
  const outbound = Map.groupBy(edges, ({ source }) => source)
  return [...identities]
    .map((identity) => {
      const received = trafficOf(inbound.get(identity.id) ?? [])
      const made = trafficOf(outbound.get(identity.id) ?? [])
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
