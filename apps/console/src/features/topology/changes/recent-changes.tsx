import type { HistoryEntry } from '@meshdeck/contract'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../../components/app-link.tsx'
import { useProblemText } from '../../../components/problem-text.tsx'
import { useMeshScope } from '../../../lib/mesh-scope.ts'
import { places } from '../../../lib/places.ts'
import { ChangeLine } from './change-line.tsx'

export interface RecentChangesProps {
  /** Newest first. */
  entries: readonly HistoryEntry[]
  /** Why they are not known, if they are not. */
  error: unknown
  onRetry: () => void
}

const NAMED = 3

/** What was changed of the configuration shortly before the moment that is shown; it is read out while a replay goes on. */
export function RecentChanges({ entries, error, onRetry }: RecentChangesProps) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  const problem = useProblemText()
  if (error) {
    const { title, hint } = problem(error)
    return (
      <div className="md-topology-recent md-muted">
        {t('changes.failed')} {title} {hint}{' '}
        <Button size="small" type="link" onClick={onRetry}>
          {t('common:actions.retry')}
        </Button>
      </div>
    )
  }
  return (
    <div className="md-topology-recent" role="status" aria-label={t('changes.recent')}>
      {entries.slice(0, NAMED).map((entry) => (
        <div key={entry.id}>
          <ChangeLine entry={entry} />
        </div>
      ))}
      {entries.length > NAMED && (
        <AppLink place={places.history(mesh)}>{t('changes.more', { count: entries.length - NAMED })}</AppLink>
      )}
    </div>
  )
}
