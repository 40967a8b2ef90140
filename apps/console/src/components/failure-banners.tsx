import type { ClusterFailure } from '@meshdeck/contract'
import { lazy, Suspense } from 'react'
import type { LostCluster } from '../lib/events.ts'

/** Loaded when something is amiss. */
const FailureBanner = lazy(() => import('./failure-banner.tsx').then((module) => ({ default: module.FailureBanner })))

export interface FailureBannersProps {
  failures: readonly (ClusterFailure | LostCluster)[]
  onRetry?: (() => void) | undefined
}

/** One banner for each cluster that did not answer, so that a partial result is never taken for the whole. */
export function FailureBanners({ failures, onRetry }: FailureBannersProps) {
  const byCluster = new Map<string, ClusterFailure | LostCluster>(failures.map((failure) => [failure.cluster, failure]))
  if (byCluster.size === 0) return null
  return (
    <Suspense fallback={null}>
      {[...byCluster.values()]
        .toSorted((a, b) => a.cluster.localeCompare(b.cluster))
        .map((failure) => (
          <FailureBanner key={failure.cluster} failure={failure} onRetry={onRetry} />
        ))}
    </Suspense>
  )
}
