import { isRecord, sameJson } from '../json.ts'
import type { Schema, SchemaSource } from '../schema/schema.ts'
import { OBJECT_META } from './object-meta-schema.ts'

/**
 * Fields of an object that somebody owns, as a tree. A name is written as in `FieldsV1`: `f:NAME` for a field,
 * `k:{…}` for an element of a list that is a map, `v:…` for an element of a list that is a set.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export interface FieldSet {
  /** The field itself, not only something inside it. */
  readonly own: boolean
  readonly children: ReadonlyMap<string, FieldSet>
}

export const EMPTY_SET: FieldSet = { own: false, children: new Map() }
const OWN: FieldSet = { own: true, children: new Map() }

export interface SchemaContext {
  readonly schema: Schema | undefined
  readonly source: SchemaSource
  /** A kind of the server's own, whose structs are there from the beginning. */
  readonly builtin: boolean
}

export function schemaContext(schema: Schema | undefined, source: SchemaSource): SchemaContext {
  return { schema, source, builtin: schema !== undefined && Object.hasOwn(schema, 'x-kubernetes-group-version-kind') }
}

/** What changed between two values: fields that came or became another, and fields that went. */
export interface FieldChanges {
  readonly changed: FieldSet
  readonly removed: FieldSet
}

/** Structs of built-in kinds that always exist, so that nobody owns them for making them. */
const ALWAYS_THERE = new Set([
  'f:metadata',
  'f:spec',
  'f:status',
  'f:strategy',
  'f:template',
  'f:updateStrategy',
  'f:containers',
])
/** Fields of an object's frame and of its metadata that nobody owns. */
const FRAME = new Set(['apiVersion', 'kind'])
const UNOWNED_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'generation',
  'resourceVersion',
  'managedFields',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'generateName',
])

function isAlwaysThere(name: string, { builtin }: SchemaContext): boolean {
  return name === 'f:metadata' || (builtin && ALWAYS_THERE.has(name))
}

/** An object without what nobody owns. */
export function ownable(object: unknown): Record<string, unknown> {
  if (!isRecord(object)) return {}
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {}
  const rest = Object.entries(metadata).filter(([name]) => !UNOWNED_METADATA.has(name))
  return Object.fromEntries([
    ...Object.entries(object).filter(([name]) => !FRAME.has(name) && name !== 'metadata'),
    ...(rest.length > 0 ? [['metadata', Object.fromEntries(rest)] as const] : []),
  ])
}

/**
 * The fields of a value. Containers belong to whoever made them (`containers: true`), while an applied configuration
 * owns its leaves and the elements of its lists only.
 */
function fieldsOf(value: unknown, context: SchemaContext, containers: boolean): FieldSet {
  const parts = partsOf(value, context)
  if (parts === undefined || parts.length === 0) return OWN
  return { own: false, children: childrenOf(parts, containers) }
}

/** The fields of a whole object, of which nobody owns the object itself. */
export function fieldsOfObject(object: unknown, context: SchemaContext, containers: boolean): FieldSet {
  return { own: false, children: childrenOf(partsOf(ownable(object), context) ?? [], containers) }
}

function childrenOf(parts: readonly FieldPart[], containers: boolean): ReadonlyMap<string, FieldSet> {
  const children = new Map<string, FieldSet>()
  for (const { name, value: part, context: inner } of parts) {
    const set = fieldsOf(part, inner, containers)
    children.set(name, { ...set, own: set.own || name.startsWith('k:') || (containers && !isAlwaysThere(name, inner)) })
  }
  return children
}

/** Compares two values field by field. */
export function compareFields(before: unknown, after: unknown, context: SchemaContext): FieldChanges {
  const old = partsOf(before, context)
  const now = partsOf(after, context)
  if (old === undefined || now === undefined) {
    return sameJson(before, after)
      ? { changed: EMPTY_SET, removed: EMPTY_SET }
      : { changed: now === undefined ? OWN : { ...fieldsOf(after, context, true), own: true }, removed: EMPTY_SET }
  }
  const changed = new Map<string, FieldSet>()
  const removed = new Map<string, FieldSet>()
  const oldParts = new Map(old.map((part) => [part.name, part]))
  for (const part of now) {
    const other = oldParts.get(part.name)
    oldParts.delete(part.name)
    if (other === undefined) {
      const set = fieldsOf(part.value, part.context, true)
      changed.set(part.name, { ...set, own: set.own || !isAlwaysThere(part.name, part.context) })
      continue
    }
    if (other.value === part.value) continue
    const inner = compareFields(other.value, part.value, part.context)
    if (!isEmptySet(inner.changed)) changed.set(part.name, inner.changed)
    if (!isEmptySet(inner.removed)) removed.set(part.name, inner.removed)
  }
  for (const [name, part] of oldParts) removed.set(name, { ...fieldsOf(part.value, part.context, true), own: true })
  return { changed: { own: false, children: changed }, removed: { own: false, children: removed } }
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.own && [...set.children.values()].every(isEmptySet)
}

