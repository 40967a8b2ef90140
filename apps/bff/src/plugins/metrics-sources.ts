import fp from 'fastify-plugin'
import { isRecord, MESHDECK_NAMESPACE, type Cluster } from '@meshdeck/kube'
import type { AddressPolicy, ClusterRegistry, ResourceClient } from '@meshdeck/kube-client'
import {
  createPrometheusClient,
  type PrometheusAuth,
  type PrometheusClient,
} from '../lib/prometheus/prometheus-client.ts'
import { PrometheusError } from '../lib/prometheus/prometheus-error.ts'

/** One Prometheus, and the clusters that it holds metrics of. */
export interface MetricsSource {
  client: PrometheusClient
  clusters: readonly string[]
  /** Clusters that were not asked about and name the same Prometheus, so that it holds metrics of them too. */
  others: readonly string[]
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The Prometheus servers of clusters; one that several name is asked once. Those without one are in `failures`. */
    metricsSources(clusters: readonly string[]): Promise<{
      sources: MetricsSource[]
      failures: { cluster: string; error: unknown }[]
    }>
  }
}

/** Prometheus by the address in a Cluster's record. Its credential is read by Meshdeck itself and stays here. */
export const metricsSources = fp<{ registry: ClusterRegistry; hub: ResourceClient; policy: AddressPolicy }>(
  async (app, { registry, hub, policy }) => {
    const clients = new Map<string, Promise<PrometheusClient>>()
    const queries = app.metrics.counter('meshdeck_bff_prometheus_queries_total', 'Queries asked of Prometheus', [
      'result',
    ])

    async function authOf({ metadata, spec }: Cluster): Promise<PrometheusAuth> {
      const name = spec.prometheus?.auth?.secretRef.name
      if (name === undefined) return { kind: 'none' }
      const { data } = await hub.get('Secret', { namespace: MESHDECK_NAMESPACE, name })
      const read = (key: string): string | undefined => {
        const value = isRecord(data) ? data[key] : undefined
        return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined
      }
      const [token, username, password] = [read('token'), read('username'), read('password')]
      if (token !== undefined) return { kind: 'bearer', token }
      if (username !== undefined && password !== undefined) return { kind: 'basic', username, password }
      throw new PrometheusError(
        'absent',
        `The Secret ${name} of cluster ${metadata.name} needs a key "token", or "username" and "password"`,
      )
    }

    async function create(cluster: Cluster, url: string): Promise<PrometheusClient> {
      const client = createPrometheusClient({ url, auth: await authOf(cluster), policy })
      const counted =
        <Args extends unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
        async (...args: Args): Promise<Result> => {
          try {
            const answer = await ask(...args)
            queries.inc({ result: 'ok' })
            return answer
          } catch (error) {
            queries.inc({ result: error instanceof PrometheusError ? error.kind : 'error' })
            throw error
          }
        }
      return {
        ...client,
        query: counted(client.query),
        queryRange: counted(client.queryRange),
        names: counted(client.names),
        metadata: counted(client.metadata),
      }
    }

    function clientOf(cluster: Cluster, url: string): Promise<PrometheusClient> {
      const key = JSON.stringify([url, cluster.spec.prometheus?.auth?.secretRef.name])
      const known = clients.get(key)
      if (known !== undefined) return known
      const client = create(cluster, url)
      clients.set(key, client)
      client.catch(() => clients.delete(key))
      return client
    }

    app.decorate('metricsSources', async (names: readonly string[]) => {
      const failures: { cluster: string; error: unknown }[] = []
      const byClient = new Map<PrometheusClient, string[]>()
      for (const name of names) {
        const cluster = registry.get(name)
        const url = cluster?.spec.prometheus?.url
        try {
          if (cluster === undefined || url === undefined)
            throw new PrometheusError('absent', `Cluster ${name} has no Prometheus address (spec.prometheus.url)`)
          const client = await clientOf(cluster, url)
          byClient.set(client, [...(byClient.get(client) ?? []), name])
        } catch (error) {
          failures.push({ cluster: name, error })
        }
      }
      const addressOf = (name: string): string | undefined => registry.get(name)?.spec.prometheus?.url
      const sources = [...byClient].map(([client, clusters]) => {
        const addresses = new Set(clusters.map(addressOf))
        const others = registry.names().filter((name) => !names.includes(name) && addresses.has(addressOf(name)))
        return { client, clusters, others }
      })
      return { sources, failures }
    })
    app.addHook('onClose', async () => {
      const open = await Promise.allSettled(clients.values())
      await Promise.all(open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)))
    })
  },
  { name: 'metrics-sources', dependencies: ['own-metrics'] },
)
