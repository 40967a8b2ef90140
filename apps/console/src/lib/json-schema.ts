import { isRecord } from '@meshdeck/kube'

/** The part of JSON Schema that the server sends for an editor. */
export interface JsonSchema {
  type?: string
  description?: string
  enum?: readonly unknown[]
  required?: readonly string[]
  default?: unknown
  minimum?: number
  maximum?: number
  properties?: Readonly<Record<string, JsonSchema>>
  items?: JsonSchema
  additionalProperties?: JsonSchema
  /** More may be there than is listed. */
  open?: boolean
}

/** Stands for any element of a list in a path of a schema. */
export const ITEM = '[]'

/** The schema at a path of keys and `ITEM`s; undefined where the schema says nothing. */
export function schemaAt(schema: JsonSchema | undefined, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((found, step) => {
    if (step === ITEM) return found?.items
    return found?.properties && Object.hasOwn(found.properties, step)
      ? found.properties[step]
      : found?.additionalProperties
  }, schema)
}

/** What is wrong with a value beside its schema. `path` as the API server prints fields. */
export interface SchemaFault {
  path: readonly (string | number)[]
  code: 'unknown' | 'type' | 'value' | 'missing'
  values: Record<string, string>
}

/** Beyond that the reader has enough to mend. */
const MAX_FAULTS = 50

/** Fields that nobody knows, values of another type or not of those allowed, and required fields that are not there. */
export function schemaFaults(value: unknown, schema: JsonSchema): SchemaFault[] {
  const faults: SchemaFault[] = []
  visit(value, schema, [])
  return faults

  function visit(each: unknown, own: JsonSchema, path: readonly (string | number)[]): void {
    // A field without a value is one that is not there yet.
    if (faults.length >= MAX_FAULTS || each === null || each === undefined) return
    if (own.type !== undefined && !isOfType(each, own.type)) {
      faults.push({ path, code: 'type', values: { type: own.type } })
      return
    }
    if (own.enum !== undefined && !own.enum.includes(each)) {
      faults.push({ path, code: 'value', values: { value: String(each), allowed: own.enum.join(', ') } })
      return
    }
    if (Array.isArray(each)) {
      const { items } = own
      if (items !== undefined) each.forEach((item, at) => visit(item, items, [...path, at]))
      return
    }
    if (isRecord(each)) visitFields(each, own, path)
  }

  function visitFields(fields: Record<string, unknown>, own: JsonSchema, path: readonly (string | number)[]): void {
    for (const [name, inner] of Object.entries(fields)) {
      const schemaOf = schemaAt(own, [name])
      if (schemaOf !== undefined) visit(inner, schemaOf, [...path, name])
      else if (own.properties !== undefined && own.open !== true)
        faults.push({ path: [...path, name], code: 'unknown', values: { name } })
    }
    for (const name of own.required ?? []) {
      if (!Object.hasOwn(fields, name)) faults.push({ path, code: 'missing', values: { name } })
    }
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    case 'number':
    case 'string':
    case 'boolean':
      return typeof value === type
    default:
      return true
  }
}
