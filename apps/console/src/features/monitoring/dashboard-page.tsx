import { findDashboard, panelsOf, type Dashboard } from '@meshdeck/mesh/monitoring'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { DashboardTabs } from './dashboard-tabs.tsx'
import { ExemplarsSwitch } from './exemplars-switch.tsx'
import css from './monitoring.css?inline'
import { monitoringSearch } from './monitoring-search.ts'
import { OutsideLinks } from './outside-links-menu.tsx'
import { monitoringQueries } from './queries.ts'
import { SectionList } from './section-list.tsx'
import { TimeControls } from './time-controls.tsx'
import { useSections } from './use-sections.ts'
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
  const [search, setSearch] = usePageSearch(monitoringSearch)
  const { subject } = dashboard
  const choices = useQuery(monitoringQueries.choices(mesh, subject === undefined ? '' : search.namespace))
  const chosen = subject === undefined || (search.namespace !== '' && search.name !== '')
  const questions = dashboard.sections.map((section) => ({ dashboard, section, search }))
  const sections = useSections(questions, search, setSearch, chosen)
  const { answer } = sections
  const handleZoom = useCallback((from: number, to: number) => setSearch({ from, to }), [setSearch])
  return (
    <Page
      title={t('title')}
      titleText={`${t('title')} · ${t(`tabs.${dashboard.id}`)}`}
      description={t(`what.${dashboard.id}`)}
      aside={<DashboardTabs current={dashboard.id} search={search} />}
      failures={sections.failures}
      onRetry={sections.retry}
      actions={
        dashboard.id === 'ztunnel' ? (
          <AppLink place={proxyPlaces.list(mesh, { types: 'ztunnel' })}>{t('toZtunnels')}</AppLink>
        ) : (
          <OutsideLinks dashboard={dashboard} search={search} choices={choices.data} shown={answer} />
        )
      }
    >
      <div className="md-stack">
        <div className="md-monitoring-bar">
          <VariablesBar dashboard={dashboard} choices={choices.data} search={search} onSearch={setSearch} />
          {panelsOf(dashboard).some(({ exemplars }) => exemplars !== undefined) && (
            <ExemplarsSwitch search={search} onSearch={setSearch} />
          )}
          <TimeControls
            search={search}
            onSearch={setSearch}
            shown={answer}
            refreshSeconds={sections.refreshSeconds}
            fetching={sections.fetching}
            onRefresh={sections.retry}
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
        ) : (
          <SectionList sections={sections} links={choices.data?.links} onZoom={handleZoom} />
        )}
        {sections.recorded && (
          <p className="md-muted">
            <AppLink place={places.monitoring(mesh, 'recording-rules')}>{t('recorded')}</AppLink>
          </p>
        )}
      </div>
    </Page>
  )
}
