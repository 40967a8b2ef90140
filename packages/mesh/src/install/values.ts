import { isRecord } from '@meshdeck/kube'

export type Values = Record<string, unknown>

/**
 * Deep merge as Helm does it: objects into each other, anything else replaced. `null` takes away what is there, and where
 * nothing is it is handed on, so that it takes away a default of the chart.
 */
export function mergedValues(base: Values, over: Values): Values {
  const result: Values = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const before = result[name]
    if (value === null && before !== undefined) delete result[name]
    else result[name] = isRecord(before) && isRecord(value) ? mergedValues(before, value) : value
  }
  return result
}

/** Whether `values` say all that `part` says. */
export function saysAll(values: unknown, part: unknown): boolean {
  if (!isRecord(part)) return isSame(values, part)
  return isRecord(values) && Object.entries(part).every(([name, value]) => saysAll(values[name], value))
}

/** What `values` say beyond `part`, which they say as well. */
export function without(values: Values, part: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (!(name in part)) return [[name, value]]
      const other = part[name]
      if (!isRecord(value) || !isRecord(other)) return []
      const rest = without(value, other)
      return Object.keys(rest).length === 0 ? [] : [[name, rest]]
    }),
  )
}

/** Without fields that are undefined, and without objects that are empty then. Lists stay as they are. */
export function withoutEmpty(value: unknown): unknown {
  if (!isRecord(value)) return value
  const kept = Object.entries(value).flatMap(([name, each]) => {
    const inner = withoutEmpty(each)
    return inner === undefined ? [] : [[name, inner] as const]
  })
  return kept.length === 0 ? undefined : Object.fromEntries(kept)
}

/** Whether two plain values are equal, whatever the order of their keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, index) => isSame(each, b[index]))
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isSame(a[key], b[key]))
}
