import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'

/** Columns that say how something is, and in which words of the proxy's that is well or bad. */
const TONES: Readonly<Record<string, Readonly<Record<string, StatusTone>>>> = {
  status: {
    HEALTHY: 'success',
    UNHEALTHY: 'error',
    DEGRADED: 'warning',
    DRAINING: 'warning',
    TIMEOUT: 'error',
    // ztunnel's
    Healthy: 'success',
    Unhealthy: 'error',
  },
  // The reason stands behind a colon.
  certificateState: { Available: 'success', Initializing: 'warning', Unavailable: 'error' },
  outlier: { OK: 'success', FAILED: 'error' },
  valid: { valid: 'success', invalid: 'error', warming: 'warning' },
  state: { active: 'success', static: 'unknown', warming: 'warning', draining: 'warning', rejected: 'error' },
}
const DATES = new Set(['notAfter', 'notBefore'])

/** One cell of a section; nothing is an en dash. */
export function ConfigCell({ column, value }: { column: string; value: string | number | undefined }) {
  const { t } = useTranslation('proxies')
  const format = useFormat()
  if (value === undefined || value === '') return '–'
  const text = String(value)
  if (DATES.has(column)) return <time dateTime={text}>{format.dateTime(text)}</time>
  const tones = TONES[column]
  if (tones !== undefined) {
    const word = column === 'valid' || column === 'state' ? t([`words.${text}`, 'words.other'], { text }) : text
    return <StatusDot tone={tones[text.split(':', 1)[0] ?? ''] ?? 'unknown'}>{word}</StatusDot>
  }
  return <span className="md-config-cell">{text}</span>
}
