import type { ServiceInstance, ServiceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { localPage, type LocalReader } from '../../lib/local-page.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { serviceTabQueries } from './tab-queries.ts'

interface InstancesSearch extends ListSearch {
  clusters: string[]
  versions: string[]
}

const schema = searchSchema<InstancesSearch>({ ...listParams(), clusters: param.list(), versions: param.list() })

/** Everything that answers for the service, in all clusters: pods, machines, and addresses that somebody wrote down. */
export function InstancesTab({ service: { namespace, name, clusters } }: { service: ServiceView }) {
  const { t } = useTranslation('service-tabs')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(serviceTabQueries.instances(mesh, namespace, name))
  const columns = useColumns()
  const page = useMemo(() => {
    const wanted = ({ cluster, version = '' }: ServiceInstance): boolean =>
      (search.clusters.length === 0 || search.clusters.includes(cluster)) &&
      (search.versions.length === 0 || search.versions.includes(version))
    return query.data && localPage(query.data.items, search, READER, wanted)
  }, [query.data, search])
  const versions = [...new Set((query.data?.items ?? []).flatMap(({ version }) => version ?? []))].toSorted()
  return (
    <div className="md-stack">
      <FailureBanners failures={query.data?.failures ?? []} onRetry={() => void query.refetch()} />
      <DataTable<ServiceInstance>
        id="service-instances"
        label={t('instances.title')}
        columns={columns}
        query={{ ...query, data: page }}
        rowKey={({ cluster, kind, name: own, address }) => [cluster, kind, own, address].join('/')}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('instances.search')}
        filters={
          <>
            {clusters.length > 1 && (
              <MultiFilter
                label={t('glossary:cluster')}
                all={t('instances.allClusters')}
                value={search.clusters}
                options={asOptions(clusters)}
                onChange={(next) => setSearch({ clusters: next, page: 1 })}
              />
            )}
            {versions.length > 1 && (
              <MultiFilter
                label={t('versions.version')}
                all={t('instances.allVersions')}
                value={search.versions}
                options={asOptions(versions)}
                onChange={(next) => setSearch({ versions: next, page: 1 })}
              />
            )}
          </>
        }
        onClearFilters={() => setSearch({ clusters: [], versions: [], search: '', page: 1 })}
        empty={<EmptyState title={t('instances.none')}>{t('instances.noneHint')}</EmptyState>}
      />
    </div>
  )
}

const READER: LocalReader<ServiceInstance> = {
  sort: {
    name: ({ name }) => name,
    address: ({ address }) => address,
    state: ({ ready }) => Number(ready),
    version: ({ version }) => version,
    cluster: ({ cluster }) => cluster,
    node: ({ node }) => node,
    locality: ({ region, zone }) => [region, zone].filter(Boolean).join('/') || undefined,
    restarts: ({ restarts }) => restarts,
  },
  texts: ({ name, address, node, workload, problem }) => [name, address, node, workload, problem],
}

function useColumns(): DataColumn<ServiceInstance>[] {
  const { t } = useTranslation('service-tabs')
  const { mesh } = useMeshScope()
  return [
    {
      id: 'name',
      title: t('instances.columns.name'),
      fixed: true,
      sortable: true,
      render: ({ cluster, namespace, name, kind, workload, proxy }) => (
        <>
          {kind === 'Pod' && proxy === 'sidecar' ? (
            <AppLink place={proxyPlaces.one(mesh, { cluster, namespace, pod: name })}>{name}</AppLink>
          ) : (
            <span className="md-row-name">{name}</span>
          )}
          <div className="md-muted">{kind === 'Pod' ? workload : t(`instances.kinds.${kind}`)}</div>
        </>
      ),
    },
    {
      id: 'state',
      title: t('instances.columns.state'),
      sortable: true,
      render: ({ ready, phase, problem }) => (
        <StatusDot tone={ready ? 'success' : 'warning'} {...(problem === undefined ? {} : { reason: problem })}>
          {ready ? t('instances.ready') : phase === '' ? t('instances.notReady') : t('instances.phase', { phase })}
        </StatusDot>
      ),
    },
    {
      id: 'address',
      title: t('instances.columns.address'),
      sortable: true,
      render: ({ address }) => <code>{address ?? '–'}</code>,
    },
    { id: 'version', title: t('versions.version'), sortable: true, render: ({ version }) => version ?? '–' },
    {
      id: 'proxy',
      title: t('instances.columns.proxy'),
      render: ({ proxy, proxyVersion }) => (
        <StatusDot tone={proxy === 'none' ? 'warning' : 'success'}>
          {[t(`instances.proxies.${proxy}`), proxyVersion].filter(Boolean).join(' ')}
        </StatusDot>
      ),
    },
    {
      id: 'mtls',
      title: t('instances.columns.mtls'),
      render: ({ mtls, proxy }) => (mtls === undefined ? (proxy === 'none' ? t('instances.plain') : '–') : mtls),
    },
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: ({ cluster }) => cluster },
    { id: 'node', title: t('instances.columns.node'), sortable: true, render: ({ node }) => node ?? '–' },
    {
      id: 'locality',
      title: t('instances.columns.locality'),
      sortable: true,
      render: ({ region, zone }) => [region, zone].filter(Boolean).join(' / ') || '–',
    },
    {
      id: 'restarts',
      title: t('instances.columns.restarts'),
      sortable: true,
      render: ({ restarts }) => restarts ?? '–',
    },
  ]
}
