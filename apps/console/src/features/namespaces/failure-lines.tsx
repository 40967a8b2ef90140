import type { ClusterFailure } from '@meshdeck/contract'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { StatusDot } from '../../components/status-dot.tsx'

/** What could not be asked, a line for each cluster, so that a part is never taken for the whole. */
export function FailureLines({ failures }: { failures: readonly ClusterFailure[] }) {
  const describe = useProblemText()
  return failures.map(({ cluster, problem }) => {
    const { title, detail, hint } = describe(asError(problem))
    return (
      <p key={`${cluster} ${problem.code}`}>
        <StatusDot tone="warning" reason={hint}>
          {[cluster, title, detail].filter(Boolean).join(': ')}
        </StatusDot>
      </p>
    )
  })
}
