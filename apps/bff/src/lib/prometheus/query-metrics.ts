import type { FastifyInstance } from 'fastify'
import type { QueryObserver } from './governor/query-load.ts'
import type { PooledPrometheus } from './prometheus-pool.ts'

/** Meshdeck's own load on each Prometheus, for `/metrics`. */
export interface QueryMetrics {
  observe(id: string): QueryObserver
  forget(id: string): void
}

/** Registers the figures; `all` are the Prometheus servers of this moment. */
export function createQueryMetrics(
  metrics: FastifyInstance['metrics'],
  all: () => readonly PooledPrometheus[],
): QueryMetrics {
  const queries = metrics.counter('meshdeck_bff_prometheus_queries_total', 'Questions sent to Prometheus', [
    'prometheus',
    'result',
  ])
  const answers = metrics.counter('meshdeck_bff_prometheus_answers_total', 'Questions answered, and from where', [
    'prometheus',
    'source',
  ])
  const refused = metrics.counter('meshdeck_bff_prometheus_refused_total', 'Questions that were not sent, and why', [
    'prometheus',
    'reason',
  ])
  const bytes = metrics.counter('meshdeck_bff_prometheus_answer_bytes_total', 'Bytes of the answers of Prometheus', [
    'prometheus',
  ])
  const seconds = metrics.histogram('meshdeck_bff_prometheus_query_duration_seconds', 'Time that Prometheus took', [
    'prometheus',
  ])
  const now = (name: string, help: string, read: (one: PooledPrometheus) => number): void =>
    metrics.gauges(name, help, 'prometheus', () => all().map((one) => [one.id, read(one)] as const))
  now('meshdeck_bff_prometheus_in_flight', 'Questions under way', ({ governor }) => governor.report().running)
  now(
    'meshdeck_bff_prometheus_queued',
    'Questions that wait for their turn',
    ({ governor }) => governor.report().waiting,
  )
  now('meshdeck_bff_prometheus_cache_bytes', 'Answers that are kept', ({ governor }) => governor.report().cacheBytes)
  now('meshdeck_bff_prometheus_up', 'Whether it is asked, and not spared for failing', ({ governor }) =>
    governor.report().circuit.state === 'closed' ? 1 : 0,
  )

  return {
    observe: (prometheus) => ({
      answered: (source) => answers.inc({ prometheus, source }),
      refused: (reason) => refused.inc({ prometheus, reason }),
      sent(query) {
        queries.inc({ prometheus, result: query.result })
        seconds.observe({ prometheus }, query.ms / 1000)
        bytes.inc({ prometheus }, query.bytes)
      },
    }),
    forget(prometheus) {
      seconds.remove({ prometheus })
      bytes.remove({ prometheus })
      for (const source of ['sent', 'shared', 'kept', 'stale']) answers.remove({ prometheus, source })
      for (const reason of ['cost', 'queue', 'down']) refused.remove({ prometheus, reason })
      for (const result of RESULTS) queries.remove({ prometheus, result })
    },
  }
}

const RESULTS = ['ok', 'unreachable', 'timeout', 'bad-query', 'overloaded', 'busy', 'too-costly', 'absent']
