import { serviceDashboard, workloadDashboard, type Section } from '@meshdeck/mesh/monitoring'
import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { ExemplarsSwitch } from './exemplars-switch.tsx'
import css from './monitoring.css?inline'
import { keptSearch, monitoringSearch } from './monitoring-search.ts'
import { monitoringQueries } from './queries.ts'
import { SectionList } from './section-list.tsx'
import { TimeControls } from './time-controls.tsx'
import { useSections } from './use-sections.ts'

export interface ServiceChartsProps {
  namespace: string
  name: string
  /** Names of the workloads behind it: what they ask of others is shown too. */
  workloads: readonly string[]
}

const workloadSearch = searchSchema<{ workload: string }>({ workload: param.text() })
/** Seldom wanted beside the service itself, so it asks nothing until somebody opens it. */
const OUTBOUND: readonly Section[] = workloadDashboard.sections.filter(({ id }) => id === 'outbound')

/** The charts of one service, for its own page: as its clients and as it sees itself, by caller, and what it calls. */
export function ServiceCharts({ namespace, name, workloads }: ServiceChartsProps) {
  useStyle(css)
  const { t } = useTranslation('service-tabs')
  const { mesh } = useMeshScope()
  const [found, setSearch] = usePageSearch(monitoringSearch)
  const [{ workload: wanted }, setWorkload] = usePageSearch(workloadSearch)
  const search = useMemo(() => ({ ...found, namespace, name }), [found, namespace, name])
  const workload = workloads.find((each) => each === wanted) ?? workloads[0]
  const choices = useQuery(monitoringQueries.choices(mesh, namespace))
  const sections = useSections(
    [
      ...serviceDashboard.sections.map((section) => ({ dashboard: serviceDashboard, section, search })),
      ...(workload === undefined ? [] : OUTBOUND).map((section) => ({
        dashboard: workloadDashboard,
        section,
        search: { ...search, name: workload ?? '' },
      })),
    ],
    search,
    setSearch,
  )
  const handleZoom = useCallback((from: number, to: number) => setSearch({ from, to }), [setSearch])
  return (
    <div className="md-stack">
      <div className="md-monitoring-bar">
        <div className="md-monitoring-variables">
          {workloads.length > 1 && (
            <Select
              aria-label={t('charts.outboundOf')}
              value={workload ?? ''}
              popupMatchSelectWidth={false}
              options={workloads.map((each) => ({ value: each, label: t('charts.of', { name: each }) }))}
              onChange={(next) => setWorkload({ workload: next })}
            />
          )}
          <AppLink place={places.monitoring(mesh, 'services', { ...keptSearch(search), namespace, name })}>
            {t('charts.whole')}
          </AppLink>
          <ExemplarsSwitch search={search} onSearch={setSearch} />
        </div>
        <TimeControls
          search={search}
          onSearch={setSearch}
          shown={sections.answer}
          refreshSeconds={sections.refreshSeconds}
          fetching={sections.fetching}
          onRefresh={sections.retry}
        />
      </div>
      <FailureBanners failures={sections.failures} onRetry={sections.retry} />
      <SectionList sections={sections} links={choices.data?.links} onZoom={handleZoom} />
    </div>
  )
}
