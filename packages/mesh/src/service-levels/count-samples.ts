import type { ServiceLevelSpec } from '@meshdeck/kube'
import type { Counted } from './budget.ts'
import { HOST_LABEL, thresholdOf, WINDOW_LABEL, type LevelQuery } from './level-queries.ts'

/** One element of an answer, or one moment of it. */
export interface LevelSample {
  metric: Readonly<Record<string, string>>
  value: number
}

/** Answers to `levelQueries` of one Prometheus. */
export type LevelSamples = Readonly<Partial<Record<LevelQuery, readonly LevelSample[]>>>

/**
 * What an answer says of one level by window. `isCounted` decides by cluster (undefined where the samples do not tell)
 * what belongs to it. A latency whose bucket no proxy has is left out: nothing can be said of it.
 */
export function countSamples(
  level: Pick<ServiceLevelSpec, 'service' | 'indicator'>,
  samples: LevelSamples,
  isCounted: (cluster: string | undefined) => boolean = () => true,
): Map<string, Counted> {
  const host = `${level.service.name}.${level.service.namespace}.svc.`
  const isLatency = level.indicator.type === 'Latency'
  const sums = (
    of: readonly LevelSample[] | undefined,
    also: (metric: LevelSample['metric']) => boolean = () => true,
  ) => {
    const found = new Map<string, number>()
    for (const { metric, value } of of ?? []) {
      if (metric[HOST_LABEL]?.startsWith(host) !== true || !also(metric) || !isCounted(clusterOf(metric))) continue
      const window = metric[WINDOW_LABEL] ?? ''
      found.set(window, (found.get(window) ?? 0) + value)
    }
    return found
  }
  const totals = sums(isLatency ? samples.timed : samples.total)
  const outcome = isLatency ? sums(samples.fast, ({ le }) => Number(le) === thresholdOf(level)) : sums(samples.failed)
  const counted = new Map<string, Counted>()
  for (const [window, total] of totals) {
    const other = outcome.get(window)
    if (isLatency && other === undefined) continue
    // Rates of two counters are not read at one moment in the proxies.
    const bad = isLatency ? Math.max(0, total - (other ?? 0)) : Math.min(total, other ?? 0)
    counted.set(window, { total, bad })
  }
  return counted
}

function clusterOf({ destination_cluster: served, source_cluster: asked }: LevelSample['metric']): string | undefined {
  return served === undefined || served === '' || served === 'unknown' ? asked : served
}

/** What several servers counted, as one. */
export function addCounted(parts: readonly ReadonlyMap<string, Counted>[]): Map<string, Counted> {
  const sum = new Map<string, Counted>()
  for (const [window, { total, bad }] of parts.flatMap((part) => [...part])) {
    const before = sum.get(window) ?? { total: 0, bad: 0 }
    sum.set(window, { total: before.total + total, bad: before.bad + bad })
  }
  return sum
}
