import type { ClusterFailure } from '@meshdeck/contract'

/** Splits what failed: clusters that did not answer, and those whose Prometheus did not. Only the former hide objects. */
export function splitFailures(failures: readonly ClusterFailure[]): {
  clusters: ClusterFailure[]
  metrics: ClusterFailure[]
} {
  const isMetrics = ({ problem }: ClusterFailure): boolean => problem.code.startsWith('prometheus-')
  return { clusters: failures.filter((failure) => !isMetrics(failure)), metrics: failures.filter(isMetrics) }
}
