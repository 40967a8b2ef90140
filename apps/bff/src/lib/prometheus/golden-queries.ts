import { FAILURES, REPORTS } from '@meshdeck/mesh/monitoring'
import {
  histogramQuantile,
  rate,
  selector,
  startingWith,
  sumBy,
  withoutReplicas,
  type LabelMatchers,
} from '@meshdeck/mesh/promql'
import type { Points } from './prometheus-answer.ts'
import type { PrometheusClient, TimeRange } from './prometheus-client.ts'
import { replicaLabels } from './replica-labels.ts'

/** Whose traffic: what it is asked for (inbound). `cluster` is the id in Istio's labels. */
export type GoldenScope = { cluster?: string } & (
  | { kind: 'mesh' }
  | { kind: 'namespace'; namespace: string }
  | { kind: 'service'; namespace: string; name: string }
  | { kind: 'workload'; namespace: string; name: string }
)

export const GOLDEN_SIGNALS = ['requests', 'failures', 'p50', 'p90', 'p99'] as const
export type GoldenSignal = (typeof GOLDEN_SIGNALS)[number]

/** Requests and failures per second; latency in milliseconds. */
export type GoldenPoints = Record<GoldenSignal, Points>

/** The same with the share of failures 0–1, which has no point where there are no requests. */
export interface GoldenSeries {
  requestRate: Points
  errorRate: Points
  latencyP50: Points
  latencyP90: Points
  latencyP99: Points
}

/** About this many points in a chart. */
const WANTED_POINTS = 120
const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400]
/** Prometheus refuses 11,000. */
const MAX_POINTS = 10_000

/**
 * The golden signals' queries, rates averaged over the window. Series that the store holds several times, told apart by the
 * labels `replicas`, count once. Throws RangeError on a bad window.
 */
export function goldenQueries(
  scope: GoldenScope,
  windowSeconds: number,
  replicas: readonly string[] = [],
): Record<GoldenSignal, string> {
  const rates = (metric: string, outcomes: readonly LabelMatchers[] = [{}]): string => {
    const selectors = trafficOf(scope).flatMap((traffic) =>
      outcomes.map((outcome) => selector(metric, { ...traffic, ...outcome })),
    )
    return withoutReplicas(replicas, rate(selectors, windowSeconds))
  }
  const quantile = (value: number): string =>
    histogramQuantile(value, sumBy(['le'], rates('istio_request_duration_milliseconds_bucket')))
  return {
    requests: sumBy([], rates('istio_requests_total')),
    failures: sumBy([], rates('istio_requests_total', FAILURES)),
    p50: quantile(0.5),
    p90: quantile(0.9),
    p99: quantile(0.99),
  }
}

/** Asks for the signals over a range, which must be aligned (`alignRange`). Throws PrometheusError. */
export async function fetchGolden(
  client: PrometheusClient,
  scope: GoldenScope,
  range: TimeRange,
  windowSeconds: number,
): Promise<GoldenPoints & { warnings: string[] }> {
  const queries = goldenQueries(scope, windowSeconds, await replicaLabels(client, range.to))
  const answers = await Promise.all(GOLDEN_SIGNALS.map((signal) => client.queryRange(queries[signal], range)))
  const [requests = [], failures = [], p50 = [], p90 = [], p99 = []] = answers.map(({ series }) => series[0]?.points)
  const warnings = [...new Set(answers.flatMap((answer) => answer.warnings))]
  return { requests, failures, p50, p90, p99, warnings }
}

/**
 * The signals of several Prometheus servers as one: rates add up, latency is that of the slowest (a quantile of the
 * whole lies between those of the parts). One server's answer stays as it is.
 */
export function mergeGolden(parts: readonly GoldenPoints[]): GoldenSeries {
  const merge = (signal: GoldenSignal, join: (a: number, b: number) => number): Map<number, number> => {
    const merged = new Map<number, number>()
    for (const [time, value] of parts.flatMap((part) => part[signal])) {
      const other = merged.get(time)
      merged.set(time, other === undefined ? value : join(other, value))
    }
    return merged
  }
  const add = (a: number, b: number): number => a + b
  const requests = merge('requests', add)
  const failures = merge('failures', add)
  return {
    requestRate: inOrder(requests),
    errorRate: inOrder(requests).flatMap(([time, rate]) =>
      rate > 0 ? [[time, Math.min(1, (failures.get(time) ?? 0) / rate)]] : [],
    ),
    latencyP50: inOrder(merge('p50', Math.max)),
    latencyP90: inOrder(merge('p90', Math.max)),
    latencyP99: inOrder(merge('p99', Math.max)),
  }
}

/**
 * A range whose ends are multiples of its step, so that equal charts share answers and points stay where they are while
 * time goes on. The step is chosen for about 120 points when absent, and widened where Prometheus would refuse. Throws
 * RangeError when `from` is not before `to`.
 */
export function alignRange({ from, to, step }: { from: number; to: number; step?: number | undefined }): TimeRange {
  if (!(from < to)) throw new RangeError('from must be before to')
  const length = to - from
  const chosen = step ?? STEPS.find((seconds) => length / seconds <= WANTED_POINTS) ?? Math.ceil(length / WANTED_POINTS)
  const used = Math.max(chosen, Math.ceil(length / MAX_POINTS))
  return { from: Math.floor(from / used) * used, to: Math.floor(to / used) * used, step: used }
}

function trafficOf(scope: GoldenScope): LabelMatchers[] {
  return REPORTS.flatMap((report) =>
    placesOf(scope).flatMap((place) => clustersOf(scope).map((cluster) => ({ ...report, ...place, ...cluster }))),
  )
}

function placesOf(scope: GoldenScope): LabelMatchers[] {
  switch (scope.kind) {
    case 'mesh':
      return [{}]
    case 'namespace':
      return [
        { destination_workload_namespace: scope.namespace },
        // Calls that never arrived know the service only.
        { destination_workload_namespace: 'unknown', destination_service_namespace: scope.namespace },
      ]
    case 'service':
      // By host: the other labels of the service are the waypoint's own when a waypoint reports.
      return [{ destination_service: startingWith(`${scope.name}.${scope.namespace}.svc.`) }]
    case 'workload':
      return [{ destination_workload: scope.name, destination_workload_namespace: scope.namespace }]
  }
}

function clustersOf({ cluster }: GoldenScope): LabelMatchers[] {
  if (cluster === undefined) return [{}]
  return [{ destination_cluster: cluster }, { destination_cluster: 'unknown', source_cluster: cluster }]
}

function inOrder(points: ReadonlyMap<number, number>): Points {
  return [...points].toSorted(([a], [b]) => a - b)
}
