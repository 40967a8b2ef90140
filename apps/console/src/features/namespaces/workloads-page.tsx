import type { InjectionAction, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Switch from 'antd/es/switch'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import type { RowAction } from '../../components/row-menu.tsx'
import { EmptyState } from '../../components/states.tsx'
import { listParams, type ListSearch } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import css from './namespaces.css?inline'
import { namespaceQueries } from './queries.ts'
import { RestartDialog } from './restart-dialog.tsx'
import { SidecarDialog, type SidecarChange } from './sidecar-dialog.tsx'
import { SidecarTabs } from './sidecar-tabs.tsx'
import { workloadKey, workloadTarget } from './targets.ts'
import { useWorkloadColumns } from './workload-columns.tsx'
import { useRestartRights } from './workload-rights.ts'

const StatusDialog = lazy(() => import('./status-dialog.tsx').then((module) => ({ default: module.StatusDialog })))

interface WorkloadsSearch extends ListSearch {
  clusters: string[]
  namespaces: string[]
  states: string[]
  reasons: string[]
  outdated: boolean
  system: boolean
}

const schema = searchSchema<WorkloadsSearch>({
  ...listParams(),
  clusters: param.list(),
  namespaces: param.list(),
  states: param.list(),
  reasons: param.list(),
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
  const { t } = useTranslation('namespaces')
  const { mesh, clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(namespaceQueries.workloadPage(mesh, search))
  const rows = query.data?.items ?? NO_ROWS
  const rightTo = useRestartRights(rows)
  const [doing, setDoing] = useState<Doing>()
  const columns = useWorkloadColumns()
  const may = (row: WorkloadView) => rightTo(row)?.allowed === true
  const set = (what: SidecarChange, workloads: readonly WorkloadView[], onDone = () => {}) =>
    setDoing({ what, workloads, onDone })
  const rowActions = (row: WorkloadView): RowAction[] => [
    { key: 'status', label: t('status.menu'), onClick: () => setDoing({ what: 'status', workload: row }) },
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
          {t('outdated.restart', { count: old.length })}
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
      {search.reasons.length > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('global.onlyUndecided')}
          action={
            <Button size="small" onClick={() => setSearch({ reasons: [], page: 1 })}>
              {t('global.showAll')}
            </Button>
          }
        />
      )}
      {(query.data?.outdated ?? 0) > 0 && !search.outdated && (
        <Alert
          type="warning"
          showIcon
          title={t('outdated.count', { count: query.data?.outdated })}
          action={
            <Button size="small" onClick={() => setSearch({ outdated: true, page: 1 })}>
              {t('outdated.show')}
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
              {t('outdated.filter')}
            </label>
            <label className="md-switch">
              <Switch size="small" checked={search.system} onChange={(system) => setSearch({ system, page: 1 })} />{' '}
              {t('filters.system')}
            </label>
          </>
        }
        onClearFilters={() =>
          setSearch({
            clusters: [],
            namespaces: [],
            states: [],
            reasons: [],
            outdated: false,
            system: false,
            search: '',
            page: 1,
          })
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
