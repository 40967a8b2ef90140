import { needsWorkloads, type AssembledView, type GraphSamples, type LatencyStatistic } from '@meshdeck/mesh'
import type { PrometheusClient } from './prometheus-client.ts'
import { histogramQuantile, maxWithout, oneOf, rate, selector, sumBy, type LabelMatchers } from '@meshdeck/mesh/promql'
import { replicaLabels } from './replica-labels.ts'

export interface GraphQuery {
  view: AssembledView
  /** Seconds that rates are averaged over; at least four scrapes (`rateWindow`). */
  windowSeconds: number
  /** Only calls from or to these; all when absent. Throws RangeError when empty. */
  namespaces?: readonly string[]
  /**
   * Which latency to ask for; none when absent. A mean needs two more counters, as many series as there are requests; a
   * quantile needs the histogram, about 20 times that.
   */
  latency?: LatencyStatistic
  /** Tell workloads apart even where the view does not show them, to choose each one's reporter. */
  byWorkload?: boolean
  /** Labels by which the server holds series twice or more; such series count once. */
  replicas?: readonly string[]
}

/** PromQL by what it yields. */
export type GraphQueries = Partial<Record<keyof GraphSamples, string>> &
  Record<'requests' | 'tcpSent' | 'tcpReceived', string>

const OUTCOME = ['response_code', 'grpc_response_status', 'response_flags', 'connection_security_policy']
const NAMESPACES = ['source_workload_namespace', 'destination_workload_namespace', 'destination_service_namespace']
const EDGE = ['reporter', 'source_cluster', 'destination_cluster', 'request_protocol', ...NAMESPACES]
const CALL = [
  ...EDGE,
  'source_workload',
  'source_canonical_service',
  'destination_service',
  'destination_service_name',
  'destination_canonical_service',
]
const VERSIONS = ['source_canonical_revision', 'destination_canonical_revision']

/** As few labels as the view shows: what Prometheus has to add up and to send grows with each. */
const LABELS: Readonly<Record<AssembledView, { edge: readonly string[]; outcome: readonly string[] }>> = {
  namespace: { edge: EDGE, outcome: OUTCOME.filter((label) => label !== 'response_flags') },
  service: { edge: CALL, outcome: OUTCOME },
  version: { edge: [...CALL, ...VERSIONS], outcome: OUTCOME },
  workload: { edge: [...CALL, ...VERSIONS, 'destination_workload'], outcome: OUTCOME },
}
const DURATION = 'istio_request_duration_milliseconds'
const QUANTILES: Readonly<Partial<Record<LatencyStatistic, number>>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** The queries of a view: three to five, however many namespaces there are. Throws RangeError on a bad window. */
export function graphQueries(query: GraphQuery): GraphQueries {
  const { outcome, edge: labels } = LABELS[query.view]
  const edge = query.byWorkload === true ? [...new Set([...labels, 'source_workload', 'destination_workload'])] : labels
  const rates = (metric: string): string => `(${sumsOf(metric, [...edge, ...outcome], query)}) > 0`
  const durations = (part: 'bucket' | 'sum' | 'count', more: readonly string[] = []): string =>
    sumsOf(`${DURATION}_${part}`, [...edge, ...more], query)
  const quantile = QUANTILES[query.latency ?? 'none']
  return {
    requests: rates('istio_requests_total'),
    tcpSent: rates('istio_tcp_sent_bytes_total'),
    tcpReceived: rates('istio_tcp_received_bytes_total'),
    ...(quantile !== undefined && { latency: histogramQuantile(quantile, durations('bucket', ['le'])) }),
    ...(query.latency === 'mean' && { durationSum: durations('sum'), durationCount: `(${durations('count')}) > 0` }),
  }
}

/**
 * Asks for all that a graph is assembled from, at one instant (unix seconds). Where the labels of the view turn out to be
 * too few to count every request once, it asks again with the workloads. Throws PrometheusError.
 */
export async function fetchGraphSamples(
  client: PrometheusClient,
  query: GraphQuery,
  at: number,
): Promise<GraphSamples & { warnings: string[] }> {
  const asked = { ...query, replicas: query.replicas ?? (await replicaLabels(client, at)) }
  const answer = await askAll(client, graphQueries(asked), at)
  if (query.view !== 'namespace' || query.byWorkload === true || !needsWorkloads(answer)) return answer
  return askAll(client, graphQueries({ ...asked, byWorkload: true }), at)
}

async function askAll(
  client: PrometheusClient,
  queries: GraphQueries,
  at: number,
): Promise<GraphSamples & { warnings: string[] }> {
  const ask = (promql: string | undefined) => (promql === undefined ? undefined : client.query(promql, at))
  const [requests, tcpSent, tcpReceived, latency, durationSum, durationCount] = await Promise.all([
    client.query(queries.requests, at),
    client.query(queries.tcpSent, at),
    client.query(queries.tcpReceived, at),
    ask(queries.latency),
    ask(queries.durationSum),
    ask(queries.durationCount),
  ])
  const answers = [requests, tcpSent, tcpReceived, latency, durationSum, durationCount]
  return {
    requests: requests.samples,
    tcpSent: tcpSent.samples,
    tcpReceived: tcpReceived.samples,
    ...(latency && { latency: latency.samples }),
    ...(durationSum && { durationSum: durationSum.samples }),
    ...(durationCount && { durationCount: durationCount.samples }),
    warnings: [...new Set(answers.flatMap((vector) => vector?.warnings ?? []))],
  }
}

/**
 * Sums of a metric by labels, over the calls that touch the namespaces. `or` leaves out of each later sum what an
 * earlier one has, since the namespaces are among the labels.
 */
function sumsOf(metric: string, labels: readonly string[], query: GraphQuery): string {
  const { namespaces, windowSeconds, replicas = [] } = query
  const within: LabelMatchers[] =
    namespaces === undefined ? [{}] : NAMESPACES.map((label) => ({ [label]: oneOf(namespaces) }))
  return within
    .map((matchers) => {
      const rates = rate(selector(metric, matchers), windowSeconds)
      return sumBy(labels, replicas.length === 0 ? rates : maxWithout(replicas, rates))
    })
    .join(' or ')
}
