import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/** Colours of the default style that occur in YAML, and ours: key, quoted text, comment, marker, keyword, tag. */
const COLOURS: Record<string, string> = {
  '#00c': 'var(--md-link)',
  '#a11': 'var(--md-success-text)',
  '#940': 'var(--md-text-muted)',
  '#404740': 'var(--md-text-muted)',
  '#708': 'var(--md-warning-text)',
  '#085': 'var(--md-warning-text)',
  '#219': 'var(--md-warning-text)',
}

/** The default style in our colours. Its tags are taken from it, so that no further package is needed for their names. */
const highlightStyle = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => ({
    ...spec,
    ...(typeof spec['color'] === 'string' ? { color: COLOURS[spec['color']] ?? 'var(--md-text)' } : {}),
  })),
)

/** CodeMirror in the console's colours; both themes come through the variables. */
export const codeTheme: Extension = [
  EditorView.theme({
    '&': { height: '100%', fontSize: '12.5px', color: 'var(--md-text)', backgroundColor: 'var(--md-surface)' },
    '&.cm-focused': { outline: '2px solid var(--md-focus)', outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: 'var(--md-mono)', lineHeight: '1.6', overflow: 'auto' },
    '.cm-content': { caretColor: 'var(--md-text)' },
    '.cm-cursor': { borderLeftColor: 'var(--md-text)' },
    '.cm-gutters': {
      backgroundColor: 'var(--md-raised)',
      color: 'var(--md-text-muted)',
      border: 'none',
      borderRight: '1px solid var(--md-divider)',
    },
    '.cm-activeLineGutter': { backgroundColor: 'var(--md-selected)' },
    '.cm-activeLine': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLine': { boxShadow: 'inset 0 0 0 1px var(--md-divider)' },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'var(--md-selected)',
    },
    '.cm-panels': { backgroundColor: 'var(--md-raised)', color: 'var(--md-text)' },
    '.cm-panel.cm-search :is(input, button, label)': {
      fontFamily: 'var(--md-font)',
      fontSize: '12px',
      color: 'var(--md-text)',
    },
    '.cm-panel.cm-search :is(input, button)': {
      backgroundColor: 'var(--md-surface)',
      backgroundImage: 'none',
      border: '1px solid var(--md-control)',
    },
    '.cm-tooltip': {
      backgroundColor: 'var(--md-raised)',
      color: 'var(--md-text)',
      border: '1px solid var(--md-divider)',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--md-mono)', fontSize: '12.5px', maxHeight: '16em' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'var(--md-selected)',
      color: 'var(--md-text)',
    },
    '.cm-completionDetail': { color: 'var(--md-text-muted)', fontStyle: 'normal' },
    '.cm-completionInfo': { maxWidth: '420px', fontFamily: 'var(--md-font)', whiteSpace: 'pre-line' },
    '.cm-searchMatch': { backgroundColor: 'var(--md-warning-surface)', outline: '1px solid var(--md-warning)' },
    '&.cm-merge-b .cm-changedLine, .cm-insertedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--md-added)' },
    '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--md-removed)' },
    '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText, &.cm-merge-b .cm-changedText': {
      background: 'none',
      fontWeight: '700',
    },
    '.cm-deletedLine, .cm-deletedLine del': { textDecoration: 'none' },
    '.cm-collapsedLines': {
      background: 'var(--md-raised)',
      color: 'var(--md-text-muted)',
      borderBlock: '1px solid var(--md-divider)',
    },
    // The default sign is in hardly any font.
    '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"⋯"' },
  }),
  syntaxHighlighting(highlightStyle),
]
