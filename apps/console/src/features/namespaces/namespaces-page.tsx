import type { InjectionAction, NamespaceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import type { RowAction } from '../../components/row-menu.tsx'
import { Page } from '../../components/page.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { actionsFor } from './actions.ts'
import { DiscoveryCell } from './discovery-cell.tsx'
import { useDiscoveryRights } from './discovery-rights.ts'
import { InjectionDialog } from './injection-dialog.tsx'
import { InjectionStatus, NewPods } from './injection-status.tsx'
import { NamespaceDrawer } from './namespace-drawer.tsx'
import { NamespaceFilters, type NamespaceFilterValue } from './namespace-filters.tsx'
import css from './namespaces.css?inline'
import { namespaceQueries } from './queries.ts'
import { RestartDialog } from './restart-dialog.tsx'
import { PodCount } from './restart-panel.tsx'
import { useGrants } from './row-grants.ts'
import { SidecarTabs } from './sidecar-tabs.tsx'
import { parseTarget, printTarget, type NamespaceTarget, type WorkloadTarget } from './targets.ts'

const DiscoveryDialog = lazy(() =>
  import('./discovery-dialog.tsx').then((module) => ({ default: module.DiscoveryDialog })),
)

interface NamespacesSearch extends ListSearch, NamespaceFilterValue {
  /** `cluster/namespace` of the drawer. */
  open: string
}

const schema = searchSchema<NamespacesSearch>({
  ...listParams(),
  clusters: param.list(),
  policies: param.list(),
  scopes: param.list(),
  pending: param.flag(),
  system: param.flag(),
  open: param.text(),
})
const DOCS = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'
const ACTIONS: readonly InjectionAction[] = ['enable', 'disable', 'clear']
const NO_ROWS: readonly NamespaceView[] = []

type Doing =
  | { what: 'set'; action: InjectionAction; namespaces: readonly NamespaceView[]; onDone: () => void }
  | { what: 'discovery'; namespaces: readonly NamespaceView[]; onDone: () => void }
  | { what: 'restart'; namespaces: readonly NamespaceTarget[]; only?: WorkloadTarget | undefined }

/** Sidecar injection of every namespace in every cluster of the mesh. */
export function NamespacesPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const { open, ...params } = search
  const query = useQuery(namespaceQueries.list(mesh, params))
  const rows = query.data?.items ?? NO_ROWS
  const grantsOf = useGrants(rows)
  const mayDiscover = useDiscoveryRights(rows)
  const [doing, setDoing] = useState<Doing>()
  const opened = parseTarget(open)
  const columns = useColumns((row) => setSearch({ open: printTarget(targetOf(row)) }))
  const set = (action: InjectionAction, namespaces: readonly NamespaceView[], onDone = () => {}) =>
    setDoing({ what: 'set', action, namespaces, onDone })
  const discover = (namespaces: readonly NamespaceView[], onDone = () => {}) =>
    setDoing({ what: 'discovery', namespaces, onDone })
  const restart = (namespaces: readonly NamespaceTarget[], only?: WorkloadTarget) =>
    setDoing({ what: 'restart', namespaces, only })

  const rowActions = (row: NamespaceView): RowAction[] => {
    const { label, restart: mayRestart } = grantsOf(row)
    const setting = actionsFor(row).map((action) => ({
      key: action,
      label: t(`set.${action}.menu`),
      onClick: () => set(action, [row]),
    }))
    const again = {
      key: 'restart',
      label: t('restart.menu', { count: row.pendingWorkloads }),
      onClick: () => restart([targetOf(row)]),
    }
    const scope = { key: 'discovery', label: t('discovery.menu'), onClick: () => discover([row]) }
    const look = {
      key: 'open',
      label: t('drawer.open'),
      onClick: () => setSearch({ open: printTarget(targetOf(row)) }),
    }
    return [
      ...(label ? setting : []),
      ...(mayRestart && row.pendingWorkloads > 0 ? [again] : []),
      ...(mayDiscover(row) ? [scope] : []),
      look,
    ]
  }
  const batch = (ticked: readonly NamespaceView[], clear: () => void) => {
    const open = ticked.filter(mayDiscover)
    const pending = ticked.filter((row) => row.pendingWorkloads > 0 && grantsOf(row).restart)
    return (
      <>
        {ACTIONS.map((action) => {
          const fit = ticked.filter((row) => grantsOf(row).label && actionsFor(row).includes(action))
          return (
            <Button key={action} size="small" disabled={fit.length === 0} onClick={() => set(action, fit, clear)}>
              {t(`set.${action}.batch`, { count: fit.length })}
            </Button>
          )
        })}
        <Button size="small" disabled={pending.length === 0} onClick={() => restart(pending.map(targetOf))}>
          {t('restart.batch')}
        </Button>
        <Button size="small" disabled={open.length === 0} onClick={() => discover(open, clear)}>
          {t('discovery.batch', { count: open.length })}
        </Button>
      </>
    )
  }
  const mayAny = rows.some((row) => grantsOf(row).label || grantsOf(row).restart || mayDiscover(row))

  return (
    <Page
      title={t('title')}
      description={t('what')}
      docs={DOCS}
      aside={<SidecarTabs current="namespaces" />}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      <DataTable<NamespaceView>
        id="namespaces"
        label={t('title')}
        columns={columns}
        query={query}
        rowKey={(row) => printTarget(targetOf(row))}
        rowName={(row) => row.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('filters.search')}
        filters={<NamespaceFilters value={search} onChange={(change) => setSearch({ ...change, page: 1 })} />}
        onClearFilters={() =>
          setSearch({ clusters: [], policies: [], scopes: [], pending: false, system: false, search: '', page: 1 })
        }
        empty={<EmptyState title={t('empty.title')}>{t('empty.what')}</EmptyState>}
        rowActions={rowActions}
        {...(mayAny ? { batch } : {})}
      />
      {opened && (
        <NamespaceDrawer
          target={opened}
          onSet={(action, namespace) => set(action, [namespace])}
          onRestart={(namespace, only) => restart([namespace], only)}
          onClose={() => setSearch({ open: '' })}
        />
      )}
      {doing?.what === 'set' && (
        <InjectionDialog
          action={doing.action}
          namespaces={doing.namespaces}
          onClose={(done) => {
            if (done) doing.onDone()
            setDoing(undefined)
          }}
        />
      )}
      {doing?.what === 'discovery' && (
        <Suspense fallback={null}>
          <DiscoveryDialog
            namespaces={doing.namespaces}
            onClose={(done) => {
              if (done) doing.onDone()
              setDoing(undefined)
            }}
          />
        </Suspense>
      )}
      {doing?.what === 'restart' && (
        <RestartDialog namespaces={doing.namespaces} only={doing.only} onClose={() => setDoing(undefined)} />
      )}
    </Page>
  )
}

