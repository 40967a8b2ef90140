import { timestamp } from '../api/metadata.ts'
import { StatusError } from '../api/status-error.ts'
import { isRecord } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Schema, SchemaSource } from '../schema/schema.ts'
import {
  EMPTY_SET,
  compareFields,
  fieldsOfObject,
  intersect,
  isEmptySet,
  ownable,
  partsOf,
  pathsOf,
  schemaContext,
  subtract,
  unite,
} from './field-set.ts'
import type { FieldSet, SchemaContext } from './field-set.ts'
import { readManagers, withManagers } from './managed-fields.ts'
import type { Manager } from './managed-fields.ts'

export interface ServerSideApply {
  readonly schema: Schema | undefined
  readonly source: SchemaSource
  readonly live: KubeObject | undefined
  readonly applied: KubeObject
  readonly manager: string
  readonly force: boolean
  readonly subresource?: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What owned fields before there were managers. */
const BEFORE_FIRST_APPLY = 'before-first-apply'

/**
 * Server-side apply: the live object with the applied fields, without those that this manager applied before and no
 * longer does (unless somebody else owns them).
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 *
 * @throws StatusError 409 that names each field which another manager owns with another value, unless forced.
 */
export function applyServerSide(apply: ServerSideApply): KubeObject {
  const { live, applied, manager, now, subresource } = apply
  const context = schemaContext(apply.schema, apply.source)
  const fields = fieldsOfObject(applied, context, false)
  const entry: Manager = {
    manager,
    operation: 'Apply',
    apiVersion: applied.apiVersion,
    ...(subresource === undefined ? {} : { subresource }),
    time: timestamp(now),
    fields,
  }
  if (live === undefined) return withManagers(applied, [entry])

  const isOwn = (other: Manager): boolean =>
    other.manager === manager && other.operation === 'Apply' && other.subresource === subresource
  const managers = ownersOf(live, context)
  const previous = managers.find(isOwn)
  const merged = merge(live, applied, context)
  const { changed } = compareFields(ownable(live), ownable(merged), context)
  const conflicts = managers
    .filter((other) => !isOwn(other))
    .map((other) => ({ other, fields: intersect(leavesOf(changed), other.fields) }))
    .filter((found) => !isEmptySet(found.fields))
  if (conflicts.length > 0 && !apply.force) throw conflictError(conflicts)

  const others = managers
    .filter((other) => !isOwn(other))
    .map((other) => {
      const lost = conflicts.find((found) => found.other === other)
      return lost === undefined ? other : { ...other, fields: subtract(other.fields, lost.fields) }
    })
  let object = merged
  if (previous !== undefined) {
    const kept = others.reduce((all, other) => unite(all, other.fields), fields)
    object = withoutGone(object, prune(object, subtract(previous.fields, kept), kept, context))
  }
  const same = previous !== undefined && sameSet(previous.fields, fields) && isEmptySet(changed)
  return withManagers(object, [...others, same ? previous : entry])
}

/** Owners as they are written; fields of an object from before there were any belong to one that stands for that time. */
function ownersOf(live: KubeObject, context: SchemaContext): Manager[] {
  const managers = readManagers(live)
  if (managers.length > 0) return managers
  const { status: _, ...desired } = live
  return [
    {
      manager: BEFORE_FIRST_APPLY,
      operation: 'Update',
      apiVersion: live.apiVersion,
      fields: fieldsOfObject(desired, context, true),
    },
  ]
}

function merge(live: KubeObject, applied: KubeObject, context: SchemaContext): KubeObject {
  const { metadata, ...rest } = applied
  const { resourceVersion: _, uid: __, ...own } = metadata
  const value = mergeValue(live, { ...rest, metadata: own }, context)
  return { ...live, ...(isRecord(value) ? value : {}), apiVersion: applied.apiVersion, kind: applied.kind }
}

/** The live value with everything of the applied one; lists that are maps or sets keep their other elements. */
function mergeValue(live: unknown, applied: unknown, context: SchemaContext): unknown {
  const parts = partsOf(applied, context)
  const old = partsOf(live, context)
  if (parts === undefined || old === undefined || Array.isArray(live) !== Array.isArray(applied)) return applied
  const inner = new Map(parts.map((part) => [part.name, part]))
  const known = new Set(old.map(({ name }) => name))
  if (isRecord(live)) {
    const kept = old.map(({ name, value }): [string, unknown] => {
      const part = inner.get(name)
      return [name.slice(2), part === undefined ? value : mergeValue(value, part.value, part.context)]
    })
    const added = parts
      .filter(({ name }) => !known.has(name))
      .map(({ name, value }): [string, unknown] => [name.slice(2), value])
    return Object.fromEntries([...kept, ...added])
  }
  // Elements in the order that the applied list gives, the others where they were.
  const merged = parts.map((part) => {
    const other = old.find(({ name }) => name === part.name)
    return {
      name: part.name,
      value: other === undefined ? part.value : mergeValue(other.value, part.value, part.context),
    }
  })
  const others = old.filter(({ name }) => !inner.has(name))
  const result = [...merged]
  for (const other of others) result.splice(Math.min(other.index ?? result.length, result.length), 0, other)
  return result.map(({ value }) => value)
}

/** A value without these fields; a container goes when nobody owns anything in it any longer. */
function prune(value: unknown, gone: FieldSet, kept: FieldSet, context: SchemaContext): unknown {
  const parts = partsOf(value, context)
  if (parts === undefined || gone.children.size === 0) return value
  const left = parts.flatMap((part) => {
    const inner = gone.children.get(part.name)
    if (inner === undefined) return [part]
    const still = kept.children.get(part.name) ?? EMPTY_SET
    if (inner.own && isEmptySet(still)) return []
    const rest = prune(part.value, inner, still, part.context)
    const empty = isRecord(rest) ? Object.keys(rest).length === 0 : Array.isArray(rest) && rest.length === 0
    return empty && rest !== part.value ? [] : [{ ...part, value: rest }]
  })
  return Array.isArray(value)
    ? left.map((part) => part.value)
    : Object.fromEntries(left.map((part) => [part.name.slice(2), part.value]))
}

function withoutGone(object: KubeObject, left: unknown): KubeObject {
  if (!isRecord(left)) return object
  const metadata = isRecord(left['metadata']) ? left['metadata'] : {}
  return {
    ...left,
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { ...metadata, name: object.metadata.name },
  }
}

/** A container that is there on both sides is nobody's conflict; what is in it may be. */
function leavesOf(set: FieldSet): FieldSet {
  if (set.children.size === 0) return set
  return { own: false, children: new Map([...set.children].map(([name, child]) => [name, leavesOf(child)])) }
}

function sameSet(a: FieldSet, b: FieldSet): boolean {
  return isEmptySet(subtract(a, b)) && isEmptySet(subtract(b, a))
}

/** Wording: k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go. */
function conflictError(conflicts: readonly { other: Manager; fields: FieldSet }[]): StatusError {
  const causes = conflicts.flatMap(({ other, fields }) =>
    pathsOf(fields).map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOf(other)}`,
      field,
    })),
  )
  const [first] = causes
  const message =
    causes.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${conflicts
          .flatMap(({ other, fields }) => [
            `conflicts with ${nameOf(other)}:`,
            ...pathsOf(fields).map((path) => `- ${path}`),
          ])
          .join('\n')}`
  return new StatusError(409, 'Conflict', message, { causes })
}

function nameOf({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager)
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`
  return operation === 'Update' ? `${name}${part} using ${apiVersion}` : `${name}${part}`
}
