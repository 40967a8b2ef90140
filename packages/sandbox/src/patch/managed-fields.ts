import { timestamp } from '../api/metadata.ts'
import { isRecord, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Schema, SchemaSource } from '../schema/schema.ts'
import {
  EMPTY_SET,
  compareFields,
  fieldsOfObject,
  isEmptySet,
  ownable,
  schemaContext,
  subtract,
  unite,
} from './field-set.ts'
import type { FieldSet } from './field-set.ts'

/** One entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource?: string
  /** RFC 3339. */
  readonly time?: string
  readonly fields: FieldSet
}

export interface TrackedUpdate {
  readonly schema: Schema | undefined
  readonly source: SchemaSource
  /** None for an object that is new. */
  readonly before: KubeObject | undefined
  readonly after: KubeObject
  readonly manager: string
  readonly apiVersion: string
  readonly subresource?: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * The object after an ordinary write, with who owns what: the writer owns what it changed, nobody owns what went.
 * A writer that sends an empty `managedFields` forgets all owners, as the real server lets it.
 */
export function trackUpdate(update: TrackedUpdate): KubeObject {
  const { before, after, manager, apiVersion, subresource, now } = update
  const context = schemaContext(update.schema, update.source)
  const managers = readManagers(after)
  const { changed, removed } =
    before === undefined
      ? { changed: fieldsOfObject(after, context, true), removed: EMPTY_SET }
      : compareFields(ownable(before), ownable(after), context)
  const touched = unite(changed, removed)
  const isWriter = (entry: Manager): boolean =>
    entry.manager === manager && entry.operation === 'Update' && entry.subresource === subresource
  const next: Manager[] = []
  let own: Manager = {
    manager,
    operation: 'Update',
    apiVersion,
    ...(subresource ? { subresource } : {}),
    fields: EMPTY_SET,
  }
  for (const entry of managers) {
    if (isWriter(entry)) own = entry
    else next.push(isEmptySet(touched) ? entry : { ...entry, fields: subtract(entry.fields, touched) })
  }
  const fields = unite(subtract(own.fields, removed), changed)
  next.push(isEmptySet(touched) ? own : { ...own, apiVersion, fields, time: timestamp(now) })
  return withManagers(after, next)
}

/** The owners written in an object. What cannot be read is left out: a client may have put anything there. */
export function readManagers(object: KubeObject | undefined): Manager[] {
  const entries = object?.metadata.managedFields ?? []
  return entries.flatMap((entry) => {
    const manager = textAt(entry, 'manager')
    const operation = textAt(entry, 'operation')
    if (manager === undefined || (operation !== 'Apply' && operation !== 'Update')) return []
    const subresource = textAt(entry, 'subresource')
    const time = textAt(entry, 'time')
    return [
      {
        manager,
        operation,
        apiVersion: textAt(entry, 'apiVersion') ?? 'v1',
        ...(subresource === undefined || subresource === '' ? {} : { subresource }),
        ...(time === undefined ? {} : { time }),
        fields: readFields(isRecord(entry) ? entry['fieldsV1'] : undefined),
      },
    ]
  })
}

/** The object with these owners; those that own nothing are left out. */
export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const entries = managers
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        (a.time ?? '').localeCompare(b.time ?? '') ||
        a.manager.localeCompare(b.manager),
    )
    .map(({ fields, ...entry }) => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time === undefined ? {} : { time: entry.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: writeFields(fields),
      ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
    }))
  const { managedFields: _, ...metadata } = object.metadata
  return {
    ...object,
    metadata: { ...metadata, name: object.metadata.name, ...(entries.length > 0 ? { managedFields: entries } : {}) },
  }
}

function readFields(value: unknown): FieldSet {
  if (!isRecord(value)) return EMPTY_SET
  const children = new Map<string, FieldSet>()
  for (const [name, inner] of Object.entries(value)) {
    if (name === '.' || !/^[fkv]:/.test(name)) continue
    const set = readFields(inner)
    children.set(name, set.children.size === 0 ? { own: true, children: set.children } : set)
  }
  return { own: Object.hasOwn(value, '.'), children }
}

function writeFields(set: FieldSet): Record<string, unknown> {
  const fields = [...set.children].map(([name, child]): [string, unknown] => [
    name,
    child.children.size === 0 ? {} : writeFields(child),
  ])
  return Object.fromEntries([...(set.own && fields.length > 0 ? [['.', {}] as [string, unknown]] : []), ...fields])
}
