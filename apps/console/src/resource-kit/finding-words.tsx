import type { FindingView } from '@meshdeck/contract'
import { useFindingWords } from './finding-text.tsx'

/** What several findings say, a line each. */
export function FindingWords({ findings }: { findings: readonly FindingView[] }) {
  const wordsOf = useFindingWords()
  return findings.map((finding) => <div key={`${finding.code}${finding.path}`}>{wordsOf(finding).what}</div>)
}
