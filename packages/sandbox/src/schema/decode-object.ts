import { badRequest } from '../api/errors.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { isRecord } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Schema, SchemaSource } from './schema.ts'

/** Field types as the server's own language calls them in its message. */
const GO_TYPES: Readonly<Record<string, string>> = {
  integer: 'int32',
  string: 'string',
  boolean: 'bool',
  number: 'float64',
}

/**
 * Built-in kinds are decoded into structs before anything else looks at them: a value of the wrong type ends there.
 *
 * @throws StatusError 400 that names the first such field.
 */
export function checkDecodable(type: ResourceType, schema: Schema, object: KubeObject, source: SchemaSource): void {
  const found = mismatch(schema, object, source, '', type.kind)
  if (found === undefined) return
  const version = type.group === '' ? type.version : `${type.group}/${type.version}`
  throw badRequest(
    `${type.kind} in version "${version.split('/').at(-1) ?? ''}" cannot be handled as a ${type.kind}: json: cannot unmarshal ${found.value} into Go struct field ${found.struct}.${found.field} of type ${found.type}`,
  )
}

interface Mismatch {
  readonly field: string
  /** The struct that the field is in. */
  readonly struct: string
  readonly value: string
  readonly type: string
}

function mismatch(
  given: Schema,
  value: unknown,
  source: SchemaSource,
  path: string,
  struct: string,
): Mismatch | undefined {
  const schema = source.resolve(given)
  if (value === null || value === undefined) return undefined
  // Quantities and ports may be written either way.
  if (schema.type === undefined || schema.format === 'int-or-string' || schema.oneOf !== undefined) return undefined
  if (!fits(value, schema.type)) {
    return {
      field: path,
      struct,
      value: Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value,
      type: goType(schema),
    }
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const item of value) {
      const found = mismatch(schema.items, item, source, path, struct)
      if (found !== undefined) return found
    }
  }
  if (!isRecord(value)) return undefined
  for (const [name, field] of Object.entries(value)) {
    const own = schema.properties
    const inner =
      own !== undefined && Object.hasOwn(own, name)
        ? own[name]
        : typeof schema.additionalProperties === 'object'
          ? schema.additionalProperties
          : undefined
    const found =
      inner === undefined
        ? undefined
        : mismatch(inner, field, source, path === '' ? name : `${path}.${name}`, structOf(given) ?? struct)
    if (found !== undefined) return found
  }
  return undefined
}

/** The last part of the schema's name, which is the struct's. */
function structOf({ $ref, allOf }: Schema): string | undefined {
  return ($ref ?? allOf?.[0]?.$ref)?.split('.').at(-1)
}

function fits(value: unknown, type: NonNullable<Schema['type']>): boolean {
  if (type === 'object') return isRecord(value)
  if (type === 'array') return Array.isArray(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function goType(schema: Schema): string {
  if (schema.type === 'array') return 'slice'
  if (schema.type === 'object') return 'map'
  return schema.format === 'int64' ? 'int64' : (GO_TYPES[schema.type ?? ''] ?? String(schema.type))
}
