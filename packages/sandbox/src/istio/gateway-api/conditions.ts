import { listAt, textAt } from '../../json.ts'

/** A condition as the Gateway API asks for it. Source: https://gateway-api.sigs.k8s.io/geps/gep-1364/ */
export interface GatewayCondition {
  readonly type: string
  readonly status: 'True' | 'False'
  readonly reason: string
  readonly message: string
}

/** With the generation that it is about, and the time since when it says so. */
export function stamped(
  conditions: readonly GatewayCondition[],
  before: unknown,
  generation: unknown,
  now: string,
): readonly Record<string, unknown>[] {
  return conditions.map((condition) => {
    const old = listAt(before, 'conditions').find((each) => textAt(each, 'type') === condition.type)
    const kept = old !== undefined && textAt(old, 'status') === condition.status
    return {
      ...condition,
      observedGeneration: generation,
      lastTransitionTime: (kept ? textAt(old, 'lastTransitionTime') : undefined) ?? now,
    }
  })
}
