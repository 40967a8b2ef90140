import { isRecord } from '../json.ts'
import { OBJECT_META } from '../patch/object-meta-schema.ts'
import type { Schema, SchemaSource } from './schema.ts'

export interface Pruned {
  readonly value: unknown
  /** Paths of what was dropped, such as `spec.http[0].foo`. */
  readonly unknown: readonly string[]
}

/** Fields of every object that a custom resource's schema need not name. */
const FRAME = new Set(['apiVersion', 'kind', 'metadata'])

/** Drops fields that the schema does not know, and says which; the same value comes back when all are known. */
export function pruneObject(schema: Schema, value: unknown, source: SchemaSource): Pruned {
  const unknown: string[] = []
  return { value: prune(schema, value, source, '', true, unknown), unknown }
}

function prune(
  given: Schema,
  value: unknown,
  source: SchemaSource,
  path: string,
  isResource: boolean,
  unknown: string[],
): unknown {
  const schema = source.resolve(given)
  if (Array.isArray(value)) {
    const { items } = schema
    if (items === undefined) return value
    const kept = value.map((item, index) => prune(items, item, source, `${path}[${index}]`, false, unknown))
    return kept.some((item, index) => item !== value[index]) ? kept : value
  }
  if (!isRecord(value)) return value
  const { properties, additionalProperties } = schema
  const keepsAll =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    additionalProperties === true ||
    // Nothing is said of what is inside: an object of any shape.
    (properties === undefined && additionalProperties === undefined && !isResource)
  const framed = isResource || schema['x-kubernetes-embedded-resource'] === true
  const result: [string, unknown][] = []
  let same = true
  for (const [name, field] of Object.entries(value)) {
    const inner = path === '' ? name : `${path}.${name}`
    const known = properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
    let kept: unknown = field
    if (known !== undefined && !(framed && name === 'metadata' && isBare(known))) {
      kept = prune(known, field, source, inner, false, unknown)
    } else if (framed && FRAME.has(name)) {
      if (name === 'metadata') reportMetadata(field, inner, unknown)
    } else if (typeof additionalProperties === 'object') {
      kept = prune(additionalProperties, field, source, inner, false, unknown)
    } else if (!keepsAll) {
      unknown.push(inner)
      same = false
      continue
    }
    if (kept !== field) same = false
    result.push([name, kept])
  }
  return same ? value : Object.fromEntries(result)
}

/** Custom resources' `metadata: {type: object}`; what it says of the name restricts that and hides nothing else. */
function isBare(schema: Schema): boolean {
  return schema.$ref === undefined && schema.allOf === undefined
}

const METADATA = new Set([
  ...Object.keys(OBJECT_META.properties ?? {}),
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
])

function reportMetadata(metadata: unknown, path: string, unknown: string[]): void {
  if (!isRecord(metadata)) return
  for (const name of Object.keys(metadata)) if (!METADATA.has(name)) unknown.push(`${path}.${name}`)
}
