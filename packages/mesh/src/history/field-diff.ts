import { isRecord } from '@meshdeck/kube'

export type FieldPath = readonly (string | number)[]

/** One field that differs. `before` absent: it is new; `after` absent: it goes. */
export interface FieldChange {
  path: FieldPath
  before: unknown
  after: unknown
}

/** Fields that differ between two values, deepest first known. Lists are compared place by place. */
export function fieldChanges(before: unknown, after: unknown, path: FieldPath = []): FieldChange[] {
  if (sameValue(before, after)) return []
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      fieldChanges(before[key], after[key], [...path, key]),
    )
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => at).flatMap((at) =>
      fieldChanges(before[at], after[at], [...path, at]),
    )
  }
  return [{ path, before, after }]
}

/** Whether two plain values are equal, whatever the order of their keys. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => sameValue(item, b[at]))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]))
}

/** `spec.http[0].timeout`, as API servers write it. */
export function printFieldPath(path: FieldPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const plain = /^[A-Za-z_][\w-]*$/.test(step)
    if (!plain) return `${text}["${step}"]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
