import { badRequest } from '../api/errors.ts'
import { isRecord, sameJson } from '../json.ts'
import type { Schema, SchemaSource } from '../schema/schema.ts'

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const DELETE_FROM = '$deleteFromPrimitiveList/'
const SET_ORDER = '$setElementOrder/'

/**
 * Applies a strategic merge patch: a merge patch that knows which lists are maps by a key.
 * Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 *
 * @throws StatusError 400 for a directive that is none, or a list element without its key.
 */
export function applyStrategicMergePatch(
  schema: Schema,
  source: SchemaSource,
  current: unknown,
  patch: unknown,
): unknown {
  if (!isRecord(patch)) throw badRequest('the patch must be an object')
  return mergeObject({ source }, schema, isRecord(current) ? current : {}, patch)
}

interface Context {
  readonly source: SchemaSource
}

type Fields = Record<string, unknown>

function mergeObject(context: Context, given: Schema | undefined, current: Fields, patch: Fields): Fields {
  const schema = given === undefined ? undefined : context.source.resolve(given)
  const directive = patch[DIRECTIVE]
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`Unexpected value ${JSON.stringify(directive)} of ${DIRECTIVE}; expected merge, replace or delete`)
  }
  const retained = patch[RETAIN_KEYS]
  const result = new Map(
    Object.entries(current).filter(([name]) => !Array.isArray(retained) || retained.includes(name)),
  )
  for (const [name, part] of Object.entries(patch)) {
    if (name.startsWith('$')) continue
    const field = fieldSchema(context, schema, name)
    if (part === null) result.delete(name)
    else if (isRecord(part)) {
      const old = result.get(name)
      const replaces = strategies(field).includes('replace')
      if (part[DIRECTIVE] === 'delete') result.delete(name)
      else
        result.set(
          name,
          replaces ? withoutDirectives(part) : mergeObject(context, field, isRecord(old) ? old : {}, part),
        )
    } else if (Array.isArray(part)) result.set(name, mergeList(context, field, result.get(name), part))
    else result.set(name, part)
  }
  applyListDirectives(context, schema, result, current, patch)
  return Object.fromEntries(result)
}

function mergeList(context: Context, schema: Schema | undefined, current: unknown, patch: readonly unknown[]): unknown {
  const old = Array.isArray(current) ? current : []
  const replaced = patch.some(
    (item) => isRecord(item) && item[DIRECTIVE] === 'replace' && Object.keys(item).length === 1,
  )
  if (!strategies(schema).includes('merge') || replaced) {
    return patch
      .filter((item) => !(isRecord(item) && Object.hasOwn(item, DIRECTIVE) && Object.keys(item).length === 1))
      .map((item) => (isRecord(item) ? withoutDirectives(item) : item))
  }
  const key = schema?.['x-kubernetes-patch-merge-key']
  if (key === undefined) return [...old, ...patch.filter((item) => !old.some((other) => sameJson(other, item)))]
  let result: unknown[] = [...old]
  for (const item of patch) {
    if (!isRecord(item)) throw badRequest(`an element of a list that is merged by ${key} must be an object`)
    const id = item[key]
    if (id === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    }
    const index = result.findIndex((other) => isRecord(other) && sameJson(other[key], id))
    if (item[DIRECTIVE] === 'delete') result = result.filter((_, position) => position !== index)
    else {
      const found = result[index]
      const merged = mergeObject(context, schema?.items, isRecord(found) ? found : {}, item)
      if (index < 0) result.push(merged)
      else result[index] = merged
    }
  }
  return inOrder(result, patch, old, key)
}

function applyListDirectives(
  context: Context,
  schema: Schema | undefined,
  result: Map<string, unknown>,
  current: Fields,
  patch: Fields,
): void {
  for (const [name, part] of Object.entries(patch)) {
    if (!Array.isArray(part)) continue
    if (name.startsWith(DELETE_FROM)) {
      const field = name.slice(DELETE_FROM.length)
      const old = result.get(field)
      if (Array.isArray(old))
        result.set(
          field,
          old.filter((item) => !part.some((gone) => sameJson(gone, item))),
        )
    } else if (name.startsWith(SET_ORDER)) {
      const field = name.slice(SET_ORDER.length)
      const old = result.get(field)
      const key = fieldSchema(context, schema, field)?.['x-kubernetes-patch-merge-key']
      const before = current[field]
      if (Array.isArray(old)) result.set(field, inOrder(old, part, Array.isArray(before) ? before : [], key))
    }
  }
}

/**
 * The merged list in the server's order of merging: elements of the patch as the patch has them, the others between them
 * as they stood before. Source: k8s.io/apimachinery/pkg/util/strategicpatch, `normalizeElementOrder`.
 */
function inOrder(
  merged: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  key: string | undefined,
): unknown[] {
  const idOf = (item: unknown): unknown => (key !== undefined && isRecord(item) ? item[key] : item)
  const indexIn = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((other) => sameJson(idOf(other), idOf(item)))
  const patched = merged
    .filter((item) => indexIn(order, item) >= 0)
    .toSorted((a, b) => indexIn(order, a) - indexIn(order, b))
  const others = merged.filter((item) => indexIn(order, item) < 0)
  const result: unknown[] = []
  while (patched.length > 0 && others.length > 0) {
    const [left, right] = [indexIn(before, others[0]), indexIn(before, patched[0])]
    result.push(left >= 0 && right >= 0 && left < right ? others.shift() : patched.shift())
  }
  return [...result, ...others, ...patched]
}

function fieldSchema(context: Context, schema: Schema | undefined, name: string): Schema | undefined {
  const own = schema?.properties
  if (own !== undefined && Object.hasOwn(own, name)) {
    const field = own[name]
    // The extensions of a list stand beside its reference, so both are kept.
    return field === undefined ? undefined : { ...context.source.resolve(field), ...extensionsOf(field) }
  }
  const additional = schema?.additionalProperties
  return typeof additional === 'object' ? context.source.resolve(additional) : undefined
}

function extensionsOf(schema: Schema): Partial<Schema> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name.startsWith('x-kubernetes-')))
}

function strategies(schema: Schema | undefined): readonly string[] {
  return schema?.['x-kubernetes-patch-strategy']?.split(',') ?? []
}

function withoutDirectives(value: Fields): Fields {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('$'))
      .map(([name, part]) => [name, isRecord(part) ? withoutDirectives(part) : part]),
  )
}
