import { findDashboard, type Dashboard } from '@meshdeck/mesh/monitoring'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState, ErrorState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { DashboardTabs } from './dashboard-tabs.tsx'
import css from './monitoring.css?inline'
import { monitoringSearch } from './monitoring-search.ts'
import { OutsideLinks } from './outside-links-menu.tsx'
import { monitoringQueries } from './queries.ts'
import { SectionView } from './section-view.tsx'
import { TimeControls } from './time-controls.tsx'
import { VariablesBar } from './variables-bar.tsx'

/** One of the dashboards; its name stands in the address. */
export function DashboardPage() {
  const { t } = useTranslation('monitoring')
  const { dashboard: id = '' }: { dashboard?: string } = useParams({ strict: false })
  const dashboard = findDashboard(id)
  if (dashboard === undefined)
    return (
      <Page title={t('title')}>
        <EmptyState title={t('unknown.title')}>{t('unknown.what', { id })}</EmptyState>
      </Page>
    )
  return <DashboardView key={id} dashboard={dashboard} />
}

function DashboardView({ dashboard }: { dashboard: Dashboard }) {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('monitoring')
  const { mesh } = useMeshScope()
  const [preferences] = usePreferences()
  const [search, setSearch] = usePageSearch(monitoringSearch)
  const { subject, sections } = dashboard
  const refreshSeconds = search.refresh < 0 ? preferences.refreshSeconds : search.refresh
  const choices = useQuery(monitoringQueries.choices(mesh, subject === undefined ? '' : search.namespace))
  const chosen = subject === undefined || (search.namespace !== '' && search.name !== '')
  const shown = sections.map((section) => ({
    section,
    open: (section.closed !== true) !== search.turned.includes(section.id),
  }))
  const queries = useQueries({
    queries: shown.map(({ section, open }) => ({
      ...monitoringQueries.section(mesh, dashboard, section.id, search, refreshSeconds),
      enabled: chosen && open,
    })),
  })
  const asked = queries.filter((_query, index) => chosen && shown[index]?.open === true)
  const [answer] = asked.flatMap(({ data }) => data ?? [])
  const error = asked.every((query) => query.isError && query.data === undefined) ? asked[0]?.error : undefined
  const handleRetry = (): void => asked.forEach((query) => void query.refetch())
  const handleZoom = useCallback((from: number, to: number) => setSearch({ from, to }), [setSearch])
  const handleTurn = (id: string): void =>
    setSearch({
      turned: search.turned.includes(id) ? search.turned.filter((each) => each !== id) : [...search.turned, id],
    })
  return (
    <Page
      title={t('title')}
      titleText={`${t('title')} · ${t(`tabs.${dashboard.id}`)}`}
      description={t(`what.${dashboard.id}`)}
      aside={<DashboardTabs current={dashboard.id} search={search} />}
      failures={asked.flatMap(({ data }) => data?.failures ?? [])}
      onRetry={handleRetry}
      actions={<OutsideLinks dashboard={dashboard} search={search} choices={choices.data} shown={answer} />}
    >
      <div className="md-stack">
        <div className="md-monitoring-bar">
          <VariablesBar dashboard={dashboard} choices={choices.data} search={search} onSearch={setSearch} />
          <TimeControls
            search={search}
            onSearch={setSearch}
            shown={answer}
            refreshSeconds={refreshSeconds}
            fetching={asked.some(({ isFetching }) => isFetching)}
            onRefresh={handleRetry}
          />
        </div>
        {answer?.within !== undefined && (
          <Alert
            type="info"
            showIcon
            title={t('within', { count: answer.within.length, namespaces: answer.within.join(', ') })}
          />
        )}
        {!chosen ? (
          <EmptyState title={t(`choose.${subject}`)}>{t('choose.what')}</EmptyState>
        ) : error ? (
          <ErrorState error={error} onRetry={handleRetry} />
        ) : (
          shown.map(({ section, open }, index) => {
            const query = queries[index]
            return (
              query && (
                <SectionView
                  key={section.id}
                  section={section}
                  open={open}
                  query={query}
                  links={choices.data?.links}
                  onTurn={() => handleTurn(section.id)}
                  onZoom={handleZoom}
                />
              )
            )
          })
        )}
        {asked.some(({ data }) => data?.recorded === true) && (
          <p className="md-muted">
            <AppLink place={places.monitoring(mesh, 'recording-rules')}>{t('recorded')}</AppLink>
          </p>
        )}
      </div>
    </Page>
  )
}
