import { lazy, Suspense } from 'react'
import { useStyle } from '../lib/use-style.ts'
import css from './code.css?inline'
import { LoadingState } from './states.tsx'

const MergeDiff = lazy(() => import('./code-mirror/merge-diff.tsx').then((module) => ({ default: module.MergeDiff })))

export interface DiffViewProps {
  before: string
  after: string
  layout: 'unified' | 'side-by-side'
  /** Names both sides for screen readers. */
  labels: { before: string; after: string }
}

/** What differs between two YAML texts; unchanged parts are folded. */
export function DiffView(props: DiffViewProps) {
  useStyle(css)
  return (
    <Suspense fallback={<LoadingState rows={10} />}>
      <MergeDiff {...props} />
    </Suspense>
  )
}