export function unite(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children)
  for (const [name, set] of b.children) {
    const other = children.get(name)
    children.set(name, other === undefined ? set : unite(other, set))
  }
  return { own: a.own || b.own, children }
}

export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [name, set] of a.children) {
    const other = b.children.get(name)
    const left = other === undefined ? set : subtract(set, other)
    if (!isEmptySet(left)) children.set(name, left)
  }
  return { own: a.own && !b.own, children }
}

export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const [name, set] of a.children) {
    const other = b.children.get(name)
    const both = other === undefined ? EMPTY_SET : intersect(set, other)
    if (!isEmptySet(both)) children.set(name, both)
  }
  return { own: a.own && b.own, children }
}

/** Paths of all fields in the set, as `.spec.ports[port=80].name`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const paths = set.own && prefix !== '' ? [prefix] : []
  for (const [name, child] of set.children) paths.push(...pathsOf(child, prefix + pathPart(name)))
  return paths
}

function pathPart(name: string): string {
  const text = name.slice(2)
  if (name.startsWith('f:')) return `.${text}`
  if (name.startsWith('v:')) return `[=${text}]`
  const keys: unknown = JSON.parse(text)
  const pairs = isRecord(keys) ? Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`) : []
  return `[${pairs.join(',')}]`
}

export interface FieldPart {
  readonly name: string
  readonly value: unknown
  readonly context: SchemaContext
  /** In its list, when it is an element of one. */
  readonly index?: number
}

/** The named parts of a value that can have different owners; none for one that is owned as a whole. */
export function partsOf(
  value: unknown,
  { schema: given, source, builtin }: SchemaContext,
): readonly FieldPart[] | undefined {
  const schema = given === undefined ? undefined : { ...source.resolve(given), ...listRules(given) }
  if (isRecord(value)) {
    if (schema?.['x-kubernetes-map-type'] === 'atomic') return undefined
    return Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => ({
        name: `f:${name}`,
        value: part,
        context: { schema: fieldSchema(schema, name), source, builtin },
      }))
  }
  if (!Array.isArray(value)) return undefined
  const listType = schema?.['x-kubernetes-list-type']
  const context = { schema: schema?.items, source, builtin }
  if (listType === 'set') {
    return value.map((part, index) => ({ name: `v:${JSON.stringify(part)}`, value: part, context, index }))
  }
  if (listType !== 'map') return undefined
  const item = schema?.items === undefined ? undefined : source.resolve(schema.items)
  const keys = (schema?.['x-kubernetes-list-map-keys'] ?? []).toSorted()
  return value.map((part, index) => {
    const id = keys.flatMap((key) => {
      const own = isRecord(part) && Object.hasOwn(part, key) ? part[key] : item?.properties?.[key]?.default
      return own === undefined ? [] : [[key, own] as const]
    })
    return { name: `k:${JSON.stringify(Object.fromEntries(id))}`, value: part, context, index }
  })
}

/** Rules about a list stand beside the reference to its schema in the built-in documents. */
function listRules(schema: Schema): Partial<Schema> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name.startsWith('x-kubernetes-')))
}

function fieldSchema(schema: Schema | undefined, name: string): Schema | undefined {
  const properties = schema?.properties
  if (properties !== undefined && Object.hasOwn(properties, name)) {
    const field = properties[name]
    // Custom resources describe no more of their metadata than that it is there.
    return name === 'metadata' &&
      field?.properties === undefined &&
      field?.$ref === undefined &&
      field?.allOf === undefined
      ? OBJECT_META
      : field
  }
  if (typeof schema?.additionalProperties === 'object') return schema.additionalProperties
  return undefined
}
