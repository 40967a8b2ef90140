import MenuOutlined from '@ant-design/icons/es/icons/MenuOutlined'
import type { MeshView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useParams } from '@tanstack/react-router'
import Tag from 'antd/es/tag'
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { MeshScopeContext } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { meshPhaseTone } from '../../resource-kit/mesh-phase.ts'
import { currentItem, meshMenu } from '../menu.ts'

const NO_CLUSTERS: readonly string[] = []

/** Pages inside a mesh: what it is and its menu on the left, the page beside. */
export function MeshLayout() {
  const { t } = useTranslation()
  const { mesh = '' }: { mesh?: string } = useParams({ strict: false })
  const { data: list } = useQuery(meshQueries.list())
  const view = list?.items.find((item) => item.name === mesh)
  const clusters = view?.clusters
  const scope = useMemo(
    () => ({ mesh, clusters: clusters?.map((cluster) => cluster.name) ?? NO_CLUSTERS }),
    [mesh, clusters],
  )
  const [open, setOpen] = useState(false)
  const sideId = useId()
  // The list of meshes is short of those on a hub that cannot be asked; only a full answer can say that there is none.
  const missing = list !== undefined && view === undefined && list.failures.length === 0
  return (
    <MeshScopeContext value={scope}>
      <div className="md-mesh" data-menu={open ? 'open' : 'closed'}>
        <button
          type="button"
          className="md-menu-toggle"
          aria-expanded={open}
          aria-controls={sideId}
          onClick={() => setOpen(!open)}
        >
          <MenuOutlined /> {t('shell.menu')}
        </button>
        <aside className="md-side" id={sideId}>
          <MeshBox name={mesh} view={view} />
          <SideMenu mesh={mesh} onNavigate={() => setOpen(false)} />
        </aside>
        <main className="md-main" tabIndex={-1}>
          {missing ? <UnknownMesh mesh={mesh} /> : <Outlet />}
        </main>
      </div>
    </MeshScopeContext>
  )
}

function MeshBox({ name, view }: { name: string; view: MeshView | undefined }) {
  const { t } = useTranslation()
  return (
    <section className="md-mesh-box" aria-label={t('shell.meshBox', { name })}>
      <div>
        <strong>{view?.displayName ?? name}</strong> {view && <Tag>{t(`glossary:meshMode.${view.mode}`)}</Tag>}
      </div>
      {view && (
        <div className="md-mesh-facts">
          {view.version && <span>v{view.version.replace(/^v/, '')}</span>}
          <span>{t('shell.clusterCount', { count: view.clusters.length })}</span>
          <StatusDot
            tone={meshPhaseTone(view.phase)}
            reason={view.conditions.find((condition) => condition.status !== 'True')?.message}
          >
            {t(`glossary:meshPhase.${view.phase}`)}
          </StatusDot>
        </div>
      )}
    </section>
  )
}

function SideMenu({ mesh, onNavigate }: { mesh: string; onNavigate: () => void }) {
  const { t } = useTranslation()
  const path = useLocation({ select: (location) => location.pathname })
  const groups = meshMenu(mesh)
  const current = currentItem(groups, path)
  return (
    <nav aria-label={t('shell.meshMenu')} className="md-side-menu">
      {groups.map((group) => (
        <section key={group.id ?? 'top'} aria-label={group.id && t(`menu.groups.${group.id}`)}>
          {group.id && <h2>{t(`menu.groups.${group.id}`)}</h2>}
          <ul>
            {group.items.map((item) => (
              <li key={item.id}>
                <AppLink
                  place={item.place}
                  aria-current={item.id === current ? 'page' : undefined}
                  onClick={onNavigate}
                >
                  {t(`menu.${item.id}`)}
                </AppLink>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

function UnknownMesh({ mesh }: { mesh: string }) {
  const { t } = useTranslation()
  return (
    <Page title={mesh}>
      <EmptyState
        title={t('states.unknownMesh', { mesh })}
        action={<AppLink place={places.meshes()}>{t('states.toMeshes')}</AppLink>}
      />
    </Page>
  )
}
