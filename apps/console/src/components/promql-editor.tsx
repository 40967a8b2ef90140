import { lazy, Suspense } from 'react'
import { useStyle } from '../lib/use-style.ts'
import css from './code.css?inline'
import { LoadingState } from './states.tsx'

const PromqlView = lazy(() =>
  import('./code-mirror/promql-view.tsx').then((module) => ({ default: module.PromqlView })),
)

/** What completion asks. Names that cannot be had are none. */
export interface PromqlNames {
  /** Of metrics, labels, or values of a label; of one metric only when it is named. */
  names: (of: { label?: string; metric?: string }) => Promise<string[]>
  /** What is known of metrics by their names. */
  metrics: () => Promise<Record<string, { type: string; help: string }>>
}

export interface PromqlEditorProps {
  value: string
  onChange: (text: string) => void
  /** By Ctrl or Cmd and Enter. */
  onRun: () => void
  names: PromqlNames
  /** Names the field for screen readers. */
  label: string
}

/** Edits a query with Prometheus' own completion and checks. CodeMirror is loaded when the first one is shown. */
export function PromqlEditor(props: PromqlEditorProps) {
  useStyle(css)
  return (
    <Suspense fallback={<LoadingState rows={2} />}>
      <PromqlView {...props} />
    </Suspense>
  )
}
