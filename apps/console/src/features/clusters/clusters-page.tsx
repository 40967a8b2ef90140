import type { ClusterView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { listParams } from '../../lib/list-search.ts'
import { localPage } from '../../lib/local-page.ts'
import { places } from '../../lib/places.ts'
import { searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { clusterReader, useClusterColumns } from './cluster-columns.tsx'
import { useMayLeave } from './use-leave.ts'

const LeaveDialog = lazy(() => import('./leave-dialog.tsx').then((module) => ({ default: module.LeaveDialog })))

const schema = searchSchema(listParams())

/** Every cluster of the fleet: does it answer, what runs in it, which meshes use it. */
export function ClustersPage() {
  const { t } = useTranslation('fleet')
  const navigate = useNavigate()
  const [search, setSearch] = usePageSearch(schema)
  const [leaving, setLeaving] = useState<ClusterView>()
  const query = useQuery(clusterQueries.list())
  const columns = useClusterColumns()
  const mayLeave = useMayLeave()
  const create = useCan('create', 'Cluster', { cluster: HUB })
  const join = create.allowed && (
    <Button type="primary" onClick={() => void navigate(places.joinCluster())}>
      {t('clusters.join')}
    </Button>
  )
  return (
    <Page
      title={t('clusters.title')}
      description={t('clusters.what')}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={join}
    >
      <DataTable
        id="clusters"
        label={t('clusters.title')}
        columns={columns}
        query={{ ...query, data: query.data && localPage(query.data.items, search, clusterReader) }}
        rowKey={(cluster) => cluster.name}
        rowName={(cluster) => cluster.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('clusters.search')}
        rowActions={(cluster) =>
          mayLeave(cluster)
            ? [{ key: 'leave', label: t('clusters.leave.ok'), danger: true, onClick: () => setLeaving(cluster) }]
            : []
        }
        empty={
          <EmptyState title={t('clusters.empty.title')} action={join}>
            {t(create.allowed ? 'clusters.empty.what' : 'clusters.empty.forbidden')}
          </EmptyState>
        }
      />
      {leaving && (
        <Suspense fallback={null}>
          <LeaveDialog cluster={leaving} onClose={() => setLeaving(undefined)} />
        </Suspense>
      )}
    </Page>
  )
}
