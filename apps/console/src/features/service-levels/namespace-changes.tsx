import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { QueryView } from '../../components/states.tsx'
import { historyPlaces } from '../../lib/history-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { EntryAuthor, EntryOperation, EntryTime } from '../../resource-kit/history-entry.tsx'
import { historyQueries } from '../../resource-kit/history-queries.ts'
import { Card } from '../../components/card.tsx'

const SHOWN = 10

/** What was changed lately in the configuration of the service's namespace: often why a budget burns. */
export function NamespaceChanges({ namespace }: { namespace: string }) {
  const { t } = useTranslation(['service-levels', 'history'])
  const { mesh } = useMeshScope()
  const query = useQuery(
    historyQueries.list(mesh, {
      page: 1,
      pageSize: SHOWN,
      sort: '-at',
      search: '',
      namespaces: [namespace],
      clusters: [],
      kinds: [],
      authors: [],
      tools: [],
      range: 'week',
      baselines: false,
    }),
  )
  return (
    <Card title={t('changes.title', { namespace })}>
      <QueryView query={query}>
        {({ items, failures }) => (
          <>
            <FailureBanners failures={failures} onRetry={() => void query.refetch()} />
            {items.length === 0 ? (
              <p className="md-muted">{t('changes.none')}</p>
            ) : (
              <table className="md-plain-table" aria-label={t('changes.title', { namespace })}>
                <thead>
                  <tr>
                    <th scope="col">{t('history:columns.at')}</th>
                    <th scope="col">{t('history:columns.operation')}</th>
                    <th scope="col">{t('changes.object')}</th>
                    <th scope="col">{t('history:columns.author')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((entry) => (
                    <tr key={entry.id}>
                      <td>
                        <EntryTime entry={entry} />
                      </td>
                      <td>
                        <EntryOperation entry={entry} />
                      </td>
                      <td>
                        <AppLink place={historyPlaces.entry(mesh, entry.id)}>{`${entry.kind} ${entry.name}`}</AppLink>
                      </td>
                      <td>
                        <EntryAuthor entry={entry} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </>
        )}
      </QueryView>
    </Card>
  )
}
