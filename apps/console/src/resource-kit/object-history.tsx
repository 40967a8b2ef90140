import type { HistoryEntry } from '@meshdeck/contract'
import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { FailureBanners } from '../components/failure-banners.tsx'
import { EmptyState, QueryView } from '../components/states.tsx'
import { historyPlaces } from '../lib/history-places.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { EntryAuthor, EntryFields, EntryOperation, EntryTime } from './history-entry.tsx'
import { historyQueries } from './history-queries.ts'

/** All that is known of the changes of one object. */
export function ObjectHistory({ target }: { target: ResourceRef }) {
  const { t } = useTranslation('history')
  const { mesh } = useMeshScope()
  const query = useQuery(historyQueries.of(mesh, target))
  return (
    <QueryView query={query}>
      {({ items, failures }) => (
        <div className="md-stack">
          <FailureBanners failures={failures} onRetry={() => void query.refetch()} />
          {items.length === 0 ? (
            <EmptyState title={t('empty.object')}>{t('empty.objectWhat')}</EmptyState>
          ) : (
            <section className="md-card">
              <table className="md-field-changes" aria-label={t('ofObject', { name: target.name })}>
                <thead>
                  <tr>
                    <th scope="col">{t('columns.at')}</th>
                    <th scope="col">{t('columns.operation')}</th>
                    <th scope="col">{t('columns.author')}</th>
                    <th scope="col">{t('columns.change')}</th>
                    <th scope="col">{t('columns.reason')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((entry) => (
                    <EntryRow key={entry.id} mesh={mesh} entry={entry} />
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </div>
      )}
    </QueryView>
  )
}

function EntryRow({ mesh, entry }: { mesh: string; entry: HistoryEntry }) {
  const { t } = useTranslation('history')
  return (
    <tr>
      <td>
        <EntryTime entry={entry} />
      </td>
      <td>
        <EntryOperation entry={entry} />{' '}
        <AppLink place={historyPlaces.entry(mesh, entry.id)}>{t('open', { number: entry.number })}</AppLink>
      </td>
      <td>
        <EntryAuthor entry={entry} />
      </td>
      <td>
        <EntryFields entry={entry} />
      </td>
      <td>{entry.reason ?? '–'}</td>
    </tr>
  )
}
