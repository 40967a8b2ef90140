import type { InjectionAction, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Switch from 'antd/es/switch'
import type { TFunction } from 'i18next'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import type { RowAction } from '../../components/row-menu.tsx'
import { EmptyState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import css from './namespaces.css?inline'
import { namespaceQueries } from './queries.ts'
import { RestartDialog } from './restart-dialog.tsx'
import { PodCount } from './restart-panel.tsx'
import { SidecarDialog, type SidecarChange } from './sidecar-dialog.tsx'
import { SidecarTabs } from './sidecar-tabs.tsx'
import { workloadKey, workloadTarget } from './targets.ts'
import { useRestartRights } from './workload-rights.ts'

const StatusDialog = lazy(() => import('./status-dialog.tsx').then((module) => ({ default: module.StatusDialog })))

interface WorkloadsSearch extends ListSearch {
  clusters: string[]
  namespaces: string[]
  states: string[]
  outdated: boolean
  system: boolean
}

const schema = searchSchema<WorkloadsSearch>({
  ...listParams(),
  clusters: param.list(),
  namespaces: param.list(),
  states: param.list(),
  outdated: param.flag(),
  system: param.flag(),
})
const DOCS = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'
const STATES: readonly WorkloadView['injection'][] = ['injected', 'not-injected', 'pending-restart']
const ACTIONS: readonly InjectionAction[] = ['enable', 'disable', 'clear']
const POLICY_AFTER = { enable: 'enabled', disable: 'disabled', clear: 'unset' } as const
const NO_ROWS: readonly WorkloadView[] = []

type Doing =
  | { what: SidecarChange; workloads: readonly WorkloadView[]; onDone: () => void }
  | { what: 'restart' | 'status'; workload: WorkloadView }
  | { what: 'renew'; workloads: readonly WorkloadView[] }

/** Sidecars of every workload in every cluster of the mesh, and what can be set of each. */
export function WorkloadsPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation(['namespaces', 'sidecars'])
  const { mesh, clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(namespaceQueries.workloadPage(mesh, search))
  const rows = query.data?.items ?? NO_ROWS
  const rightTo = useRestartRights(rows)
  const [doing, setDoing] = useState<Doing>()
  const columns = useColumns()
  const may = (row: WorkloadView) => rightTo(row)?.allowed === true
  const set = (what: SidecarChange, workloads: readonly WorkloadView[], onDone = () => {}) =>
    setDoing({ what, workloads, onDone })
  const rowActions = (row: WorkloadView): RowAction[] => [
    { key: 'status', label: t('sidecars:status.menu'), onClick: () => setDoing({ what: 'status', workload: row }) },
    ...(may(row)
      ? [
          ...ACTIONS.filter((action) => row.policy !== POLICY_AFTER[action]).map((action) => ({
            key: action,
            label: t(`set.${action}.menu`),
            onClick: () => set(action, [row]),
          })),
          { key: 'settings', label: t('sidecar.settings'), onClick: () => set('settings', [row]) },
          { key: 'restart', label: t('restart.one'), onClick: () => setDoing({ what: 'restart', workload: row }) },
        ]
      : []),
  ]
  const batch = (ticked: readonly WorkloadView[], clear: () => void) => {
    const old = ticked.filter((row) => may(row) && isRenewable(row))
    return (
      <>
        {ACTIONS.map((action) => {
          const fit = ticked.filter((row) => may(row) && row.policy !== POLICY_AFTER[action])
          return (
            <Button key={action} size="small" disabled={fit.length === 0} onClick={() => set(action, fit, clear)}>
              {t(`set.${action}.batch`, { count: fit.length })}
            </Button>
          )
        })}
        <Button size="small" disabled={old.length === 0} onClick={() => setDoing({ what: 'renew', workloads: old })}>
          {t('sidecars:outdated.restart', { count: old.length })}
        </Button>
      </>
    )
  }

  return (
    <Page
      title={t('sidecar.title')}
      description={t('sidecar.what')}
      docs={DOCS}
      aside={<SidecarTabs current="workloads" />}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
    >
      {(query.data?.outdated ?? 0) > 0 && !search.outdated && (
        <Alert
          type="warning"
          showIcon
          title={t('sidecars:outdated.count', { count: query.data?.outdated })}
          action={
            <Button size="small" onClick={() => setSearch({ outdated: true, page: 1 })}>
              {t('sidecars:outdated.show')}
            </Button>
          }
        />
      )}
      <DataTable<WorkloadView>
        id="workloads"
        label={t('sidecar.title')}
        columns={columns}
        query={query}
        rowKey={workloadKey}
        rowName={(row) => row.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('filters.search')}
        filters={
          <>
            {clusters.length > 1 && (
              <MultiFilter
                label={t('glossary:cluster')}
                all={t('filters.allClusters')}
                value={search.clusters}
                options={asOptions(clusters)}
                onChange={(next) => setSearch({ clusters: next, page: 1 })}
              />
            )}
            <MultiFilter
              label={t('columns.sidecar')}
              all={t('sidecar.anyState')}
              value={search.states}
              options={STATES.map((state) => ({ value: state, label: t(`workload.states.${state}`) }))}
              onChange={(next) => setSearch({ states: next, page: 1 })}
            />
            <label className="md-switch">
              <Switch
                size="small"
                checked={search.outdated}
                onChange={(outdated) => setSearch({ outdated, page: 1 })}
              />{' '}
              {t('sidecars:outdated.filter')}
            </label>
            <label className="md-switch">
              <Switch size="small" checked={search.system} onChange={(system) => setSearch({ system, page: 1 })} />{' '}
              {t('filters.system')}
            </label>
          </>
        }
        onClearFilters={() =>
          setSearch({ clusters: [], namespaces: [], states: [], outdated: false, system: false, search: '', page: 1 })
        }
        empty={<EmptyState title={t('drawer.noWorkloads')} />}
        rowActions={rowActions}
        {...(rows.some(may) ? { batch } : {})}
      />
      {doing?.what === 'restart' && (
        <RestartDialog
          namespaces={[{ cluster: doing.workload.cluster, namespace: doing.workload.namespace }]}
          only={workloadTarget(doing.workload)}
          onClose={() => setDoing(undefined)}
        />
      )}
      {doing?.what === 'renew' && (
        <RestartDialog
          namespaces={doing.workloads.map(({ cluster, namespace }) => ({ cluster, namespace }))}
          among={doing.workloads.map(workloadTarget)}
          onClose={() => setDoing(undefined)}
        />
      )}
      {doing?.what === 'status' && (
        <Suspense fallback={null}>
          <StatusDialog workload={doing.workload} onClose={() => setDoing(undefined)} />
        </Suspense>
      )}
      {doing !== undefined && 'onDone' in doing && (
        <SidecarDialog
          change={doing.what}
          workloads={doing.workloads}
          onClose={(done) => {
            if (done) doing.onDone()
            setDoing(undefined)
          }}
        />
      )}
    </Page>
  )
}

/** Whether a restart would bring a newer proxy. */
const isRenewable = ({ outdated }: WorkloadView): boolean => outdated !== undefined && !outdated.pinned

function outdatedReason(t: TFunction<['namespaces', 'sidecars']>, outdated: NonNullable<WorkloadView['outdated']>) {
  const { pods, version, pinned } = outdated
  const why = t('sidecars:outdated.reason', { count: pods, version })
  return [why, t(pinned ? 'sidecars:outdated.pinned' : 'sidecars:outdated.byRestart')].join(' ')
}

function useColumns(): DataColumn<WorkloadView>[] {
  const { t } = useTranslation(['namespaces', 'sidecars'])
  const { mesh } = useMeshScope()
  return [
    {
      id: 'name',
      title: t('restart.workload'),
      fixed: true,
      sortable: true,
      render: ({ name, kind }) => (
        <>
          <strong>{name}</strong>
          <div className="md-muted">{kind}</div>
        </>
      ),
    },
    { id: 'namespace', title: t('glossary:namespace'), sortable: true, render: ({ namespace }) => namespace },
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: ({ cluster }) => cluster },
    {
      id: 'injection',
      title: t('columns.sidecar'),
      sortable: true,
      render: (row) => (
        <>
          <WorkloadSidecar workload={row} />
          <div className="md-muted">{t([`short.${row.reason}`, 'short.unknown'], { reason: row.reason })}</div>
        </>
      ),
    },
    { id: 'injectedPods', title: t('columns.pods'), sortable: true, render: (row) => <PodCount workload={row} /> },
    {
      id: 'services',
      title: t('drawer.services'),
      render: ({ namespace, services }) =>
        services.length === 0
          ? '–'
          : services.map((service) => (
              <div key={service}>
                <AppLink place={places.service(mesh, namespace, service)}>{service}</AppLink>
              </div>
            )),
    },
    {
      id: 'proxy',
      title: t('drawer.proxy'),
      render: ({ proxyVersions, outdated }) => (
        <>
          {proxyVersions.join(', ') || '–'}
          {outdated && (
            <div>
              <StatusDot tone="warning" reason={outdatedReason(t, outdated)}>
                {t('sidecars:outdated.mark')}
              </StatusDot>
            </div>
          )}
        </>
      ),
    },
    {
      id: 'cpu',
      title: t('sidecar.cpu'),
      render: ({ settings }) => pair(settings.cpuRequest, settings.cpuLimit, t('sidecar.unset')),
    },
    {
      id: 'memory',
      title: t('sidecar.memory'),
      render: ({ settings }) => pair(settings.memoryRequest, settings.memoryLimit, t('sidecar.unset')),
    },
  ]
}

/** Request and limit; what is not set of its own stands as such. */
function pair(request: string | undefined, limit: string | undefined, unset: string): string {
  return request === undefined && limit === undefined ? unset : `${request ?? '–'} / ${limit ?? '–'}`
}
