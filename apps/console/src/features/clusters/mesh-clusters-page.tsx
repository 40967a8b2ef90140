import type { ClusterView, MeshView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useCan } from '../../lib/access.ts'
import { listParams } from '../../lib/list-search.ts'
import { localPage } from '../../lib/local-page.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { clusterReader, useClusterColumns } from './cluster-columns.tsx'
import { EvictDialog } from './evict-dialog.tsx'
import { JoinMembersDialog } from './join-members-dialog.tsx'

const schema = searchSchema(listParams())

/** The clusters of one mesh: which holds the control plane, which are members, and how each is. */
export function MeshClustersPage() {
  useStyle(kitCss)
  const { t } = useTranslation(['fleet', 'clusters'])
  const { mesh: name } = useMeshScope()
  const [doing, setDoing] = useState<{ what: 'join' } | { what: 'evict'; cluster: string }>()
  const { allowed } = useCan('update', 'Mesh', { cluster: HUB })
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(clusterQueries.list())
  const meshes = useQuery(meshQueries.list())
  const mesh = meshes.data?.items.find((each) => each.name === name)
  const members = query.data && meshes.data ? (mesh ? membersOf(mesh, query.data.items) : []) : undefined
  const mayChange = allowed && mesh?.mode === 'Managed'
  const isMember = (cluster: string) =>
    mesh?.controlPlaneCluster !== cluster &&
    mesh?.clusters.some((each) => each.name === cluster && each.phase !== 'Deleting') === true
  const refetch = () => Promise.all([query.refetch(), meshes.refetch()])
  const columns = useClusterColumns()
  const [first, ...rest] = columns.filter(({ id }) => id !== 'meshes')
  return (
    <Page
      title={t('members.title')}
      description={t('members.what')}
      failures={query.data?.failures.filter(({ cluster }) => members?.some((member) => member.name === cluster))}
      onRetry={() => void refetch()}
      {...(mayChange
        ? {
            actions: (
              <Button type="primary" onClick={() => setDoing({ what: 'join' })}>
                {t('clusters:join.button')}
              </Button>
            ),
          }
        : {})}
    >
      <DataTable
        id="mesh-clusters"
        label={t('members.title')}
        columns={[...(first ? [first] : []), ...useMemberColumns(mesh), ...rest]}
        query={{
          ...query,
          isPending: query.isPending || meshes.isPending,
          error: query.error ?? meshes.error,
          refetch,
          data: members && localPage(members, search, clusterReader),
        }}
        rowKey={(cluster) => cluster.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('clusters.search')}
        empty={<EmptyState title={t('members.empty.title')}>{t('members.empty.what')}</EmptyState>}
        rowName={(cluster) => cluster.name}
        rowActions={(cluster) =>
          mayChange && isMember(cluster.name)
            ? [
                {
                  key: 'evict',
                  label: t('clusters:evict.ok'),
                  onClick: () => setDoing({ what: 'evict', cluster: cluster.name }),
                },
              ]
            : []
        }
      />
      {doing?.what === 'join' && (
        <JoinMembersDialog mesh={name} clusters={query.data?.items ?? []} onClose={() => setDoing(undefined)} />
      )}
      {doing?.what === 'evict' && (
        <EvictDialog mesh={name} cluster={doing.cluster} onClose={() => setDoing(undefined)} />
      )}
    </Page>
  )
}

/**
 * The clusters that the mesh names, as its list shows them. One that is not on the hub, or may not be seen, is a row all
 * the same: a mesh that waits for it would look complete otherwise.
 */
function membersOf(mesh: MeshView, clusters: readonly ClusterView[]): ClusterView[] {
  return mesh.clusters.map(
    ({ name, state }) =>
      clusters.find((cluster) => cluster.name === name) ?? {
        name,
        state,
        source: 'other',
        hub: false,
        istio: [],
        meshes: [mesh.name],
        conditions: [],
      },
  )
}

function useMemberColumns(mesh: MeshView | undefined): DataColumn<ClusterView>[] {
  const { t } = useTranslation(['fleet', 'clusters'])
  return [
    {
      id: 'role',
      title: t('members.role'),
      render: ({ name }) => t(mesh?.controlPlaneCluster === name ? 'members.controlPlane' : 'members.member'),
    },
    {
      id: 'phase',
      title: t('members.phase'),
      render: ({ name }) => {
        const phase = mesh?.clusters.find((member) => member.name === name)?.phase
        if (phase === undefined) return '–'
        return (
          // A member fails only for want of its Cluster on the hub; the others are told by their own columns.
          <StatusDot tone={meshPhaseTone(phase)} reason={phase === 'Failed' ? t('clusters:notJoined') : undefined}>
            {t(`glossary:meshPhase.${phase}`)}
          </StatusDot>
        )
      },
    },
  ]
}