const targetOf = ({ cluster, name }: NamespaceView): NamespaceTarget => ({ cluster, namespace: name })

function useColumns(onOpen: (row: NamespaceView) => void): DataColumn<NamespaceView>[] {
  const { t } = useTranslation('namespaces')
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('glossary:namespace'),
      fixed: true,
      sortable: true,
      render: (row) => (
        <Button type="link" className="md-row-name md-link-button" aria-haspopup="dialog" onClick={() => onOpen(row)}>
          {row.name}
        </Button>
      ),
    },
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: (row) => row.cluster },
    { id: 'state', title: t('columns.state'), sortable: true, render: (row) => <InjectionStatus namespace={row} /> },
    {
      id: 'discovery',
      title: t('discovery.column'),
      sortable: true,
      render: (row) => <DiscoveryCell namespace={row} />,
    },
    { id: 'newPods', title: t('columns.newPods'), render: (row) => <NewPods namespace={row} /> },
    { id: 'injectedPods', title: t('columns.pods'), sortable: true, render: (row) => <PodCount workload={row} /> },
    { id: 'workloads', title: t('columns.workloads'), sortable: true, render: (row) => format.number(row.workloads) },
    {
      id: 'pendingWorkloads',
      title: t('columns.pending'),
      sortable: true,
      render: (row) =>
        row.pendingWorkloads === 0 ? (
          '–'
        ) : (
          <StatusDot tone="warning" reason={t('pendingReason', { count: row.pendingWorkloads })}>
            {format.number(row.pendingWorkloads)}
          </StatusDot>
        ),
    },
  ]
}
