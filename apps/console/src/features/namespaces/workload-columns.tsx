import type { WorkloadView } from '@meshdeck/contract'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import type { DataColumn } from '../../components/data-table.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'
import { PodCount } from './restart-panel.tsx'

function outdatedReason(t: TFunction<'namespaces'>, outdated: NonNullable<WorkloadView['outdated']>) {
  const { pods, version, pinned } = outdated
  const why = t('outdated.reason', { count: pods, version })
  return [why, t(pinned ? 'outdated.pinned' : 'outdated.byRestart')].join(' ')
}

/** Columns of the list of workloads and their sidecars. */
export function useWorkloadColumns(): DataColumn<WorkloadView>[] {
  const { t } = useTranslation('namespaces')
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
                {t('outdated.mark')}
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
