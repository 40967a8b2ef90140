import { accessCheck, useCans, type Can } from '../../lib/access.ts'
import type { WorkloadTarget } from './targets.ts'

const scopeOf = ({ cluster, kind, namespace }: WorkloadTarget): string => `${cluster}/${kind}/${namespace}`

/** Whether each workload may be restarted: asked once for each cluster, kind and namespace. */
export function useRestartRights(workloads: readonly WorkloadTarget[]): (workload: WorkloadTarget) => Can | undefined {
  const scopes = [...new Map(workloads.map((workload) => [scopeOf(workload), workload])).entries()]
  const answers = useCans(
    scopes.map(([, { cluster, kind, namespace }]) => accessCheck('patch', kind, { cluster, namespace })),
  )
  const byScope = new Map(scopes.map(([scope], index) => [scope, answers[index]]))
  return (workload) => byScope.get(scopeOf(workload))
}
