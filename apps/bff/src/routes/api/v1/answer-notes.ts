import type { ClusterFailure } from '@meshdeck/contract'
import { problemOf } from '../../../lib/problem.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'

/** What is to be said beside a Prometheus' answers, for each cluster that it speaks of: they are there, but not as they should be. */
export function notesOf({ clusters, notes }: Pick<MetricsSource, 'clusters' | 'notes'>): ClusterFailure[] {
  const seconds = (kind: 'stale' | 'clock'): number[] =>
    notes.flatMap((note) => (note.kind === kind ? [note.seconds] : []))
  const oldest = Math.max(0, ...seconds('stale'))
  const [skew] = seconds('clock')
  const words = [...new Set(notes.flatMap((note) => (note.kind === 'partial' ? [note.words] : [])))]
  return clusters.flatMap((cluster) => [
    ...(oldest === 0
      ? []
      : [
          {
            cluster,
            problem: problemOf('prometheus-stale', `These figures came ${oldest} s ago`, {
              cluster,
              params: { seconds: oldest },
            }),
          },
        ]),
    ...(words.length === 0
      ? []
      : [{ cluster, problem: problemOf('prometheus-partial', words.slice(0, 5).join('\n'), { cluster }) }]),
    ...(skew === undefined
      ? []
      : [
          {
            cluster,
            problem: problemOf(
              'prometheus-clock',
              `The clock of Prometheus is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} that of Meshdeck`,
              { cluster, params: { seconds: Math.abs(skew) } },
            ),
          },
        ]),
  ])
}
