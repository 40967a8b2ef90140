import type { ServiceLevelSpec } from '@meshdeck/kube'
import { FAILURES, REPORTS } from '../monitoring/reports.ts'
import {
  maxWithout,
  oneOf,
  quoteRegex,
  rate,
  selector,
  sumBy,
  withLabel,
  type LabelMatchers,
} from '../promql/promql.ts'

export const REQUESTS = 'istio_requests_total'
export const DURATION_COUNT = 'istio_request_duration_milliseconds_count'
export const DURATION_BUCKET = 'istio_request_duration_milliseconds_bucket'
/** Added to tell the windows of one answer apart. */
export const WINDOW_LABEL = 'window'
export const HOST_LABEL = 'destination_service'
const CLUSTER_LABELS = ['destination_cluster', 'source_cluster'] as const

/** What levels are counted by. `failed` and `total` are of availability, `fast` and `timed` of latency. */
export type LevelQuery = 'total' | 'failed' | 'timed' | 'fast'

type Level = Pick<ServiceLevelSpec, 'service' | 'indicator'>

/** A window by the name that its samples bear. */
export interface QueryWindow {
  id: string
  seconds: number
}

export interface LevelQueryOptions {
  /** Tell the clusters apart: the server holds several. */
  byCluster?: boolean
  /** Labels by which the server holds series twice or more; such series count once. */
  replicas?: readonly string[]
}

/**
 * PromQL for several levels and several windows at once: two queries for all availabilities, two for all latencies. Rates
 * per second by host, window, bucket (latency) and, on demand, cluster. A kind of which there is no level has no query.
 */
export function levelQueries(
  levels: readonly Level[],
  windows: readonly QueryWindow[],
  { byCluster = false, replicas = [] }: LevelQueryOptions = {},
): Partial<Record<LevelQuery, string>> {
  const by = [HOST_LABEL, ...(byCluster ? CLUSTER_LABELS : [])]
  const inWindows = (promql: (seconds: number) => string): string =>
    windows.map(({ id, seconds }) => withLabel(promql(seconds), WINDOW_LABEL, id)).join(' or ')
  const available = levels.filter(({ indicator }) => indicator.type === 'Availability')
  const timely = levels.filter(({ indicator }) => indicator.type === 'Latency')
  const sum = (of: readonly Level[], metric: string, outcomes: readonly LabelMatchers[], labels = by) =>
    inWindows((seconds) => {
      const rates = rate(selectorsOf(metric, of, outcomes), seconds)
      return sumBy(labels, replicas.length === 0 ? rates : maxWithout(replicas, rates))
    })
  const thresholds = timely.map(thresholdOf)
  return {
    ...(available.length > 0 && {
      total: sum(available, REQUESTS, [{}]),
      failed: sum(available, REQUESTS, FAILURES),
    }),
    ...(timely.length > 0 && {
      timed: sum(timely, DURATION_COUNT, [{}]),
      fast: sum(timely, DURATION_BUCKET, [{ le: bucketsAt(...thresholds) }], [...by, 'le']),
    }),
  }
}

/** Milliseconds that a latency is held to. */
export const thresholdOf = ({ indicator }: Pick<ServiceLevelSpec, 'indicator'>): number =>
  indicator.thresholdMilliseconds ?? 0

/** Prometheus 2 keeps a bound as it was scraped (`250`), 3 writes it as a float (`250.0`). */
export const bucketsAt = (...thresholds: readonly number[]) =>
  oneOf(thresholds.flatMap((threshold) => [String(threshold), `${threshold}.0`]))

/** Each request to the services once. By host: the other labels are the waypoint's own when a waypoint reports. */
export function selectorsOf(
  metric: string,
  levels: readonly Pick<ServiceLevelSpec, 'service'>[],
  outcomes: readonly LabelMatchers[],
  places: readonly LabelMatchers[] = [{}],
): string[] {
  const hosts = [...new Set(levels.map(({ service }) => `${service.name}.${service.namespace}.svc.`))].toSorted()
  const host = { op: '=~', value: hosts.map((prefix) => `${quoteRegex(prefix)}.+`).join('|') } as const
  return REPORTS.flatMap((report) =>
    places.flatMap((place) =>
      outcomes.map((outcome) => selector(metric, { ...report, [HOST_LABEL]: host, ...place, ...outcome })),
    ),
  )
}

/** Requests that are served in some clusters; calls that never arrived are their callers'. */
export function placesIn(clusters: readonly string[] | undefined): LabelMatchers[] {
  if (clusters === undefined || clusters.length === 0) return [{}]
  return [{ destination_cluster: oneOf(clusters) }, { destination_cluster: 'unknown', source_cluster: oneOf(clusters) }]
}
