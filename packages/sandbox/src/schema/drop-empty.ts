import { isRecord } from '../json.ts'
import type { Schema, SchemaSource } from './schema.ts'

/** An object without empty maps, which the formats of built-in kinds leave out. Structs stay: `emptyDir: {}` says something. */
export function withoutEmptyMaps(schema: Schema, value: unknown, source: SchemaSource): unknown {
  const resolved = source.resolve(schema)
  if (Array.isArray(value)) {
    const { items } = resolved
    if (items === undefined) return value
    const kept = value.map((item) => withoutEmptyMaps(items, item, source))
    return kept.some((item, index) => item !== value[index]) ? kept : value
  }
  if (!isRecord(value) || resolved.properties === undefined) return value
  let result = value
  for (const [name, field] of Object.entries(value)) {
    const inner = Object.hasOwn(resolved.properties, name) ? resolved.properties[name] : undefined
    if (inner === undefined) continue
    const isMap = source.resolve(inner).additionalProperties !== undefined
    const kept =
      isMap && isRecord(field) && Object.keys(field).length === 0 ? undefined : withoutEmptyMaps(inner, field, source)
    if (kept === field) continue
    if (result === value) result = { ...value }
    if (kept === undefined) delete result[name]
    else result[name] = kept
  }
  return result
}
