import type { MeshList, MeshView } from '@meshdeck/contract'
import type { UseQueryResult } from '@tanstack/react-query'
import Tag from 'antd/es/tag'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import type { RowAction } from '../../components/row-menu.tsx'
import { useFormat } from '../../lib/format.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import type { LocalPage } from '../../lib/local-page.ts'
import { places } from '../../lib/places.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { MeshPhaseDot, MeshVersion } from './mesh-facts.tsx'
import { MeshMembers } from './mesh-members.tsx'

export interface MeshTableProps {
  query: UseQueryResult<MeshList>
  page: LocalPage<MeshView>
  search: ListSearch
  onSearch: SetSearch<ListSearch>
  onClearFilters: () => void
  filters: ReactNode
  actionsOf: (mesh: MeshView) => RowAction[]
}

/** The meshes as rows: to compare many of them. */
export function MeshTable({ query, page, actionsOf, ...rest }: MeshTableProps) {
  const { t } = useTranslation('fleet')
  return (
    <DataTable
      id="meshes"
      label={t('meshes.title')}
      columns={useColumns()}
      query={{ ...query, data: page }}
      rowKey={(mesh) => mesh.name}
      rowName={(mesh) => mesh.name}
      rowActions={actionsOf}
      searchPlaceholder={t('meshes.search')}
      // A page without any mesh never shows a table.
      empty={null}
      {...rest}
    />
  )
}

function useColumns(): DataColumn<MeshView>[] {
  const { t } = useTranslation(['fleet', 'meshes'])
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('glossary:name'),
      sortable: true,
      fixed: true,
      render: (mesh) => (
        <>
          <AppLink place={places.overview(mesh.name)} className="md-row-name">
            {mesh.name}
          </AppLink>
          {mesh.displayName && <div className="md-muted">{mesh.displayName}</div>}
        </>
      ),
    },
    {
      id: 'mode',
      title: t('meshes.mode'),
      sortable: true,
      render: (mesh) => <Tag>{t(`glossary:meshMode.${mesh.mode}`)}</Tag>,
    },
    { id: 'phase', title: t('meshes.phase'), sortable: true, render: (mesh) => <MeshPhaseDot mesh={mesh} /> },
    { id: 'version', title: 'Istio', sortable: true, render: (mesh) => <MeshVersion mesh={mesh} /> },
    {
      id: 'controlPlane',
      title: t('meshes.controlPlane'),
      sortable: true,
      render: (mesh) => <AppLink place={places.cluster(mesh.controlPlaneCluster)}>{mesh.controlPlaneCluster}</AppLink>,
    },
    {
      id: 'clusters',
      title: t('meshes:members'),
      sortable: true,
      render: (mesh) => <MeshMembers mesh={mesh} />,
    },
    {
      id: 'healthy',
      title: t('meshes.clustersHealthy'),
      render: ({ counters: { clusters } }) => `${format.number(clusters.healthy)} / ${format.number(clusters.total)}`,
    },
    { id: 'services', title: t('meshes.services'), render: (mesh) => format.number(mesh.counters.services?.total) },
    {
      id: 'pods',
      title: t('meshes.injectedPods'),
      render: ({ counters: { pods } }) =>
        pods === undefined ? '–' : `${format.number(pods.injected)} / ${format.number(pods.total)}`,
    },
    { id: 'rate', title: t('meshes.rate'), render: (mesh) => format.rate(mesh.traffic?.requestRate) },
    { id: 'errors', title: t('meshes.errorShare'), render: (mesh) => format.percent(mesh.traffic?.errorRate) },
    {
      id: 'created',
      title: t('glossary:created'),
      sortable: true,
      render: (mesh) => <RelativeTime at={mesh.created} />,
    },
  ]
}
