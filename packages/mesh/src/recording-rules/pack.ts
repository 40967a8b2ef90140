import { rate, selector, sumBy } from '../promql/promql.ts'
import type { RuleFile } from '../rules/rule-file.ts'

/** How often the rules are evaluated, and the window of the rates that they record. */
export const RECORDED_EVERY_SECONDS = 30
export const RECORDED_WINDOW_SECONDS = 60

/** Tells that the rules are there and alive, and which; another version records other labels. */
export const RECORDING_MARKER = 'meshdeck:recording_rules:info'
export const RECORDING_VERSION = '1'

const CALL = [
  'reporter',
  'request_protocol',
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'source_canonical_service',
  'source_canonical_revision',
  'destination_cluster',
  'destination_workload_namespace',
  'destination_workload',
  'destination_service_namespace',
  'destination_service',
  'destination_service_name',
  'destination_canonical_service',
  'destination_canonical_revision',
]
const OUTCOME = ['response_code', 'grpc_response_status', 'response_flags', 'connection_security_policy']

/** A counter whose rates are recorded, with the labels that are kept: what pods of a workload report is added up. */
export interface RecordedMetric {
  metric: string
  name: string
  labels: readonly string[]
}

const recorded = (metric: string, labels: readonly string[]): RecordedMetric => ({
  metric,
  // Prometheus' convention: level, metric without its ending as a counter, operations.
  name: `workload:${metric.replace(/_total$/, '')}:rate1m`,
  labels,
})

/** What the graph, the overview and the figures of services ask of. A test holds their queries against it. */
export const RECORDED_METRICS: readonly RecordedMetric[] = [
  recorded('istio_requests_total', [...CALL, ...OUTCOME]),
  recorded('istio_request_duration_milliseconds_bucket', [...CALL, 'le']),
  recorded('istio_request_duration_milliseconds_sum', CALL),
  recorded('istio_request_duration_milliseconds_count', CALL),
  recorded('istio_request_bytes_sum', CALL),
  recorded('istio_response_bytes_sum', CALL),
  recorded('istio_tcp_sent_bytes_total', [...CALL, ...OUTCOME]),
  recorded('istio_tcp_received_bytes_total', [...CALL, ...OUTCOME]),
]

/** The rules that make the graph, the overview and the dashboards cheap. The marker comes last: it stands for all before it. */
export function recordingRules(): RuleFile {
  return {
    groups: [
      {
        name: 'meshdeck-recording-rules',
        interval: `${RECORDED_EVERY_SECONDS}s`,
        rules: [
          ...RECORDED_METRICS.map(({ metric, name, labels }) => ({
            record: name,
            expr: sumBy(labels, rate(selector(metric), RECORDED_WINDOW_SECONDS)),
          })),
          { record: RECORDING_MARKER, expr: 'vector(1)', labels: { version: RECORDING_VERSION } },
        ],
      },
    ],
  }
}
