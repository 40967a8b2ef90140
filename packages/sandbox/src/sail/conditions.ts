import { timestamp } from '../api/metadata.ts'
import type { ControllerContext } from '../controllers/controller-context.ts'
import { listAt, sameJson, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'

export interface Condition {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason?: string
  readonly message?: string
}

/** What cannot be reconciled, in the words of its condition. */
export class ReconcileError extends Error {
  override readonly name = 'ReconcileError'
  readonly reason: string

  constructor(message: string, reason = 'ReconcileError') {
    super(message)
    this.reason = reason
  }
}

export function isTrue(object: KubeObject | undefined, type: string): boolean {
  return listAt(object, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
  )
}

/** Writes the conditions, the state that follows from them, and what else the status says; nothing when it says it already. */
export function writeStatus(
  { api, clock }: ControllerContext,
  resource: ResourceKey,
  name: string,
  conditions: readonly Condition[],
  more: Readonly<Record<string, unknown>> = {},
): void {
  const object = api.get(resource, undefined, name)
  if (object === undefined) return
  const now = timestamp(clock.now())
  const status = {
    ...more,
    observedGeneration: object.metadata.generation,
    state: stateOf(conditions),
    conditions: conditions.map((condition) => {
      const before = listAt(object, 'status', 'conditions').find((old) => textAt(old, 'type') === condition.type)
      const kept = before !== undefined && textAt(before, 'status') === condition.status
      return { ...condition, lastTransitionTime: kept ? textAt(before, 'lastTransitionTime') : now }
    }),
  }
  if (!sameJson(object.status, status)) api.updateStatus(resource, { ...object, status })
}

/** Only what stands for health; whether something is in use says nothing of it. */
const HEALTH = ['Reconciled', 'DependenciesHealthy', 'Ready']

function stateOf(conditions: readonly Condition[]): string {
  for (const type of HEALTH) {
    const condition = conditions.find((each) => each.type === type)
    if (condition?.status === 'False') return condition.reason ?? type
  }
  return 'Healthy'
}
