import { healthOf } from '../health/health.ts'
import { share } from '../istio/numbers.ts'
import { addAmount, toRecord, type Amounts } from './amounts.ts'
import type { GraphEdge } from './model.ts'
import { byId, latencyOf, type SumRules } from './node-sum.ts'

/** Edges whose ends have been renamed, added up where that made several into one. Those that stay alone stay as they are. */
export function mergeParallel(edges: readonly GraphEdge[], rules: SumRules): GraphEdge[] {
  const groups = Map.groupBy(edges, ({ id }) => id)
  return [...groups.values()].map((group) => mergeEdges(group, rules)).toSorted(byId)
}

/** An edge between other ends. Its host is kept only where the target is what it was. */
export function withEnds(edge: GraphEdge, source: string, target: string): GraphEdge {
  if (source === edge.source && target === edge.target) return edge
  const { host, ...rest } = edge
  const id = `${source}->${target}:${edge.protocol}`
  return { ...rest, id, source, target, ...(host !== undefined && target === edge.target && { host }) }
}

/** Edges that became one: rates add up, shares are weighted by traffic. The host stays only if all called the same. */
function mergeEdges(group: readonly GraphEdge[], { latency, thresholds }: SumRules): GraphEdge {
  const [first, ...others] = group
  if (first === undefined) throw new RangeError('an edge is needed')
  if (others.length === 0) return first
  const sum = (valueOf: (edge: GraphEdge) => number): number => group.reduce((total, edge) => total + valueOf(edge), 0)
  const requestRate = sum((edge) => edge.requestRate)
  const errorRate = share(
    sum((edge) => edge.requestRate * (edge.errorRate ?? 0)),
    requestRate,
  )
  const latencyMs = latencyOf(group, latency)
  const mtlsShare = mtlsShareOf(group)
  const sentRate = sum((edge) => edge.sentRate)
  const receivedRate = sum((edge) => edge.receivedRate)
  const signals = { requestRate, errorRate, latencyMs, bytesRate: sentRate + receivedRate }
  const { id, source, target, protocol, host } = first
  return {
    id,
    source,
    target,
    protocol,
    ...(host !== undefined && others.every((edge) => edge.host === host) && { host }),
    health: healthOf(signals, thresholds),
    requestRate,
    ...(errorRate !== undefined && { errorRate }),
    ...(latencyMs !== undefined && { latencyMs }),
    sentRate,
    receivedRate,
    ...(mtlsShare !== undefined && { mtlsShare }),
    codes: addRecords(group.map(({ codes }) => codes)),
    flags: addRecords(group.map(({ flags }) => flags)),
    reporter: others.every(({ reporter }) => reporter === first.reporter) ? first.reporter : 'source',
  }
}

/**
 * Share under mutual TLS over several edges: by requests, or by bytes when nothing but TCP flows, and only over those
 * where somebody could tell. The two are never mixed.
 */
export function mtlsShareOf(
  edges: readonly Pick<GraphEdge, 'mtlsShare' | 'requestRate' | 'sentRate' | 'receivedRate'>[],
): number | undefined {
  const told = edges.filter(({ mtlsShare }) => mtlsShare !== undefined)
  const byRequests = told.some(({ requestRate }) => requestRate > 0)
  let [mutual, all] = [0, 0]
  for (const { mtlsShare = 0, requestRate, sentRate, receivedRate } of told) {
    const weight = byRequests ? requestRate : sentRate + receivedRate
    mutual += mtlsShare * weight
    all += weight
  }
  return share(mutual, all)
}

function addRecords(records: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sum: Amounts = []
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) addAmount(sum, key, value)
  }
  return toRecord(sum)
}
