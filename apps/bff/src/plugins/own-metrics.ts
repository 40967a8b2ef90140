import fp from 'fastify-plugin'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

declare module 'fastify' {
  interface FastifyInstance {
    /** Meshdeck's own figures, for whoever watches over Meshdeck. */
    metrics: {
      registry: Registry
      counter<Label extends string>(name: string, help: string, labels: readonly Label[]): Counter<Label>
      /** A figure that is read when it is asked for. */
      gauge(name: string, help: string, read: () => number): void
      /** The same by a label; a value that is read no more is told no more. */
      gauges(name: string, help: string, label: string, read: () => readonly (readonly [string, number])[]): void
      /** Of seconds. */
      histogram<Label extends string>(name: string, help: string, labels: readonly Label[]): Histogram<Label>
    }
  }
}

const SECONDS = [0.005, 0.025, 0.1, 0.25, 1, 5, 15]

/**
 * `/metrics` names clusters and routes, so it is closed like everything else unless `open` says that whoever reaches
 * this port may read it (default: only on loopback).
 */
export const ownMetrics = fp<{ open: boolean }>(
  async (app, { open }) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    app.decorate('metrics', {
      registry,
      counter: (name, help, labels) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
      gauge: (name, help, read) => {
        new Gauge({
          name,
          help,
          registers: [registry],
          collect() {
            this.set(read())
          },
        })
      },
      gauges: (name, help, label, read) => {
        new Gauge({
          name,
          help,
          labelNames: [label],
          registers: [registry],
          collect() {
            this.reset()
            for (const [value, number] of read()) this.set({ [label]: value }, number)
          },
        })
      },
      histogram: (name, help, labels) =>
        new Histogram({ name, help, labelNames: [...labels], buckets: [...SECONDS], registers: [registry] }),
    })
    const durations = new Histogram({
      name: 'meshdeck_bff_request_duration_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'route', 'status'],
      buckets: [...SECONDS],
      registers: [registry],
    })
    app.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none'
      durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    })
    app.get('/metrics', { config: { public: open }, schema: { hide: true } }, async (_request, reply) =>
      reply.type(registry.contentType).send(await registry.metrics()),
    )
  },
  { name: 'own-metrics' },
)
