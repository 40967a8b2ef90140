import type { KubeMetadata } from '@meshdeck/kube'
import { sameJson } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { trackUpdate } from '../patch/managed-fields.ts'
import { invalidError } from '../schema/invalid-error.ts'
import type { Cluster } from './cluster.ts'
import { badRequest, conflict } from './errors.ts'
import { checkObject, shapeObject } from './object-rules.ts'
import type { ResourceType } from './resource-type.ts'
import { hasGeneration, strategyOf } from './strategies.ts'
import type { WriteOptions } from './write-options.ts'

export interface UpdateOptions extends WriteOptions {
  readonly subresource?: 'status' | 'finalize'
  /** Server-side apply has written managedFields itself. */
  readonly managedFieldsDone?: boolean
}

export const CHANGED_MEANWHILE =
  'the object has been modified; please apply your changes to the latest version and try again'

/** Metadata that no update changes. */
const SERVER_OWNED: ReadonlySet<string> = new Set([
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'generateName',
])

/**
 * Replaces an object. What the subresource does not govern stays as it was; an update that changes nothing writes nothing.
 *
 * @throws StatusError as the real server would answer.
 */
export function updateObject(
  cluster: Cluster,
  type: ResourceType,
  old: KubeObject,
  body: KubeObject,
  options: UpdateOptions,
): KubeObject {
  const resource = resourceKey(type.group, type.plural)
  const { name } = old.metadata
  const custom = cluster.types.isCustom(type)
  checkIdentity(type, old, body, custom)
  const shaped = shapeObject(cluster.types, type, body, options)
  let object =
    options.subresource === undefined ? withStatusOf(shaped, old, type) : onlyPart(shaped, old, options.subresource)
  object = { ...object, metadata: keptMetadata(object.metadata, old.metadata) }
  if (options.subresource === undefined) object = strategyOf(resource).update?.(object, old, cluster) ?? object

  if (options.subresource === undefined) {
    for (const admission of cluster.admission) {
      object = admission.mutate?.({ operation: 'UPDATE', resource, object, old, dryRun: options.dryRun }) ?? object
    }
    if (hasGeneration(resource, custom) && desiredChanged(object, old)) {
      object = { ...object, metadata: { ...object.metadata, generation: (old.metadata.generation ?? 0) + 1 } }
    }
  }
  checkObject(cluster.types, type, object, old)
  for (const admission of cluster.admission) {
    const warnings =
      admission.validate?.({
        operation: 'UPDATE',
        resource,
        object,
        old,
        dryRun: options.dryRun,
        ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
      }) ?? []
    for (const warning of warnings) options.warn(warning)
  }
  if (options.fieldManager !== undefined && options.managedFieldsDone !== true) {
    object = trackUpdate({
      schema: cluster.types.schemaOf(type),
      source: cluster.types,
      before: old,
      after: object,
      manager: options.fieldManager,
      apiVersion: body.apiVersion,
      now: cluster.clock.now(),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    })
  }
  if (options.dryRun) return object
  if (sameButVersion(object, old)) return old
  if (isDone(object)) {
    cluster.store.put(resource, object)
    cluster.store.remove(resource, object.metadata.namespace, name)
    strategyOf(resource).remove?.(object, cluster)
    return object
  }
  return cluster.store.put(resource, object)
}

/** Whether nothing holds an object any longer that was to be deleted. */
export function isDone(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  if (deletionTimestamp === undefined || (finalizers ?? []).length > 0) return false
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') {
    const spec: { finalizers?: unknown } = object.spec ?? {}
    return !Array.isArray(spec.finalizers) || spec.finalizers.length === 0
  }
  return deletionGracePeriodSeconds === undefined || deletionGracePeriodSeconds === 0
}

function checkIdentity(type: ResourceType, old: KubeObject, body: KubeObject, custom: boolean): void {
  const { name, uid, resourceVersion } = body.metadata
  if (name !== old.metadata.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${old.metadata.name})`)
  }
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    throw conflict(
      type,
      name,
      `StorageError: invalid object, Code: 4, Key: , ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid ?? ''}`,
    )
  }
  if (resourceVersion === undefined || resourceVersion === '') {
    if (!custom) return
    throw invalidError({ group: type.group, kind: type.plural }, name, [
      {
        field: 'metadata.resourceVersion',
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0: must be specified for an update',
      },
    ])
  }
  if (resourceVersion !== old.metadata.resourceVersion) throw conflict(type, name, CHANGED_MEANWHILE)
}

function withStatusOf(object: KubeObject, old: KubeObject, type: ResourceType): KubeObject {
  if (!type.subresources.includes('status')) return object
  const { status: _, ...rest } = object
  return old.status === undefined ? rest : { ...rest, status: old.status }
}

function onlyPart(object: KubeObject, old: KubeObject, subresource: 'status' | 'finalize'): KubeObject {
  if (subresource === 'finalize') return { ...old, spec: object.spec }
  const { status: _, ...rest } = old
  const metadata = {
    ...old.metadata,
    ...(object.metadata.managedFields === undefined ? {} : { managedFields: object.metadata.managedFields }),
  }
  return { ...rest, metadata, ...(object.status === undefined ? {} : { status: object.status }) }
}

function keptMetadata(metadata: KubeMetadata, old: KubeMetadata): KubeMetadata {
  const own = (entry: [string, unknown]): boolean => SERVER_OWNED.has(entry[0])
  const kept: KubeMetadata = {
    ...Object.fromEntries(Object.entries(metadata).filter((entry) => !own(entry))),
    ...Object.fromEntries(Object.entries(old).filter(own)),
    name: old.name,
  }
  if (metadata.managedFields === undefined && old.managedFields !== undefined) kept.managedFields = old.managedFields
  kept.resourceVersion = old.resourceVersion ?? ''
  return kept
}

/** Whether anything but metadata and status differs. */
function desiredChanged(object: KubeObject, old: KubeObject): boolean {
  const { metadata: _, status: __, apiVersion: ___, ...desired } = object
  const { metadata: ____, status: _____, apiVersion: ______, ...before } = old
  return !sameJson(desired, before)
}

function sameButVersion(object: KubeObject, old: KubeObject): boolean {
  return sameJson({ ...object, apiVersion: '' }, { ...old, apiVersion: '' })
}
