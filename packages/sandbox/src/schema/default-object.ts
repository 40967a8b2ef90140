import { isRecord } from '../json.ts'
import type { Schema, SchemaSource } from './schema.ts'

/** A value with the defaults of its schema; the same one when nothing was missing. */
export function withDefaults(schema: Schema, value: unknown, source: SchemaSource): unknown {
  const resolved = source.resolve(schema)
  if (Array.isArray(value)) {
    const { items } = resolved
    if (items === undefined) return value
    const filled = value.map((item) => withDefaults(items, item, source))
    return filled.some((item, index) => item !== value[index]) ? filled : value
  }
  if (!isRecord(value)) return value
  let result = value
  const set = (name: string, field: unknown): void => {
    if (result === value) result = { ...value }
    result[name] = field
  }
  for (const [name, field] of Object.entries(resolved.properties ?? {})) {
    const old = Object.hasOwn(value, name) ? value[name] : undefined
    const missing = old === undefined || (old === null && source.resolve(field).nullable !== true)
    const { default: standard } = field
    if (missing && standard !== undefined) set(name, withDefaults(field, structuredClone(standard), source))
    else if (old !== undefined) {
      const filled = withDefaults(field, old, source)
      if (filled !== old) set(name, filled)
    }
  }
  const { additionalProperties } = resolved
  if (typeof additionalProperties === 'object') {
    for (const [name, old] of Object.entries(value)) {
      if (resolved.properties !== undefined && Object.hasOwn(resolved.properties, name)) continue
      const filled = withDefaults(additionalProperties, old, source)
      if (filled !== old) set(name, filled)
    }
  }
  return result
}
