import { labelsKey } from '../promql/labels.ts'
import { matchesAll } from '../promql/matching.ts'
import type { Labels, Matcher, Samples, Series } from '../promql/series-source.ts'
import type { PrometheusSource } from '../prometheus/query-api.ts'
import { sameJson } from '../json.ts'
import type { Clock, ObjectChange } from '../store/cluster-api.ts'
import { COMPONENT_METADATA, ComponentMetrics } from './component-metrics.ts'
import { CONTAINER_METADATA, ContainerUsage } from './container-usage.ts'
import { CountedFlow, REQUEST_METRICS, TCP_METRICS } from './counted-flow.ts'
import type { MetricPart } from './counted-flow.ts'
import { flowId, flowLabels, reportersOf } from './flow-labels.ts'
import type { Reporter } from './flow-labels.ts'
import { resolveFlows } from './resolve-flows.ts'
import type { Flow, TrafficCluster } from './resolve-flows.ts'
import type { Traffic } from './traffic.ts'
import { isReady } from './workloads.ts'

const SCRAPE_MS = 15_000
/** A change reaches the proxies after about this time. */
const SETTLES_MS = 1_000
/** Times as long as a look at the configuration took, the next one waits. */
const REST = 10
/** How far back the traffic goes when the fleet starts. */
const HISTORY_MS = 7 * 86_400_000
/** What a change of which may change the traffic. */
const WATCHED = [
  'namespaces',
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
  readonly #usage = new Map<string, ContainerUsage>()
  readonly #components = new Map<string, ComponentMetrics>()
  readonly #stops: (() => void)[] = []
  readonly #known = new Map<string, { readonly labels: Labels; readonly key: string }>()
  #pending: (() => void) | undefined
  /** Milliseconds that the last look at the whole configuration took. */
  #costMs = 0

  constructor(options: TrafficModelOptions) {
    this.#options = options
    const { clock } = options
    const since = clock.now() - HISTORY_MS
    for (const { name, api } of options.clusters) {
      this.#counted.set(name, new Map())
      const usage = new ContainerUsage({ api, clock, since, scraped })
      this.#usage.set(name, usage)
      this.#components.set(name, new ComponentMetrics({ api, clock, usage, scraped }))
    }
    this.#resolve(since / 1_000)
    for (const { api } of options.clusters) {
      for (const resource of WATCHED) {
        this.#stops.push(
          api.watch(resource, (change) => {
            if (mayChangeTraffic(change)) this.#changed()
          }),
        )
      }
    }
  }

  /** What the Prometheus of a cluster has scraped: from the proxies in it, from istiod, and from the kubelets of what they use. */
  sourceOf(cluster: string): PrometheusSource {
    return {
      select: (matchers, fromMs, toMs) => [
        ...this.#select(cluster, matchers, fromMs, toMs),
        ...(this.#usage.get(cluster)?.select(matchers, fromMs, toMs) ?? []),
        ...(this.#components.get(cluster)?.select(matchers, fromMs, toMs) ?? []),
      ],
      metadata: () => METADATA,
    }
  }

  stop(): void {
    this.#pending?.()
    for (const stop of this.#stops) stop()
    for (const usage of this.#usage.values()) usage.stop()
  }

  /** Looks at the configuration at once, for who has changed it and does not wait. */
  settle(): void {
    this.#pending?.()
    this.#pending = undefined
    this.#resolve(this.#options.clock.now() / 1_000)
  }

  #changed(): void {
    // A large fleet takes its time, and must have time left for its API servers.
    this.#pending ??= this.#options.clock.after(Math.max(SETTLES_MS, this.#costMs * REST), () => {
      this.#pending = undefined
      const began = performance.now()
      this.#resolve(this.#options.clock.now() / 1_000)
      this.#costMs = performance.now() - began
    })
  }

  #resolve(seconds: number): void {
    const now = new Map<string, Map<string, { flow: Flow; labels: Labels }>>()
    for (const flow of resolveFlows(this.#options.traffic, this.#options.clusters)) {
      for (const reporter of reportersOf(flow)) {
        const { labels, key } = this.#labelsOf(flow, reporter)
        const cluster = (reporter === 'source' ? flow.from : (flow.to ?? flow.from)).cluster
        const flows = now.get(cluster) ?? new Map<string, { flow: Flow; labels: Labels }>()
        now.set(cluster, flows)
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
        if (known === undefined)
          counted.set(key, (known = new CountedFlow(labels, labels['request_protocol'] === 'tcp')))
        known.change(seconds, flow)
      }
    }
  }

  /** Most flows are the same as before, and their labels are many. */
  #labelsOf(flow: Flow, reporter: Reporter): { readonly labels: Labels; readonly key: string } {
    const id = flowId(flow, reporter)
    let known = this.#known.get(id)
    if (known === undefined) {
      const labels = flowLabels(flow, reporter)
      this.#known.set(id, (known = { labels, key: labelsKey(labels) }))
    }
    return known
  }

  #select(cluster: string, matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Series[] {
    const found: Series[] = []
    const now = this.#options.clock.now()
    const ofPart = matchers.filter(({ name }) => PART_LABELS.has(name))
    const ofFlow = matchers.filter(({ name }) => !PART_LABELS.has(name))
    const fitting = (parts: readonly MetricPart[]): readonly MetricPart[] =>
      parts.filter(({ name, extra = NO_LABELS }) => matchesAll({ __name__: name, ...extra }, ofPart))
    const requests = fitting(REQUEST_METRICS)
    const connections = fitting(TCP_METRICS)
    for (const flow of this.#counted.get(cluster)?.values() ?? []) {
      const parts = flow.isTcp ? connections : requests
      if (parts.length === 0) continue
      const [from, until] = flow.life
      const first = from * 1_000
      if (first > toMs || until * 1_000 < fromMs || !matchesAll(flow.labels, ofFlow)) continue
      const last = Math.min(now, until * 1_000)
      for (const part of parts) {
        found.push({
          labels: flow.labelsOf(part),
          samples: (start, end) =>
            scraped(Math.max(start, first), Math.min(end, last), (time) => flow.total(time / 1_000, part.weigh)),
        })
      }
    }
    return found
  }
}

const NO_LABELS: Labels = {}
/** Labels that a flow does not have by itself. */
const PART_LABELS: ReadonlySet<string> = new Set(['__name__', 'le'])

/** Pods and namespaces are told from what they were only by what calls depend on; Services and rules by all that they say. */
function mayChangeTraffic({ resource, object, previous }: ObjectChange): boolean {
  if (previous === undefined) return true
  if (object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp) return true
  const relabelled = !sameJson(object.metadata.labels, previous.metadata.labels)
  if (resource === 'namespaces') return relabelled
  if (resource !== 'pods') return object.spec !== previous.spec && !sameJson(object.spec, previous.spec)
  return relabelled || isReady(object) !== isReady(previous)
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

const METADATA = {
  ...CONTAINER_METADATA,
  ...COMPONENT_METADATA,
  ...Object.fromEntries(
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
  ),
}
