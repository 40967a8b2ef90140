import type { WorkloadView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { FailureLines } from './failure-lines.tsx'
import { namespaceQueries, UNDECIDED } from './queries.ts'
import { printTarget, workloadKey } from './targets.ts'

/** More are one click away. */
const SHOWN = 20

/** What the mesh-wide switch touches: the workloads that say nothing themselves, in namespaces that say nothing. */
export function TouchedWorkloads() {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const query = useQuery(namespaceQueries.undecided(mesh))
  return (
    <QueryView query={query}>
      {({ items, total, failures }) => (
        <div className="md-stack">
          <FailureLines failures={failures} />
          <p role="status">
            {total === 0
              ? t('global.touchesNothing')
              : t('global.touches', {
                  count: total,
                  namespaces: new Set(items.map(({ cluster, namespace }) => `${cluster}/${namespace}`)).size,
                  pods: items.reduce((sum, { pods }) => sum + pods, 0),
                  injected: items.reduce((sum, { injectedPods }) => sum + injectedPods, 0),
                })}
          </p>
          {total > 0 && <Workloads items={items} />}
          {total > SHOWN && (
            <AppLink place={places.sidecarWorkloads(mesh, { reasons: UNDECIDED.join(','), system: 'true' })}>
              {t('global.all', { count: total })}
            </AppLink>
          )}
        </div>
      )}
    </QueryView>
  )
}

function Workloads({ items }: { items: readonly WorkloadView[] }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  return (
    <ul className="md-affected" aria-label={t('global.touched')}>
      {items.slice(0, SHOWN).map((workload) => (
        <li key={workloadKey(workload)}>
          <strong>
            <AppLink place={places.sidecarNamespaces(mesh, { open: printTarget(workload) })}>{workload.name}</AppLink>
          </strong>{' '}
          <span className="md-muted">
            {[workload.kind, workload.namespace, workload.cluster].join(' · ')} ·{' '}
            {t('global.podsOf', { count: workload.pods, injected: workload.injectedPods })}
          </span>
        </li>
      ))}
    </ul>
  )
}
