import type { EdgeSample, GraphSamples } from './model.ts'

/**
 * Samples of several Prometheus servers as one list. Two that hold the same series (a pair for high availability, or
 * one above the others that is asked as well) count once, with the larger value: the other one missed scrapes.
 * `owner` tells apart series of clusters that no label names; without it, equal labels mean the same series.
 */
export function uniteSamples(
  parts: readonly { owner?: string | undefined; samples: readonly EdgeSample[] }[],
): EdgeSample[] {
  const [first, ...others] = parts
  if (first === undefined || others.length === 0) return [...(first?.samples ?? [])]
  const united = new Map<string, EdgeSample>()
  for (const { owner, samples } of parts) {
    for (const sample of samples) {
      const key = keyOf(sample.metric, owner)
      const known = united.get(key)
      if (known === undefined || known.value < sample.value) united.set(key, sample)
    }
  }
  return [...united.values()]
}

/**
 * Whether samples without the workloads' labels are too coarse to choose reporters by: where both clients and waypoints
 * report for a pair of namespaces, some of its requests are told by the one, some by the other, and some by both. Where
 * one end reports requests and the other connections alone, those may be of the same workloads (`carrierTest`) or not.
 */
export function needsWorkloads({
  requests,
  tcpSent = [],
}: Pick<GraphSamples, 'requests'> & Partial<Pick<GraphSamples, 'tcpSent'>>): boolean {
  const connections = reportersOf(tcpSent)
  return [...reportersOf(requests)].some(([pair, seen]) => {
    if (seen.has('source') && seen.has('waypoint')) return true
    const [client, server] = ['source', 'destination'].map((end) => connections.get(pair)?.has(end) === true)
    return (seen.has('source') && server && !client) || (seen.has('destination') && client && !server)
  })
}

/** Who reports, by pair of namespaces. */
function reportersOf(samples: readonly EdgeSample[]): Map<string, Set<string>> {
  const reporters = new Map<string, Set<string>>()
  for (const { metric } of samples) {
    const pair = PAIR.map((label) => metric[label] ?? '').join('\n')
    const known = reporters.get(pair) ?? new Set()
    reporters.set(pair, known.add(metric['reporter'] ?? ''))
  }
  return reporters
}

const PAIR = ['source_cluster', 'source_workload_namespace', 'destination_cluster', 'destination_workload_namespace']
const CLUSTERS = ['source_cluster', 'destination_cluster']

function keyOf(metric: EdgeSample['metric'], owner: string | undefined): string {
  const named = CLUSTERS.some((label) => !['', 'unknown'].includes(metric[label] ?? ''))
  const labels = Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([named ? '' : (owner ?? ''), labels])
}
