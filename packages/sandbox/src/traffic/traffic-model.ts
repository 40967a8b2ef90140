import { labelsKey } from '../promql/labels.ts'
import { matchesAll } from '../promql/matching.ts'
import type { Labels, Matcher, Samples, Series } from '../promql/series-source.ts'
import type { PrometheusSource } from '../prometheus/query-api.ts'
import type { Clock } from '../store/cluster-api.ts'
import { CountedFlow, REQUEST_METRICS, TCP_METRICS } from './counted-flow.ts'
import { flowLabels, reportersOf } from './flow-labels.ts'
import { resolveFlows } from './resolve-flows.ts'
import type { Flow, TrafficCluster } from './resolve-flows.ts'
import type { Traffic } from './traffic.ts'

const SCRAPE_MS = 15_000
/** A change reaches the proxies after about this time. */
const SETTLES_MS = 1_000
/** How far back the traffic goes when the fleet starts. */
const HISTORY_MS = 7 * 86_400_000
/** What a change of which may change the traffic. */
const WATCHED = [
  'services',
  'pods',
  'networking.istio.io/virtualservices',
  'networking.istio.io/destinationrules',
  'networking.istio.io/serviceentries',
  'security.istio.io/authorizationpolicies',
  'security.istio.io/peerauthentications',
  'gateway.networking.k8s.io/httproutes',
]

export interface TrafficModelOptions {
  readonly traffic: Traffic
  readonly clusters: readonly TrafficCluster[]
  readonly clock: Clock
}

/**
 * The metrics of a fleet: demand carried through the configuration that holds, counted over the clock. A change of the
 * configuration shows from then on; what was counted before stays, so any past moment can be asked for.
 */
export class TrafficModel {
  readonly #options: TrafficModelOptions
  readonly #counted = new Map<string, Map<string, CountedFlow>>()
  readonly #stops: (() => void)[] = []
  #pending: (() => void) | undefined

  constructor(options: TrafficModelOptions) {
    this.#options = options
    for (const { name } of options.clusters) this.#counted.set(name, new Map())
    this.#resolve((options.clock.now() - HISTORY_MS) / 1_000)
    for (const { api } of options.clusters) {
      for (const resource of WATCHED) this.#stops.push(api.watch(resource, () => this.#changed()))
    }
  }

  /** What the Prometheus of a cluster has scraped from the proxies in it. */
  sourceOf(cluster: string): PrometheusSource {
    return {
      select: (matchers, fromMs, toMs) => this.#select(cluster, matchers, fromMs, toMs),
      metadata: () => METADATA,
    }
  }

  stop(): void {
    this.#pending?.()
    for (const stop of this.#stops) stop()
  }

  #changed(): void {
    this.#pending ??= this.#options.clock.after(SETTLES_MS, () => {
      this.#pending = undefined
      this.#resolve(this.#options.clock.now() / 1_000)
    })
  }

  #resolve(seconds: number): void {
    const now = new Map<string, Map<string, { flow: Flow; labels: Labels }>>()
    for (const flow of resolveFlows(this.#options.traffic, this.#options.clusters)) {
      for (const reporter of reportersOf(flow)) {
        const labels = flowLabels(flow, reporter)
        const cluster = (reporter === 'source' ? flow.from : (flow.to ?? flow.from)).cluster
        const flows = now.get(cluster) ?? new Map<string, { flow: Flow; labels: Labels }>()
        now.set(cluster, flows)
        const key = labelsKey(labels)
        const other = flows.get(key)?.flow
        // Two ways to the same end are one series.
        const perSecond = flow.perSecond + (other?.perSecond ?? 0)
        flows.set(key, { flow: { ...flow, perSecond }, labels })
      }
    }
    for (const [cluster, counted] of this.#counted) {
      const flows = now.get(cluster) ?? new Map<string, { flow: Flow; labels: Labels }>()
      for (const [key, known] of counted) if (!flows.has(key)) known.change(seconds, undefined)
      for (const [key, { flow, labels }] of flows) {
        let known = counted.get(key)
        if (known === undefined) counted.set(key, (known = new CountedFlow(labels, flow.protocol === 'tcp')))
        known.change(seconds, flow)
      }
    }
  }

  #select(cluster: string, matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Series[] {
    const found: Series[] = []
    const now = this.#options.clock.now()
    const names = matchers.filter(({ name }) => name === '__name__')
    const others = matchers.filter(({ name }) => name !== '__name__')
    for (const flow of this.#counted.get(cluster)?.values() ?? []) {
      const [from, until] = flow.life
      if (
        from * 1_000 > toMs ||
        until * 1_000 < fromMs ||
        !others.every((matcher) => isOfPart(matcher) || matchesAll(flow.labels, [matcher]))
      )
        continue
      for (const { name, extra, weigh } of flow.isTcp ? TCP_METRICS : REQUEST_METRICS) {
        if (!matchesAll({ __name__: name }, names)) continue
        const labels = { __name__: name, ...flow.labels, ...extra }
        if (!matchesAll(labels, others)) continue
        const first = from * 1_000
        const last = Math.min(now, until * 1_000)
        found.push({
          labels,
          samples: (start, end) =>
            scraped(Math.max(start, first), Math.min(end, last), (time) => flow.total(time / 1_000, weigh)),
        })
      }
    }
    return found
  }
}

/** A label that a flow does not have by itself. */
function isOfPart({ name }: Matcher): boolean {
  return name === 'le'
}

/** Samples at the instants of scraping, which are the multiples of its interval. */
function scraped(fromMs: number, toMs: number, valueAt: (time: number) => number): Samples {
  const timestamps: number[] = []
  const values: number[] = []
  for (let time = Math.ceil(fromMs / SCRAPE_MS) * SCRAPE_MS; time <= toMs; time += SCRAPE_MS) {
    timestamps.push(time)
    values.push(valueAt(time))
  }
  return { timestamps, values }
}

const METADATA = Object.fromEntries(
  (
    [
      ['istio_requests_total', 'counter', 'requests handled by an Istio proxy'],
      ['istio_request_duration_milliseconds', 'histogram', 'how long requests took'],
      ['istio_request_bytes', 'histogram', 'how large requests were'],
      ['istio_response_bytes', 'histogram', 'how large answers were'],
      ['istio_tcp_sent_bytes_total', 'counter', 'bytes that servers sent'],
      ['istio_tcp_received_bytes_total', 'counter', 'bytes that servers received'],
      ['istio_tcp_connections_opened_total', 'counter', 'connections opened'],
      ['istio_tcp_connections_closed_total', 'counter', 'connections closed'],
    ] as const
  ).map(([name, type, help]) => [name, { type, help, unit: '' }]),
)
