import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** CodeMirror's own words that a reader of YAML meets. */
const PHRASES = [
  'Find',
  'Replace',
  'next',
  'previous',
  'all',
  'match case',
  'regexp',
  'by word',
  'replace',
  'replace all',
  'close',
  'current match',
  'on line',
  'Fold line',
  'Unfold line',
  'folded code',
  'unfold',
  'Diagnostics',
  'No diagnostics',
  'Completions',
  '$ unchanged lines',
] as const

/** CodeMirror's words in the language in force. */
export function usePhrases(): Record<string, string> {
  const { t } = useTranslation('editor')
  return useMemo(
    () => Object.fromEntries(PHRASES.map((phrase) => [phrase, t(`phrases.${phrase.replaceAll(' ', '-')}`)])),
    [t],
  )
}
