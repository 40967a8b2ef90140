import { useTranslation } from 'react-i18next'
import { useEventState } from '../lib/events.ts'
import { useFormat } from '../lib/format.ts'
import { StatusDot } from './status-dot.tsx'

export interface FreshnessProps {
  query: { isFetching: boolean; isError: boolean; dataUpdatedAt: number }
  /** Rows that match; rows that there are. */
  total: number | undefined
  all: number | undefined
  /** Whether changes come by themselves. */
  live?: boolean
}

/** How many, and how fresh: `12 of 430, live`. */
export function Freshness({ query, total, all, live = true }: FreshnessProps) {
  const { t } = useTranslation()
  const { connection } = useEventState()
  const format = useFormat()
  if (total === undefined || all === undefined) return null
  const state = query.isError ? 'stale' : connection === 'live' ? 'live' : 'waiting'
  return (
    <span className="md-freshness" aria-live="polite">
      {total === all ? t('list.count', { count: all }) : t('list.countOf', { total, count: all })}
      {live && (
        <StatusDot
          tone={state === 'live' ? 'success' : state === 'waiting' ? 'unknown' : 'warning'}
          reason={t(`list.freshness.${state}Reason`, { at: format.time(query.dataUpdatedAt) })}
        >
          {t(`list.freshness.${state}`)}
        </StatusDot>
      )}
    </span>
  )
}
