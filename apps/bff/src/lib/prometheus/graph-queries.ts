import type { GraphSamples, GraphView } from '@meshdeck/mesh'
import type { PrometheusClient } from './prometheus-client.ts'
import { histogramQuantile, oneOf, rate, selector, sumBy, type LabelMatchers } from '@meshdeck/mesh/promql'

export interface GraphQuery {
  view: GraphView
  /** Seconds that rates are averaged over; at least four scrapes (`rateWindow`). */
  windowSeconds: number
  /** Only calls from or to these; all when absent. Throws RangeError when empty. */
  namespaces?: readonly string[]
  /** Ask for p95 as well; the histogram is about 20 times the size of the counter. */
  latency?: boolean
}

export interface GraphQueries {
  requests: string
  tcpSent: string
  tcpReceived: string
  latency?: string
}

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

/** As few labels as the view shows: what Prometheus has to add up and to send grows with each. */
const LABELS: Readonly<Record<GraphView, { edge: readonly string[]; outcome: readonly string[] }>> = {
  namespace: { edge: EDGE, outcome: OUTCOME.filter((label) => label !== 'response_flags') },
  service: { edge: CALL, outcome: OUTCOME },
  workload: {
    edge: [...CALL, 'source_canonical_revision', 'destination_workload', 'destination_canonical_revision'],
    outcome: OUTCOME,
  },
}

/** The queries of a view: three or four, however many namespaces there are. Throws RangeError on a bad window. */
export function graphQueries(query: GraphQuery): GraphQueries {
  const { edge, outcome } = LABELS[query.view]
  const rates = (metric: string): string => `(${sumsOf(metric, [...edge, ...outcome], query)}) > 0`
  const buckets = (): string => sumsOf('istio_request_duration_milliseconds_bucket', [...edge, 'le'], query)
  return {
    requests: rates('istio_requests_total'),
    tcpSent: rates('istio_tcp_sent_bytes_total'),
    tcpReceived: rates('istio_tcp_received_bytes_total'),
    ...(query.latency === true && { latency: histogramQuantile(0.95, buckets()) }),
  }
}

/** Asks for all that a graph is assembled from, at one instant (unix seconds). Throws PrometheusError. */
export async function fetchGraphSamples(
  client: PrometheusClient,
  query: GraphQuery,
  at: number,
): Promise<GraphSamples & { warnings: string[] }> {
  const queries = graphQueries(query)
  const [requests, tcpSent, tcpReceived, latency] = await Promise.all([
    client.query(queries.requests, at),
    client.query(queries.tcpSent, at),
    client.query(queries.tcpReceived, at),
    queries.latency === undefined ? undefined : client.query(queries.latency, at),
  ])
  const warnings = [requests, tcpSent, tcpReceived, latency].flatMap((vector) => vector?.warnings ?? [])
  return {
    requests: requests.samples,
    tcpSent: tcpSent.samples,
    tcpReceived: tcpReceived.samples,
    ...(latency !== undefined && { latency: latency.samples }),
    warnings: [...new Set(warnings)],
  }
}

/**
 * Sums of a metric by labels, over the calls that touch the namespaces. `or` leaves out of each later sum what an
 * earlier one has, since the namespaces are among the labels.
 */
function sumsOf(metric: string, labels: readonly string[], { namespaces, windowSeconds }: GraphQuery): string {
  const within: LabelMatchers[] =
    namespaces === undefined ? [{}] : NAMESPACES.map((label) => ({ [label]: oneOf(namespaces) }))
  return within.map((matchers) => sumBy(labels, rate(selector(metric, matchers), windowSeconds))).join(' or ')
}
