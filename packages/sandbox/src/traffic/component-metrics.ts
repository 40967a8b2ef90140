import { matchesAll } from '../promql/matching.ts'
import type { Labels, Matcher, Samples, Series } from '../promql/series-source.ts'
import type { ClusterApi, Clock } from '../store/cluster-api.ts'
import type { ContainerUsage, Run } from './container-usage.ts'
import { ISTIOD_METRICS } from './istiod-metrics.ts'
import { PROXY_METRICS } from './proxy-metrics.ts'
import { ZTUNNEL_METRICS } from './ztunnel-metrics.ts'

/** A metric of a program's own, as Prometheus scrapes it. */
export interface ComponentMetric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly parts: (context: ComponentContext) => readonly ComponentPart[]
}

/** One series of it. */
export interface ComponentPart {
  /** After the metric's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
  readonly labels?: Labels
  /** At a moment, in milliseconds since the epoch. */
  readonly valueAt: (timeMs: number) => number
}

export interface ComponentContext {
  readonly run: Run
  readonly api: ClusterApi
  /** Pods with a proxy that run now. */
  readonly proxies: number
}

interface Component {
  readonly app: string
  readonly port: number
  readonly runs: (run: Run) => boolean
  readonly metrics: readonly ComponentMetric[]
}

const isZtunnel = ({ image }: Run): boolean => /\/ztunnel(:|@|$)/.test(image)

const COMPONENTS: readonly Component[] = [
  { app: 'istiod', port: 15_014, runs: ({ container }) => container === 'discovery', metrics: ISTIOD_METRICS },
  { app: 'ztunnel', port: 15_020, runs: isZtunnel, metrics: ZTUNNEL_METRICS },
  {
    app: '',
    port: 15_020,
    runs: (run) => run.container === 'istio-proxy' && !isZtunnel(run),
    metrics: PROXY_METRICS,
  },
]

export const COMPONENT_METADATA = Object.fromEntries(
  COMPONENTS.flatMap(({ metrics }) => metrics).map(({ name, type, help }) => [name, { type, help, unit: '' }]),
)

export interface ComponentMetricsOptions {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly usage: ContainerUsage
  readonly scraped: (fromMs: number, toMs: number, valueAt: (timeMs: number) => number) => Samples
}

/**
 * What istiod, ztunnel and the proxies of one cluster say of themselves. As with containers nothing is kept: who ran is
 * known from their pods, how much there is to do from what the cluster holds now, and a value is made from its moment.
 */
export class ComponentMetrics {
  readonly #options: ComponentMetricsOptions

  constructor(options: ComponentMetricsOptions) {
    this.#options = options
  }

  select(matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Series[] {
    const ofName = matchers.filter(({ name }) => name === '__name__')
    const rest = matchers.filter(({ name }) => name !== '__name__')
    const wanted = COMPONENTS.map((component) => ({
      ...component,
      metrics: component.metrics.filter(({ name, type }) =>
        namesOf(name, type).some((each) => matchesAll({ __name__: each }, ofName)),
      ),
    })).filter(({ metrics }) => metrics.length > 0)
    if (wanted.length === 0) return []
    const { api, clock, usage, scraped } = this.#options
    const now = clock.now()
    const runs = [...usage.runs(fromMs, toMs)]
    const proxies = runs.filter((run) => run.until > now && run.container === 'istio-proxy').length
    const found: Series[] = []
    for (const { app, port, runs: isOf, metrics } of wanted) {
      for (const run of runs.filter(isOf)) {
        const own = {
          ...(app === '' ? {} : { app }),
          instance: `${run.pod}:${port}`,
          job: 'kubernetes-pods',
          namespace: run.namespace,
          pod: run.pod,
        }
        const last = Math.min(now, run.until)
        for (const { name, parts } of metrics) {
          for (const { suffix = '', labels = {}, valueAt } of parts({ run, api, proxies })) {
            const all = { __name__: name + suffix, ...own, ...labels }
            if (!matchesAll(all, ofName) || !matchesAll(all, rest)) continue
            found.push({
              labels: all,
              samples: (start, end) => scraped(Math.max(start, run.from), Math.min(end, last), valueAt),
            })
          }
        }
      }
    }
    return found
  }
}

const namesOf = (name: string, type: ComponentMetric['type']): readonly string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name]
