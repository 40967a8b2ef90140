import { isRecord } from '@meshdeck/kube'

export type Labels = Readonly<Record<string, string>>

/** A label selector as Kubernetes means it: all requirements must hold, and an empty one selects everything. */
export interface LabelSelector {
  matchLabels: Labels
  matchExpressions: readonly LabelRequirement[]
}

export interface LabelRequirement {
  key: string
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`; anything else matches nothing. */
  operator: string
  values: readonly string[]
}

/** Reads a selector from an object of the API; absent means empty, which selects everything. */
export function parseLabelSelector(value: unknown): LabelSelector {
  const selector = isRecord(value) ? value : {}
  const expressions = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : []
  return {
    matchLabels: stringsOf(selector['matchLabels']),
    matchExpressions: expressions.filter(isRecord).map((expression) => ({
      key: String(expression['key']),
      operator: String(expression['operator']),
      values: Array.isArray(expression['values']) ? expression['values'].map(String) : [],
    })),
  }
}

/**
 * Whether the labels fulfil the selector. `NotIn` holds for a missing key, as in Kubernetes.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => labelOf(labels, key) === value) &&
    selector.matchExpressions.every((requirement) => fulfils(requirement, labels))
  )
}

function fulfils({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key)
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}

/** A label's value; never something inherited (`constructor` is a legal label key). */
export function labelOf(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
}

function stringsOf(value: unknown): Labels {
  if (!isRecord(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]))
}
