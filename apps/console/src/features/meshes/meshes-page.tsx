import type { MeshView } from '@meshdeck/contract'
import { HUB, MeshMode, MeshPhase } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import { RowMenu, type RowAction } from '../../components/row-menu.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { listParams } from '../../lib/list-search.ts'
import { localPage, type LocalReader } from '../../lib/local-page.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { MeshCard } from './mesh-card.tsx'
import { MeshSummary } from './mesh-summary.tsx'
import css from './meshes.css?inline'

const DeleteMeshDialog = lazy(() =>
  import('../../resource-kit/delete-mesh-dialog.tsx').then((module) => ({ default: module.DeleteMeshDialog })),
)

const MeshTable = lazy(() => import('./mesh-table.tsx').then((module) => ({ default: module.MeshTable })))

const VIEWS = ['cards', 'table'] as const
const schema = searchSchema({
  // Newest first.
  ...listParams('-created'),
  view: param.oneOf(VIEWS, 'cards'),
  modes: param.list(),
  phases: param.list(),
})
const DOCS = 'https://istio.io/latest/docs/concepts/what-is-istio/'

const reader: LocalReader<MeshView> = {
  sort: {
    name: (mesh) => mesh.name,
    mode: (mesh) => mesh.mode,
    phase: (mesh) => mesh.phase,
    version: (mesh) => mesh.version,
    controlPlane: (mesh) => mesh.controlPlaneCluster,
    clusters: (mesh) => mesh.clusters.length,
    created: (mesh) => mesh.created,
  },
  texts: (mesh) => [mesh.name, mesh.displayName, mesh.version, ...mesh.clusters.map(({ name }) => name)],
}

/** Home: every mesh of the fleet with its health at a glance. */
export function MeshesPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation(['fleet', 'meshes', 'lifecycle'])
  const navigate = useNavigate()
  const [search, setSearch] = usePageSearch(schema)
  const [{ refreshSeconds }] = usePreferences()
  const [deleted, setDeleted] = useState<MeshView>()
  // What the hub knows is there at once; traffic follows when Prometheus has answered.
  const plain = useQuery(meshQueries.list())
  const withTraffic = useQuery({ ...meshQueries.list({ traffic: true }), refetchInterval: refreshSeconds * 1000 })
  const query = withTraffic.data === undefined ? plain : withTraffic
  const create = useCan('create', 'Mesh', { cluster: HUB })
  const remove = useCan('delete', 'Mesh', { cluster: HUB })
  const update = useCan('update', 'Mesh', { cluster: HUB })
  const actionsOf = (mesh: MeshView): RowAction[] => [
    ...(update.allowed
      ? [{ key: 'edit', label: t('actions.edit'), onClick: () => void navigate(places.editMesh(mesh.name)) }]
      : []),
    ...(update.allowed && mesh.mode === 'Managed'
      ? [{ key: 'clusters', label: t('meshes:members'), onClick: () => void navigate(places.meshClusters(mesh.name)) }]
      : []),
    ...(remove.allowed
      ? [
          {
            key: 'delete',
            label: t(mesh.phase === 'Deleting' ? 'lifecycle:force.offer' : 'actions.delete'),
            danger: true,
            onClick: () => setDeleted(mesh),
          },
        ]
      : []),
  ]
  const createButton = create.allowed && (
    <>
      <Button onClick={() => void navigate(places.createMesh('external'))}>{t('meshes.attach')}</Button>
      <Button type="primary" onClick={() => void navigate(places.createMesh('dedicated'))}>
        {t('meshes:create')}
      </Button>
    </>
  )
  const clear = () => setSearch({ search: '', modes: [], phases: [], page: 1 })

  return (
    <Page
      title={t('meshes.title')}
      description={t('meshes.what')}
      docs={DOCS}
      aside={query.data && <MeshSummary meshes={query.data.items} />}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={
        <>
          <Segmented
            aria-label={t('meshes.view.label')}
            value={search.view}
            options={VIEWS.map((value) => ({ value, label: t(`meshes.view.${value}`) }))}
            onChange={(view) => setSearch({ view })}
          />
          {createButton}
        </>
      }
    >
      <QueryView query={query}>
        {({ items }) => {
          const wanted = (mesh: MeshView): boolean =>
            (search.modes.length === 0 || search.modes.includes(mesh.mode)) &&
            (search.phases.length === 0 || search.phases.includes(mesh.phase))
          const page = localPage(items, search, reader, wanted)
          if (page.all === 0) {
            return (
              <section className="md-card">
                <EmptyState title={t('meshes.empty.title')} action={createButton}>
                  {create.allowed || create.pending ? t('meshes.empty.what') : t('meshes.empty.forbidden')}
                </EmptyState>
              </section>
            )
          }
          const filters = (
            <>
              <MultiFilter
                label={t('meshes.mode')}
                all={t('meshes.allModes')}
                value={search.modes}
                options={Object.values(MeshMode).map((value) => ({ value, label: t(`glossary:meshMode.${value}`) }))}
                onChange={(modes) => setSearch({ modes, page: 1 })}
              />
              <MultiFilter
                label={t('meshes.phase')}
                all={t('meshes.allPhases')}
                value={search.phases}
                options={Object.values(MeshPhase).map((value) => ({ value, label: t(`glossary:meshPhase.${value}`) }))}
                onChange={(phases) => setSearch({ phases, page: 1 })}
              />
            </>
          )
          if (search.view === 'table') {
            return (
              <Suspense fallback={null}>
                <MeshTable
                  query={query}
                  page={page}
                  search={search}
                  onSearch={setSearch}
                  onClearFilters={clear}
                  filters={filters}
                  actionsOf={actionsOf}
                />
              </Suspense>
            )
          }
          return (
            <>
              <div className="md-mesh-filters">
                {filters}
                <SearchBox
                  value={search.search}
                  placeholder={t('meshes.search')}
                  onChange={(text) => setSearch({ search: text, page: 1 }, { replace: true })}
                />
              </div>
              {page.total === 0 ? (
                <section className="md-card">
                  <EmptyState
                    title={t('list.noMatch')}
                    action={<Button onClick={clear}>{t('list.clearFilters')}</Button>}
                  />
                </section>
              ) : (
                <div className="md-mesh-cards">
                  {localPage(items, { ...search, page: 1, pageSize: items.length }, reader, wanted).items.map(
                    (mesh) => (
                      <MeshCard
                        key={mesh.name}
                        mesh={mesh}
                        menu={<RowMenu actions={actionsOf(mesh)} name={mesh.name} />}
                      />
                    ),
                  )}
                </div>
              )}
            </>
          )
        }}
      </QueryView>
      {deleted && (
        <Suspense fallback={null}>
          <DeleteMeshDialog mesh={deleted} onClose={() => setDeleted(undefined)} />
        </Suspense>
      )}
    </Page>
  )
}
