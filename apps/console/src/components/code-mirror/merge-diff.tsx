import { yaml } from '@codemirror/lang-yaml'
import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useHost } from '../../lib/host.ts'
import type { DiffViewProps } from '../diff-view.tsx'
import { codeTheme } from './theme.ts'
import { usePhrases } from './use-phrases.ts'

const COLLAPSE = { margin: 4, minSize: 8 }

/** The diff behind `DiffView`, in a chunk of its own. */
export function MergeDiff({ before, after, layout, labels }: DiffViewProps) {
  const host = useHost()
  const phrases = usePhrases()
  const parent = useRef<HTMLDivElement>(null)
  const { before: beforeLabel, after: afterLabel } = labels

  useEffect(() => {
    if (!parent.current) return
    const extensions = (label: string): Extension => [
      lineNumbers(),
      yaml(),
      codeTheme,
      EditorState.readOnly.of(true),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.lineWrapping,
      ...(host?.nonce === undefined ? [] : [EditorView.cspNonce.of(host.nonce)]),
    ]
    const view =
      layout === 'unified'
        ? new EditorView({
            parent: parent.current,
            doc: after,
            extensions: [
              extensions(afterLabel),
              unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: COLLAPSE, gutter: true }),
            ],
          })
        : new MergeView({
            parent: parent.current,
            a: { doc: before, extensions: extensions(beforeLabel) },
            b: { doc: after, extensions: extensions(afterLabel) },
            collapseUnchanged: COLLAPSE,
          })
    return () => view.destroy()
  }, [before, after, layout, beforeLabel, afterLabel, phrases, host])

  return <div ref={parent} className="md-code md-code-diff" />
}
