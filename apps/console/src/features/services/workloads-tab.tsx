import type { ServiceDetail } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { TagList } from '../../resource-kit/column-cell.tsx'
import { WorkloadSidecar } from '../../resource-kit/workload-sidecar.tsx'

/** The workloads whose pods the service selects. */
export function WorkloadsTab({ detail: { workloads } }: { detail: ServiceDetail }) {
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  if (workloads.length === 0) {
    return (
      <section className="md-card">
        <EmptyState title={t('workloads.none')}>{t('workloads.noneHint')}</EmptyState>
      </section>
    )
  }
  return (
    <section className="md-card">
      <table className="md-plain-table" aria-label={t('tabs.workloads')}>
        <thead>
          <tr>
            <th scope="col">{t('glossary:name')}</th>
            <th scope="col">{t('workloads.kind')}</th>
            <th scope="col">{t('glossary:cluster')}</th>
            <th scope="col">{t('columns.versions')}</th>
            <th scope="col">{t('columns.ready')}</th>
            <th scope="col">{t('addresses.sidecar')}</th>
            <th scope="col">{t('workloads.proxy')}</th>
            <th scope="col">{t('workloads.podLabels')}</th>
          </tr>
        </thead>
        <tbody>
          {workloads.map((workload) => {
            const labels = Object.entries(workload.podLabels).map(([key, value]) => `${key}=${value}`)
            return (
              <tr key={[workload.cluster, workload.kind, workload.name].join('/')}>
                <td>{workload.name}</td>
                <td>{workload.kind}</td>
                <td>{workload.cluster}</td>
                <td>{workload.version ?? '–'}</td>
                <td>{t('readyOf', { ready: workload.ready, count: workload.replicas })}</td>
                <td>
                  <WorkloadSidecar workload={workload} />
                </td>
                <td>{workload.proxyVersions.join(', ') || '–'}</td>
                <td>{labels.length === 0 ? '–' : <TagList texts={labels} />}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="md-card-body">
        <AppLink place={places.sidecarNamespaces(mesh)}>{t('workloads.manage')}</AppLink>
      </p>
    </section>
  )
}
