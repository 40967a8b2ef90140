import type { PrometheusClient } from './prometheus-client.ts'
import { PrometheusError } from './prometheus-error.ts'
import { selector } from '@meshdeck/mesh/promql'

/**
 * Labels that tell apart the members of a pair for high availability, as Prometheus Operator, Thanos, Mimir and Cortex
 * write them. A store that removes duplicates itself has none of them in its answers.
 */
const REPLICA_LABELS = ['prometheus_replica', '__replica__', 'replica', 'receive_replica', 'thanos_replica'] as const

/** Long: how a store is fed changes seldom. */
const KEPT_MS = 10 * 60_000
const STEP_SECONDS = 300

interface Kept {
  labels: Promise<readonly string[]>
  until: number
}
const kept = new WeakMap<object, Kept>()

/**
 * By which labels a server holds the same series several times: those with two values or more among its targets (`up`,
 * one series each). Kept for ten minutes; asked about an instant (unix seconds). Throws PrometheusError.
 */
export function replicaLabels(
  client: PrometheusClient,
  at: number,
  now: () => number = Date.now,
): Promise<readonly string[]> {
  const server = client.server ?? client
  const known = kept.get(server)
  if (known !== undefined && known.until > now()) return known.labels
  const labels = ask(client, Math.floor(at / STEP_SECONDS) * STEP_SECONDS)
  kept.set(server, { labels, until: now() + KEPT_MS })
  labels.catch(() => kept.delete(server))
  return labels
}

async function ask(client: PrometheusClient, at: number): Promise<readonly string[]> {
  const values = new Map<string, Set<string>>()
  for (const { metric } of await groups(client, at)) {
    for (const label of REPLICA_LABELS) {
      const value = metric[label]
      if (value !== undefined && value !== '') values.set(label, (values.get(label) ?? new Set()).add(value))
    }
  }
  return [...values].flatMap(([label, seen]) => (seen.size > 1 ? [label] : []))
}

async function groups(client: PrometheusClient, at: number): Promise<{ metric: Readonly<Record<string, string>> }[]> {
  try {
    const { samples } = await client.query(`group by (${REPLICA_LABELS.join(',')}) (${selector('up')})`, at)
    return samples
  } catch (error) {
    // A store that does not know the question has its own answers to duplicates.
    if (error instanceof PrometheusError && error.kind === 'bad-query') return []
    throw error
  }
}
