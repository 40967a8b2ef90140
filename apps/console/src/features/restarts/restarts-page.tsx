import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { restartPlaces } from '../../lib/restart-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { RestartPhaseDot } from '../../resource-kit/restart-phase.tsx'
import { restartQueries } from '../../resource-kit/restart-queries.ts'

/** Restarts of a mesh, under way and finished. */
export function RestartsPage() {
  useStyle(kitCss)
  const { t } = useTranslation('restarts')
  const { mesh } = useMeshScope()
  const query = useQuery(restartQueries.list(mesh))
  const workloads = <AppLink place={places.sidecarWorkloads(mesh)}>{t('toWorkloads')}</AppLink>
  return (
    <Page title={t('title')} description={t('what')} actions={workloads}>
      {query.isPending ? (
        <LoadingState />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data.items.length === 0 ? (
        <EmptyState title={t('none')} action={workloads}>
          {t('noneWhat')}
        </EmptyState>
      ) : (
        <>
          <table className="md-plain-table" aria-label={t('title')}>
            <thead>
              <tr>
                <th scope="col">{t('columns.name')}</th>
                <th scope="col">{t('columns.phase')}</th>
                <th scope="col">{t('columns.progress')}</th>
                <th scope="col">{t('columns.asked')}</th>
                <th scope="col">{t('columns.finished')}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.items.map(({ name, phase, done, failed, total, createdAt, finishedAt }) => (
                <tr key={name}>
                  <td>
                    <AppLink place={restartPlaces.one(mesh, name)}>{name}</AppLink>
                  </td>
                  <td>
                    <RestartPhaseDot phase={phase} />
                  </td>
                  <td>
                    {t('doneOf', { done, count: total })}
                    {failed > 0 && <> · {t('failed', { count: failed })}</>}
                  </td>
                  <td>
                    <RelativeTime at={createdAt} />
                  </td>
                  <td>
                    <RelativeTime at={finishedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="md-muted">{t('kept')}</p>
        </>
      )}
    </Page>
  )
}
