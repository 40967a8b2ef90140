import { PROXY_STATES, type ProxyView } from '@meshdeck/contract'
import { XDS_TYPES } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { EmptyState } from '../../components/states.tsx'
import { listParams } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { param, searchSchema, usePageSearch, type SetSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { proxyQueries, type ProxySearch } from './queries.ts'
import { ProxyStateDot, XdsStateDot } from './sync-state.tsx'

/** The worst in front. */
const schema = searchSchema<ProxySearch>({
  ...listParams('-state'),
  namespaces: param.list(),
  clusters: param.list(),
  states: param.list(),
  types: param.list(),
})
const DOCS = 'https://istio.io/latest/docs/ops/diagnostic-tools/proxy-cmd/'
const TYPES = ['sidecar', 'router', 'waypoint', 'ztunnel'] as const

/** Every proxy of the mesh: who serves it, and whether it uses what it was sent. */
export function ProxiesPage() {
  useStyle(kitCss)
  const { t } = useTranslation('proxies')
  const { mesh, clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(proxyQueries.list(mesh, search))
  const elsewhere = query.data?.elsewhere ?? 0
  return (
    <Page
      title={t('title')}
      description={t('what')}
      docs={DOCS}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={<AppLink place={places.monitoring(mesh, 'control-plane')}>{t('toControlPlane')}</AppLink>}
    >
      {elsewhere > 0 && <p className="md-muted">{t('elsewhere', { count: elsewhere })}</p>}
      <DataTable<ProxyView>
        id="proxies"
        label={t('title')}
        columns={useColumns(mesh)}
        query={query}
        rowKey={({ cluster, namespace, pod, istiod }) => `${cluster} ${namespace}/${pod} ${istiod?.pod ?? ''}`}
        rowName={({ pod }) => pod}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('search')}
        filters={<Filters search={search} onChange={setSearch} counts={query.data?.states ?? {}} />}
        onClearFilters={() => setSearch({ namespaces: [], clusters: [], states: [], types: [], search: '', page: 1 })}
        empty={
          <EmptyState
            title={t('empty.title')}
            action={<AppLink place={places.sidecarNamespaces(mesh)}>{t('empty.action')}</AppLink>}
          >
            {t('empty.what')}
          </EmptyState>
        }
      />
      <CommandBox command={clusters.map((cluster) => `istioctl --context ${cluster} proxy-status`).join('\n')} />
    </Page>
  )
}

interface FiltersProps {
  search: ProxySearch
  onChange: SetSearch<ProxySearch>
  /** Proxies by state. */
  counts: Readonly<Record<string, number>>
}

function Filters({ search, onChange, counts }: FiltersProps) {
  const { t } = useTranslation('proxies')
  const { clusters } = useMeshScope()
  return (
    <>
      <NamespaceFilter value={search.namespaces} onChange={(namespaces) => onChange({ namespaces, page: 1 })} />
      {clusters.length > 1 && (
        <MultiFilter
          label={t('glossary:cluster')}
          all={t('allClusters')}
          value={search.clusters}
          options={asOptions(clusters)}
          onChange={(next) => onChange({ clusters: next, page: 1 })}
        />
      )}
      <MultiFilter
        label={t('columns.state')}
        all={t('allStates')}
        value={search.states}
        options={PROXY_STATES.toReversed().map((value) => ({
          value,
          label: `${t(`states.${value}`)} (${counts[value] ?? 0})`,
        }))}
        onChange={(states) => onChange({ states, page: 1 })}
      />
      <MultiFilter
        label={t('columns.type')}
        all={t('allTypes')}
        value={search.types}
        options={TYPES.map((value) => ({ value, label: t(`types.${value}`) }))}
        onChange={(types) => onChange({ types, page: 1 })}
      />
    </>
  )
}

function useColumns(mesh: string): DataColumn<ProxyView>[] {
  const { t } = useTranslation('proxies')
  return [
    {
      id: 'name',
      title: t('columns.pod'),
      fixed: true,
      sortable: true,
      render: ({ cluster, namespace, pod, type }) => (
        <>
          <AppLink
            place={proxyPlaces.one(mesh, { cluster, namespace, pod }, type === 'ztunnel' ? 'workloads' : 'listeners')}
            className="md-row-name"
          >
            {pod}
          </AppLink>
          <div className="md-muted">{namespace}</div>
        </>
      ),
    },
    {
      id: 'state',
      title: t('columns.state'),
      fixed: true,
      sortable: true,
      render: (row) => <ProxyStateDot proxy={row} />,
    },
    ...XDS_TYPES.map((type): DataColumn<ProxyView> => ({
      id: type,
      title: type,
      render: (row) => <XdsStateDot proxy={row} type={type} />,
    })),
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: ({ cluster }) => cluster },
    {
      id: 'type',
      title: t('columns.type'),
      sortable: true,
      render: ({ type }) => t([`types.${type}`, 'types.other'], { type }),
    },
    { id: 'version', title: t('columns.version'), sortable: true, render: ({ version }) => version ?? '–' },
    { id: 'istiod', title: 'istiod', sortable: true, render: ({ istiod }) => istiod?.pod ?? '–' },
    {
      id: 'connectedAt',
      title: t('columns.connectedAt'),
      sortable: true,
      render: ({ connectedAt }) => <RelativeTime at={connectedAt} />,
    },
  ]
}
