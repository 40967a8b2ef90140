import { FAILED_CODES } from '../graph/failures.ts'
import { matching, type LabelMatchers } from '../promql/promql.ts'

/** The rule of `isFailure`, as matchers; the two kinds exclude each other. */
export const FAILURES: readonly LabelMatchers[] = [
  { response_code: matching(FAILED_CODES) },
  { response_code: { op: '!~', value: FAILED_CODES }, grpc_response_status: { op: '!~', value: '|0' } },
]

/**
 * Each request once: as its client or waypoint reports it, and from the server only what has no reporting client. This is
 * what the graph shows, save servers' reports of clients that are known and silent (their proxies are not scraped).
 */
export const REPORTS: readonly LabelMatchers[] = [
  { reporter: matching('source|waypoint') },
  { reporter: 'destination', source_workload: 'unknown' },
]
