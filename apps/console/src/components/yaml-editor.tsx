import { lazy, Suspense } from 'react'
import type { JsonSchema } from '../lib/json-schema.ts'
import { useStyle } from '../lib/use-style.ts'
import css from './code.css?inline'
import { LoadingState } from './states.tsx'

const YamlView = lazy(() => import('./code-mirror/yaml-view.tsx').then((module) => ({ default: module.YamlView })))

/** A fault to be marked beside its line. */
export interface LineProblem {
  /** Counting from 1; the first line when not known. */
  line?: number | undefined
  message: string
  severity: 'error' | 'warning'
}

export interface YamlEditorProps {
  value: string
  onChange?: (text: string) => void
  /** Marked in the gutter with their words; keep the array while it says the same. */
  problems?: readonly LineProblem[]
  /** Names the field for screen readers. */
  label: string
  readOnly?: boolean
  /** Fields and values of it are offered while typing. */
  schema?: JsonSchema | undefined
}

/** Edits or shows YAML. CodeMirror is loaded when the first one is shown. */
export function YamlEditor(props: YamlEditorProps) {
  useStyle(css)
  return (
    <Suspense fallback={<LoadingState rows={10} />}>
      <YamlView {...props} />
    </Suspense>
  )
}
