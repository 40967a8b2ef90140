import { recordAt, sameJson } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'
import { isReady } from './replica-sets.ts'

const BUDGETS = 'policy/poddisruptionbudgets'

/** Counts how many pods of a budget may be evicted now. */
export function startDisruptionBudgets(context: ControllerContext): () => void {
  const { api } = context
  const { again, stop } = reconcileEach(context, 'budget', BUDGETS, (budget) => {
    const selector = recordAt(budget, 'spec')['selector']
    const pods = api
      .list('pods', budget.metadata.namespace)
      .filter((pod) => matchesLabelSelector(selector, pod.metadata.labels ?? {}))
    const healthy = pods.filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined).length
    const desired = desiredHealthy(budget, pods.length)
    const status = {
      observedGeneration: budget.metadata.generation,
      expectedPods: pods.length,
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: Math.max(0, healthy - desired),
    }
    if (!sameJson(budget.status, status)) api.updateStatus(BUDGETS, { ...budget, status })
  })
  const stopPods = api.watch('pods', ({ object }) => {
    for (const { metadata } of api.list(BUDGETS, object.metadata.namespace)) again(metadata.namespace, metadata.name)
  })
  return () => {
    stop()
    stopPods()
  }
}

function desiredHealthy(budget: KubeObject, expected: number): number {
  const { minAvailable, maxUnavailable } = recordAt(budget, 'spec')
  if (minAvailable !== undefined) return share(minAvailable, expected)
  return Math.max(0, expected - share(maxUnavailable ?? 0, expected))
}

/** A number, or a share of the pods as `50%`, rounded up. */
function share(value: unknown, expected: number): number {
  if (typeof value === 'number') return value
  return Math.ceil((expected * Number.parseFloat(String(value))) / 100)
}
