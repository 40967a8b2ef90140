import type { InjectionAction, NamespaceView, WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Drawer from 'antd/es/drawer'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { TagList } from '../../resource-kit/column-cell.tsx'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import { actionsFor } from './actions.ts'
import { DiscoveryCell } from './discovery-cell.tsx'
import { InjectionStatus, injectionReason } from './injection-status.tsx'
import { namespaceQueries } from './queries.ts'
import { PodCount } from './restart-panel.tsx'
import { useGrants } from './row-grants.ts'
import { workloadKey, workloadTarget, type NamespaceTarget, type WorkloadTarget } from './targets.ts'
import { useRestartRights } from './workload-rights.ts'

export interface NamespaceDrawerProps {
  target: NamespaceTarget
  onSet: (action: InjectionAction, namespace: NamespaceView) => void
  onRestart: (namespace: NamespaceTarget, only?: WorkloadTarget) => void
  onClose: () => void
}

/** A namespace beside the list: why it is as it is, and each of its workloads. */
export function NamespaceDrawer({ target, onSet, onRestart, onClose }: NamespaceDrawerProps) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.one(mesh, target))
  return (
    <Drawer open size={760} title={t('drawer.title', { ...target })} onClose={onClose} mask={{ closable: true }}>
      <QueryView query={query}>
        {({ items: [namespace] }) =>
          namespace ? (
            <div className="md-stack">
              <Summary namespace={namespace} />
              <Actions namespace={namespace} onSet={onSet} onRestart={() => onRestart(target)} />
              <Workloads target={target} onRestart={(only) => onRestart(target, only)} />
            </div>
          ) : (
            <EmptyState title={t('drawer.gone', { ...target })} />
          )
        }
      </QueryView>
    </Drawer>
  )
}

interface ActionsProps {
  namespace: NamespaceView
  onSet: NamespaceDrawerProps['onSet']
  onRestart: () => void
}

function Actions({ namespace, onSet, onRestart }: ActionsProps) {
  const { t } = useTranslation('namespaces')
  const rows = useMemo(() => [namespace], [namespace])
  const { label, restart } = useGrants(rows)(namespace)
  return (
    <div className="md-links">
      {label &&
        actionsFor(namespace).map((action) => (
          <Button key={action} size="small" onClick={() => onSet(action, namespace)}>
            {t(`set.${action}.menu`)}
          </Button>
        ))}
      {restart && namespace.pendingWorkloads > 0 && (
        <Button size="small" type="primary" onClick={onRestart}>
          {t('restart.menu', { count: namespace.pendingWorkloads })}
        </Button>
      )}
    </div>
  )
}

function Summary({ namespace }: { namespace: NamespaceView }) {
  const { t } = useTranslation('namespaces')
  const labels = Object.entries(namespace.labels).map(([key, value]) => `${key}=${value}`)
  return (
    <dl className="md-facts">
      <dt>{t('columns.state')}</dt>
      <dd>
        <InjectionStatus namespace={namespace} />
      </dd>
      <dt>{t('drawer.why')}</dt>
      <dd>{injectionReason(t, namespace)}</dd>
      <dt>{t('columns.pods')}</dt>
      <dd>
        <PodCount workload={namespace} />
      </dd>
      <dt>{t('discovery.column')}</dt>
      <dd>
        <DiscoveryCell namespace={namespace} />
      </dd>
      <dt>{t('glossary:labels')}</dt>
      <dd>{labels.length === 0 ? '–' : <TagList texts={labels} />}</dd>
    </dl>
  )
}

function Workloads({ target, onRestart }: { target: NamespaceTarget; onRestart: (workload: WorkloadTarget) => void }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.workloads(mesh, [target]))
  return (
    <section aria-label={t('drawer.workloads')}>
      <h3>{t('drawer.workloads')}</h3>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('drawer.noWorkloads')} />
          ) : (
            <WorkloadTable workloads={items} onRestart={onRestart} />
          )
        }
      </QueryView>
    </section>
  )
}

function WorkloadTable({
  workloads,
  onRestart,
}: {
  workloads: readonly WorkloadView[]
  onRestart: (workload: WorkloadTarget) => void
}) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const rightTo = useRestartRights(workloads)
  const any = workloads.some((workload) => rightTo(workload)?.allowed)
  return (
    <table className="md-plain-table">
      <thead>
        <tr>
          <th scope="col">{t('restart.workload')}</th>
          <th scope="col">{t('columns.sidecar')}</th>
          <th scope="col">{t('columns.pods')}</th>
          <th scope="col">{t('drawer.proxy')}</th>
          <th scope="col">{t('drawer.services')}</th>
          {any && (
            <th scope="col">
              <span className="md-visually-hidden">{t('list.actions')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {workloads.map((workload) => (
          <tr key={workloadKey(workload)}>
            <td>
              {workload.name}
              <div className="md-muted">{workload.kind}</div>
            </td>
            <td>
              <WorkloadSidecar workload={workload} />
              <div className="md-muted">
                {t([`short.${workload.reason}`, 'short.unknown'], { reason: workload.reason })}
              </div>
            </td>
            <td>
              <PodCount workload={workload} />
            </td>
            <td>{workload.proxyVersions.join(', ') || '–'}</td>
            <td>
              {workload.services.length === 0
                ? '–'
                : workload.services.map((service) => (
                    <div key={service}>
                      <AppLink place={places.service(mesh, workload.namespace, service)}>{service}</AppLink>
                    </div>
                  ))}
            </td>
            {any && (
              <td>
                {rightTo(workload)?.allowed && (
                  <Button
                    size="small"
                    aria-label={t('restart.titleOf', { name: workload.name })}
                    onClick={() => onRestart(workloadTarget(workload))}
                  >
                    {t('restart.one')}
                  </Button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
