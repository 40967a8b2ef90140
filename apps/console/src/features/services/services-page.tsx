import type { ServiceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { asError, useProblemText } from '../../components/problem-text.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { TagList } from '../../resource-kit/column-cell.tsx'
import {
  serviceKey,
  trafficByService,
  trafficQueries,
  type ServiceTraffic,
} from '../../resource-kit/service-traffic.ts'
import { serviceQueries } from './queries.ts'
import { useServiceActions } from './service-actions.ts'
import { ServiceFilters, type ServiceFilterValue } from './service-filters.tsx'
import { ServiceHealth } from './service-health.tsx'
import { ServicePorts } from './service-ports.tsx'

interface ServicesSearch extends ListSearch, ServiceFilterValue {}

const schema = searchSchema<ServicesSearch>({
  ...listParams(),
  namespaces: param.list(),
  clusters: param.list(),
  statuses: param.list(),
  labels: param.text(),
})
const DOCS = 'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/'
const NO_ROWS: readonly ServiceView[] = []

/** All services of the mesh: how each is, whether its pods are in the mesh, and what it answers now. */
export function ServicesPage() {
  useStyle(kitCss)
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(serviceQueries.list(mesh, search))
  const { traffic, note } = useTraffic(query.data?.items ?? NO_ROWS)
  const columns = useColumns(mesh, traffic)
  const actions = useServiceActions(query.data?.items ?? NO_ROWS)
  return (
    <Page
      title={t('title')}
      description={note === undefined ? t('what') : `${t('what')} ${note}`}
      docs={DOCS}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      <DataTable<ServiceView>
        id="services"
        label={t('title')}
        columns={columns}
        query={query}
        rowKey={serviceKey}
        rowName={(row) => row.name}
        rowActions={actions}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('filters.search')}
        filters={<ServiceFilters value={search} onChange={(change) => setSearch({ ...change, page: 1 })} />}
        onClearFilters={() =>
          setSearch({ namespaces: [], clusters: [], statuses: [], labels: '', search: '', page: 1 })
        }
        empty={<EmptyState title={t('empty.title')}>{t('empty.what')}</EmptyState>}
      />
    </Page>
  )
}

/** What the services of the page answer now, in one question; and why that is not known, where it is not. */
function useTraffic(rows: readonly ServiceView[]): {
  traffic: ReadonlyMap<string, ServiceTraffic> | undefined
  note: string | undefined
} {
  const { t } = useTranslation('services')
  const describe = useProblemText()
  const { mesh } = useMeshScope()
  const [{ refreshSeconds }] = usePreferences()
  const namespaces = rows.map(({ namespace }) => namespace)
  const { data, error } = useQuery({
    ...trafficQueries.services(mesh, { namespaces, refreshSeconds }),
    enabled: rows.length > 0,
  })
  const traffic = useMemo(() => data && trafficByService(data), [data])
  const failed = data?.failures.find(({ problem }) => problem.code.startsWith('prometheus-'))
  if (error) return { traffic, note: t('noTraffic', { reason: describe(error).title }) }
  if (failed)
    return {
      traffic,
      note: t('noTrafficOf', { cluster: failed.cluster, reason: describe(asError(failed.problem)).title }),
    }
  return { traffic, note: undefined }
}

function useColumns(mesh: string, traffic: ReadonlyMap<string, ServiceTraffic> | undefined): DataColumn<ServiceView>[] {
  const { t } = useTranslation('services')
  const format = useFormat()
  const trafficOf = (row: ServiceView): ServiceTraffic | undefined => traffic?.get(serviceKey(row))
  return [
    {
      id: 'name',
      title: t('glossary:name'),
      fixed: true,
      sortable: true,
      render: (row) => (
        <AppLink place={places.service(mesh, row.namespace, row.name)} className="md-row-name">
          {row.name}
        </AppLink>
      ),
    },
    { id: 'namespace', title: t('glossary:namespace'), sortable: true, render: (row) => row.namespace },
    { id: 'cluster', title: t('columns.clusters'), sortable: true, render: (row) => format.list(row.clusters) },
    { id: 'status', title: t('columns.health'), sortable: true, render: (row) => <ServiceHealth service={row} /> },
    { id: 'requests', title: t('columns.requests'), render: (row) => format.rate(trafficOf(row)?.requestRate) },
    { id: 'errors', title: t('columns.errors'), render: (row) => format.percent(trafficOf(row)?.errorRate) },
    { id: 'latency', title: t('columns.latency'), render: (row) => format.duration(trafficOf(row)?.latencyMs) },
    {
      id: 'pods',
      title: t('columns.ready'),
      sortable: true,
      render: (row) => (row.pods === 0 ? '–' : t('readyOf', { ready: row.readyPods, count: row.pods })),
    },
    {
      id: 'injectedPods',
      title: t('columns.sidecars'),
      sortable: true,
      render: (row) => (row.pods === 0 ? '–' : t('readyOf', { ready: row.injectedPods, count: row.pods })),
    },
    { id: 'type', title: t('columns.type'), sortable: true, render: (row) => row.type },
    { id: 'ports', title: t('columns.ports'), render: (row) => <ServicePorts ports={row.ports} /> },
    {
      id: 'versions',
      title: t('columns.versions'),
      render: (row) => (row.versions.length === 0 ? '–' : <TagList texts={row.versions} />),
    },
    { id: 'created', title: t('glossary:created'), sortable: true, render: (row) => <RelativeTime at={row.created} /> },
  ]
}
