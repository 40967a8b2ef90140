import { defaultKeymap, history, historyKeymap, indentLess, insertTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useHost } from '../../lib/host.ts'
import type { YamlEditorProps } from '../yaml-editor.tsx'
import { schemaCompletion } from './schema-completion.ts'
import { codeTheme } from './theme.ts'
import { usePhrases } from './use-phrases.ts'

/** Tab indents only while the caret is inside; Escape, then Tab leaves, so that a keyboard is never caught. */
const EDITING: Extension = [
  history(),
  keymap.of([
    { key: 'Tab', run: insertTab, shift: indentLess },
    ...defaultKeymap,
    ...historyKeymap,
    ...searchKeymap,
    ...foldKeymap,
  ]),
  highlightActiveLine(),
  highlightActiveLineGutter(),
]
const READING: Extension = [EditorState.readOnly.of(true), keymap.of([...searchKeymap, ...foldKeymap])]

const NO_PROBLEMS: NonNullable<YamlEditorProps['problems']> = []

/** The editor behind `YamlEditor`, in a chunk of its own. */
export function YamlView({
  value,
  onChange,
  problems = NO_PROBLEMS,
  label,
  readOnly = false,
  schema,
}: YamlEditorProps) {
  const host = useHost()
  const phrases = usePhrases()
  const parent = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<EditorView>()
  const [language] = useState(() => new Compartment())
  const [completion] = useState(() => new Compartment())
  const handleChange = useEffectEvent((text: string) => onChange?.(text))
  const initial = useEffectEvent(() => ({ value, phrases }))

  useEffect(() => {
    if (!parent.current) return
    const start = initial()
    const created = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: start.value,
        extensions: [
          lineNumbers(),
          codeFolding(),
          foldGutter(),
          lintGutter(),
          drawSelection(),
          bracketMatching(),
          highlightSelectionMatches(),
          search({ top: true }),
          yaml(),
          indentUnit.of('  '),
          codeTheme,
          language.of(EditorState.phrases.of(start.phrases)),
          completion.of([]),
          readOnly ? READING : EDITING,
          EditorView.contentAttributes.of({ 'aria-label': label, ...(readOnly ? { tabindex: '0' } : {}) }),
          ...(host?.nonce === undefined ? [] : [EditorView.cspNonce.of(host.nonce)]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    setView(created)
    return () => created.destroy()
  }, [host, label, language, completion, readOnly])

  // The text may change from outside: the form edited it, or a rebase did.
  useEffect(() => {
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } })
  }, [view, value])

  useEffect(() => {
    view?.dispatch({ effects: language.reconfigure(EditorState.phrases.of(phrases)) })
  }, [view, language, phrases])

  // It comes later than the text, and the editor does not wait for it.
  useEffect(() => {
    if (!readOnly && schema) view?.dispatch({ effects: completion.reconfigure(schemaCompletion(schema)) })
  }, [view, completion, schema, readOnly])

  useEffect(() => {
    // Marks belong to the text that they were found in.
    if (!view || view.state.doc.toString() !== value) return
    const { doc } = view.state
    const diagnostics = problems.map(({ line = 1, message, severity }): Diagnostic => {
      const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines))
      return { from, to, severity, message }
    })
    view.dispatch(setDiagnostics(view.state, diagnostics))
  }, [view, problems, value])

  return <div ref={parent} className="md-code" />
}
