import { queryPaths, type QueryOverview } from '@meshdeck/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { places } from '../../lib/places.ts'
import { FLEET } from '../../lib/query-keys.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import css from './queries.css?inline'
import { ServerCard } from './server-card.tsx'

const REFRESH_MS = 10_000

const overview = queryOptions({
  queryKey: [FLEET, 'Cluster', 'queries'] as const,
  queryFn: ({ signal }) => api.get<QueryOverview>(queryPaths.load, { signal }),
  refetchInterval: REFRESH_MS,
})

/** What Meshdeck asks of each Prometheus, and what bounds it. */
export function QueriesPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('queries')
  const query = useQuery(overview)
  return (
    <Page title={t('title')} description={t('what')}>
      <QueryView query={query}>
        {({ servers, hidden, limits }) => (
          <>
            {servers.length === 0 ? (
              <EmptyState
                title={t('empty.title')}
                action={<AppLink place={places.clusters()}>{t('empty.action')}</AppLink>}
              >
                {t('empty.what')}
              </EmptyState>
            ) : (
              servers.map((server) => (
                <ServerCard key={server.id ?? server.clusters.join(' ')} server={server} now={query.dataUpdatedAt} />
              ))
            )}
            {hidden > 0 && <p className="md-muted">{t('hidden', { count: hidden })}</p>}
            <Limits limits={limits} />
            <p className="md-muted">{t('replica')}</p>
          </>
        )}
      </QueryView>
    </Page>
  )
}

function Limits({ limits }: Pick<QueryOverview, 'limits'>) {
  const { t } = useTranslation('queries')
  const id = useId()
  return (
    <section className="md-card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{t('limits.title')}</h2>
      </header>
      <p className="md-card-body md-muted">{t('limits.what')}</p>
      <table className="md-plain-table" aria-labelledby={id}>
        <thead>
          <tr>
            {(['limit', 'value', 'flag', 'env'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`limits.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {limits.map(({ flag, value }) => (
            <tr key={flag}>
              <td>{t(`limits.names.${flag}`)}</td>
              <td>{value === undefined ? t('limits.none') : t(`limits.units.${unitOf(flag)}`, { value })}</td>
              <td>
                <code>--{flag}</code>
              </td>
              <td>
                <code>MESHDECK_{flag.replaceAll('-', '_').toUpperCase()}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function unitOf(flag: string): 'seconds' | 'mib' | 'count' {
  if (flag.endsWith('-mib')) return 'mib'
  return /-(deadline|stale|scrape-interval)$/.test(flag) ? 'seconds' : 'count'
}
