import { readPath, type Condition, type KindId, type KubeResource } from '@meshdeck/kube'

export interface Readiness {
  /** `Unknown`: under way. */
  status: Condition['status']
  reason: string
  message: string
}

/** Conditions of the operator that say whether something works, the one to tell first in front. */
const TELLING = ['Reconciled', 'DependenciesHealthy', 'Ready'] as const

/** What an object that was applied says of itself. Source: https://github.com/istio-ecosystem/sail-operator (status of its kinds) */
export function readinessOf(kind: KindId, object: KubeResource): Readiness {
  const what = `${kind} ${object.metadata.name}`
  if (kind === 'Namespace') return { status: 'True', reason: 'Ready', message: `${what} is there.` }
  const conditions = conditionsOf(object)
  const isFresh = readPath(object, 'status.observedGeneration') === object.metadata.generation
  if (conditions.length === 0 || !isFresh) {
    return { status: 'Unknown', reason: 'Waiting', message: `The operator has not looked at ${what} yet.` }
  }
  for (const type of TELLING) {
    const condition = conditions.find((each) => each.type === type)
    if (condition?.status !== 'False') continue
    const message = `${what}: ${condition.message || condition.reason}.`
    // What is being started is not ready; what cannot be reconciled needs somebody.
    return type === 'Reconciled'
      ? { status: 'False', reason: condition.reason, message }
      : { status: 'Unknown', reason: condition.reason, message }
  }
  return { status: 'True', reason: 'Ready', message: `${what} is ready.` }
}

function conditionsOf(object: KubeResource): Condition[] {
  const conditions = readPath(object, 'status.conditions')
  return Array.isArray(conditions) ? conditions : []
}
