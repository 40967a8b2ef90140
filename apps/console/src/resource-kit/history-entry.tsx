import type { HistoryEntry } from '@meshdeck/contract'
import { FIELD_MANAGER } from '@meshdeck/kube'
import Tag from 'antd/es/tag'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../components/relative-time.tsx'
import { StatusDot, type StatusTone } from '../components/status-dot.tsx'

const TONES: Readonly<Record<HistoryEntry['operation'], StatusTone>> = {
  baseline: 'unknown',
  created: 'success',
  changed: 'info',
  deleted: 'error',
}
const FIELDS_SHOWN = 2

/** What was done. */
export function EntryOperation({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation('history')
  return <StatusDot tone={TONES[entry.operation]}>{t(`operations.${entry.operation}`)}</StatusDot>
}

/** When; of what was found afterwards, when it was noticed. */
export function EntryTime({ entry: { at, noticedAt, late } }: { entry: HistoryEntry }) {
  const { t } = useTranslation('history')
  return (
    <>
      <RelativeTime at={at} />
      {late && (
        <div className="md-muted">
          {t('noticed')} <RelativeTime at={noticedAt} />
        </div>
      )}
    </>
  )
}

/** Who, and by which tool. Where the object does not tell, that is what is said. */
export function EntryAuthor({ entry: { operation, author, tool } }: { entry: HistoryEntry }) {
  const { t } = useTranslation('history')
  if (operation === 'baseline') return '–'
  const name = t(`tools.${tool}`, { defaultValue: tool })
  if (tool === 'unknown') {
    return (
      <StatusDot tone="unknown" reason={t(operation === 'deleted' ? 'unknown.deleted' : 'unknown.changed')}>
        {name}
      </StatusDot>
    )
  }
  return (
    <>
      {author !== undefined && author !== FIELD_MANAGER && <span>{author} </span>}
      {tool !== 'other' && <Tag>{name}</Tag>}
    </>
  )
}

/** What differs, in short. */
export function EntryFields({ entry: { fields, fieldCount } }: { entry: HistoryEntry }) {
  const { t } = useTranslation('history')
  if (fieldCount === 0) return '–'
  const shown = fields.slice(0, FIELDS_SHOWN)
  return (
    <>
      {shown.map((field) => (
        <div key={field}>
          <code>{field}</code>
        </div>
      ))}
      {fieldCount > shown.length && (
        <div className="md-muted">{t('moreFields', { count: fieldCount - shown.length })}</div>
      )}
    </>
  )
}
