import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { bracketMatching } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { PromQLExtension } from '@prometheus-io/codemirror-promql'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useHost } from '../../lib/host.ts'
import type { PromqlEditorProps } from '../promql-editor.tsx'
import { codeTheme } from './theme.ts'
import { usePhrases } from './use-phrases.ts'

/** The editor behind `PromqlEditor`, in a chunk of its own. Tab leaves it: a query is one field of a form. */
export function PromqlView({ value, onChange, onRun, names, label }: PromqlEditorProps) {
  const host = useHost()
  const phrases = usePhrases()
  const parent = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<EditorView>()
  const handleChange = useEffectEvent(onChange)
  const handleRun = useEffectEvent(onRun)
  const initial = useEffectEvent(() => ({ value, phrases }))

  useEffect(() => {
    if (!parent.current) return
    const start = initial()
    const promql = new PromQLExtension().setComplete({
      remote: {
        labelNames: (metric) => names.names(metric === undefined || metric === '' ? {} : { metric }),
        labelValues: (name, metric) =>
          names.names(metric === undefined || metric === '' ? { label: name } : { label: name, metric }),
        metricMetadata: async () =>
          Object.fromEntries(Object.entries(await names.metrics()).map(([name, about]) => [name, [about]])),
        series: async () => [],
        metricNames: () => names.names({ label: '__name__' }),
        flags: async () => ({}),
      },
    })
    const created = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: start.value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          promql.asExtension(),
          codeTheme,
          EditorState.phrases.of(start.phrases),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          ...(host?.nonce === undefined ? [] : [EditorView.cspNonce.of(host.nonce)]),
          Prec.highest(
            keymap.of([
              {
                key: 'Mod-Enter',
                run: () => {
                  handleRun()
                  return true
                },
              },
            ]),
          ),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    setView(created)
    return () => {
      created.destroy()
      promql.destroy?.()
    }
  }, [host, label, names])

  // The text may change from outside: by a link, or by going back.
  useEffect(() => {
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
  }, [view, value])

  return <div ref={parent} className="md-code" />
}
