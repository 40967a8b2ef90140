import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { isRecord, type PrometheusSettings } from '@meshdeck/kube'
import type { AddressPolicy, ClusterRegistry, ResourceClient } from '@meshdeck/kube-client'
import type { AnswerNote, Asker } from '../lib/prometheus/governor/asker.ts'
import type { QueryLimits } from '../lib/prometheus/governor/query-limits.ts'
import type { PrometheusClient } from '../lib/prometheus/prometheus-client.ts'
import { PrometheusError } from '../lib/prometheus/prometheus-error.ts'
import { createPrometheusPool, type PooledPrometheus } from '../lib/prometheus/prometheus-pool.ts'
import { createQueryMetrics } from '../lib/prometheus/query-metrics.ts'
import { createSharedGraphs, type SharedGraphs } from '../lib/shared-graphs.ts'

/** One Prometheus, and the clusters that it holds metrics of. */
export interface MetricsSource {
  client: PrometheusClient
  clusters: readonly string[]
  /** Clusters that were not asked about and name the same Prometheus, so that it holds metrics of them too. */
  others: readonly string[]
  /** What was to be said beside its answers so far. */
  notes: readonly AnswerNote[]
}

/** A Prometheus with all clusters of the hub that name it; without a client where there cannot be one. */
export type PrometheusServer = { clusters: readonly string[] } & (
  | { prometheus: PooledPrometheus; error?: undefined }
  | { prometheus?: undefined; error: unknown }
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Graphs that are shared by all who ask the same. */
    sharedGraphs: SharedGraphs
    /** The Prometheus servers of clusters; one that several name is asked once. Those without one are in `failures`. */
    metricsSources(
      clusters: readonly string[],
      asker?: Asker,
    ): Promise<{ sources: MetricsSource[]; failures: { cluster: string; error: unknown }[] }>
    /** All Prometheus servers that clusters name. */
    prometheusServers(): Promise<PrometheusServer[]>
  }
  interface FastifyRequest {
    /** Questions to a Prometheus on behalf of this request; they end with it. */
    asker(): Asker
  }
}

/** For finding out that two addresses lead to one server; after that they are taken for two. */
const IDENTITY_PATIENCE_MS = 1_500
/** A question about a moment longer ago is not about now. */
const LIVE_SECONDS = 120

export interface MetricsSourcesOptions {
  registry: ClusterRegistry
  hub: ResourceClient
  policy: AddressPolicy
  limits: QueryLimits
}

/** Prometheus by the settings in a Cluster's record. Its credential is read by Meshdeck itself and stays here. */
export const metricsSources = fp<MetricsSourcesOptions>(
  async (app, { registry, hub, policy, limits }) => {
    const metrics = createQueryMetrics(app.metrics, () => pool.all())
    const pool = createPrometheusPool({ hub, policy, limits, observe: metrics.observe, forgotten: metrics.forget })
    app.addHook('onClose', () => pool.close())

    const sharedGraphs = createSharedGraphs(limits)
    app.decorate('sharedGraphs', sharedGraphs)
    app.metrics.gauge('meshdeck_bff_graph_cache_bytes', 'Graphs that are kept, about', () => sharedGraphs.bytes)

    const settingsOf = (name: string): PrometheusSettings | undefined => registry.get(name)?.spec.prometheus

    const addressOf = (name: string): string | undefined =>
      URL.parse(settingsOf(name)?.url ?? '')?.href.replace(/\/+$/, '')

    /** Clusters by their Prometheus; `failures` are those without one. */
    async function serversOf(names: readonly string[]) {
      const failures: { cluster: string; error: unknown }[] = []
      const found = await Promise.all(
        names.map(async (cluster) => {
          try {
            const settings = settingsOf(cluster)
            if (settings === undefined)
              throw new PrometheusError('absent', `Cluster ${cluster} has no Prometheus address (spec.prometheus.url)`)
            return [{ cluster, settings, prometheus: await pool.of(settings) }]
          } catch (error) {
            failures.push({ cluster, error })
            return []
          }
        }),
      )
      const identity = await identitiesOf(found.flat())
      const groups = Map.groupBy(found.flat(), ({ prometheus }) => identity.get(prometheus) ?? prometheus.id)
      const servers = [...groups.values()].flatMap((members) => {
        const [first] = members
        return first === undefined
          ? []
          : [{ prometheus: first.prometheus, clusters: members.map(({ cluster }) => cluster) }]
      })
      return { servers, failures }
    }

    /** One process that is reached by several addresses, without a tenant, is one Prometheus: else it would count twice. */
    async function identitiesOf(
      found: readonly { settings: PrometheusSettings; prometheus: PooledPrometheus }[],
    ): Promise<ReadonlyMap<PooledPrometheus, string>> {
      const plain = new Set(
        found.filter(({ settings }) => !settings.headers?.length).map(({ prometheus }) => prometheus),
      )
      if (plain.size < 2) return new Map()
      const entries = await Promise.all(
        [...plain].map(async (prometheus) => {
          const instance = await within(IDENTITY_PATIENCE_MS, prometheus.governor.facts())
          return [prometheus, instance?.instance] as const
        }),
      )
      return new Map(
        entries.flatMap(([prometheus, instance]) => (instance === undefined ? [] : [[prometheus, instance]])),
      )
    }

    app.decorate('metricsSources', async (names: readonly string[], asker?: Asker) => {
      const { servers, failures } = await serversOf(names)
      const sources = servers.map(({ prometheus, clusters }): MetricsSource => {
        const notes: AnswerNote[] = []
        const client =
          asker === undefined
            ? prometheus.governor
            : prometheus.governor.as({ ...asker, note: (note) => void notes.push(note) })
        const addresses = new Set(clusters.map(addressOf))
        const others = registry.names().filter((name) => !names.includes(name) && addresses.has(addressOf(name)))
        return { client, clusters, others, notes }
      })
      return { sources, failures }
    })

    app.decorate('prometheusServers', async () => {
      const { servers, failures } = await serversOf(registry.names().filter((name) => settingsOf(name) !== undefined))
      return [...servers, ...failures.map(({ cluster, error }) => ({ clusters: [cluster], error }))]
    })

    const gone = new WeakMap<FastifyRequest, AbortController>()
    app.addHook('onRequestAbort', async (request) => {
      gone.get(request)?.abort(new PrometheusError('timeout', 'Nobody waits for the answer any more'))
    })
    app.decorateRequest('asker', function (this: FastifyRequest): Asker {
      const controller = gone.get(this) ?? new AbortController()
      gone.set(this, controller)
      const session = `${this.caller.mode} ${this.caller.user.name}`
      return { session, priority: 'interactive', live: isLive(this.query), signal: controller.signal }
    })
  },
  { name: 'metrics-sources', dependencies: ['own-metrics', 'session'] },
)

/** Whoever names a moment gets the figures of that moment or none. */
function isLive(query: unknown): boolean {
  const { at, to } = isRecord(query) ? query : {}
  if (at !== undefined) return false
  return to === undefined || Number(to) > Date.now() / 1000 - LIVE_SECONDS
}

async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
