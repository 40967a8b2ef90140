import type { Labels } from '../promql/series-source.ts'
import { bytesShareBelow, latencyShareBelow } from './latency.ts'
import type { Flow } from './resolve-flows.ts'
import { volumeAt } from './volume.ts'

/** A time during which a flow did not change. Seconds since the epoch; open at the end while it still holds. */
interface Segment {
  readonly from: number
  until: number
  readonly perSecond: number
  readonly latencyMs: Flow['latencyMs']
  readonly responseBytes: number
}

/** Counts what one reporter has seen of one kind of request, through all changes. */
export class CountedFlow {
  readonly labels: Labels
  readonly isTcp: boolean
  readonly #segments: Segment[] = []
  readonly #named = new Map<string, Labels>()

  constructor(labels: Labels, isTcp: boolean) {
    this.labels = labels
    this.isTcp = isTcp
  }

  /** Of the series of a metric. Those without a bucket are asked for most, and few. */
  labelsOf({ name, extra }: MetricPart): Labels {
    if (extra !== undefined) return { __name__: name, ...this.labels, ...extra }
    let labels = this.#named.get(name)
    if (labels === undefined) this.#named.set(name, (labels = { __name__: name, ...this.labels }))
    return labels
  }

  /** When it was first and is last seen, in seconds. */
  get life(): readonly [from: number, until: number] {
    return [this.#segments[0]?.from ?? Infinity, this.#segments.at(-1)?.until ?? -Infinity]
  }

  /** From now on so much of it; nothing when it has ended. */
  change(now: number, flow: Pick<Flow, 'perSecond' | 'latencyMs' | 'responseBytes'> | undefined): void {
    const last = this.#segments.at(-1)
    if (last?.until === Infinity) {
      const same =
        flow !== undefined &&
        flow.perSecond === last.perSecond &&
        flow.responseBytes === last.responseBytes &&
        flow.latencyMs.median === last.latencyMs.median &&
        flow.latencyMs.p99 === last.latencyMs.p99
      if (same) return
      last.until = now
    }
    if (flow === undefined) return
    const { perSecond, latencyMs, responseBytes } = flow
    this.#segments.push({ from: now, until: Infinity, perSecond, latencyMs, responseBytes })
  }

  /** What has been counted by a moment, each request weighed by what it was. */
  total(seconds: number, weigh: (segment: Pick<Flow, 'latencyMs' | 'responseBytes'>) => number): number {
    let total = 0
    for (const segment of this.#segments) {
      if (segment.from >= seconds) break
      const volume = volumeAt(Math.min(seconds, segment.until)) - volumeAt(segment.from)
      total += volume * segment.perSecond * weigh(segment)
    }
    return Math.floor(total)
  }
}

type Weigh = (flow: Pick<Flow, 'latencyMs' | 'responseBytes'>) => number

/** Upper bounds of Envoy's histograms as Istio exposes them; used for durations and sizes alike. */
const BOUNDS: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
]
const REQUEST_BYTES = 900
const ONE: Weigh = () => 1

export interface MetricPart {
  readonly name: string
  /** `le` of a bucket. */
  readonly extra?: Labels
  readonly weigh: Weigh
}

/** The metrics of a request or a connection, by name. */
export const REQUEST_METRICS: readonly MetricPart[] = [
  { name: 'istio_requests_total', weigh: ONE },
  ...histogram(
    'istio_request_duration_milliseconds',
    ({ latencyMs }, bound) => latencyShareBelow(latencyMs, bound),
    ({ latencyMs }) => latencyMs.median * 1.3,
  ),
  ...histogram(
    'istio_request_bytes',
    (_, bound) => bytesShareBelow(REQUEST_BYTES, bound),
    () => REQUEST_BYTES,
  ),
  ...histogram(
    'istio_response_bytes',
    ({ responseBytes }, bound) => bytesShareBelow(responseBytes, bound),
    ({ responseBytes }) => responseBytes,
  ),
]

export const TCP_METRICS: readonly MetricPart[] = [
  { name: 'istio_tcp_connections_opened_total', weigh: ONE },
  { name: 'istio_tcp_connections_closed_total', weigh: ONE },
  { name: 'istio_tcp_sent_bytes_total', weigh: ({ responseBytes }) => responseBytes },
  { name: 'istio_tcp_received_bytes_total', weigh: ({ responseBytes }) => responseBytes / 4 },
]

function histogram(
  name: string,
  shareBelow: (flow: Pick<Flow, 'latencyMs' | 'responseBytes'>, bound: number) => number,
  mean: Weigh,
): MetricPart[] {
  const buckets = BOUNDS.map((bound) => ({
    name: `${name}_bucket`,
    extra: { le: String(bound) },
    weigh: (flow: Pick<Flow, 'latencyMs' | 'responseBytes'>) => shareBelow(flow, bound),
  }))
  return [
    ...buckets,
    { name: `${name}_bucket`, extra: { le: '+Inf' }, weigh: ONE },
    { name: `${name}_count`, weigh: ONE },
    { name: `${name}_sum`, weigh: mean },
  ]
}
