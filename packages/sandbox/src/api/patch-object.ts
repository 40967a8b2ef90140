import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyServerSide } from '../patch/server-side-apply.ts'
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts'
import type { Cluster } from './cluster.ts'
import { createObject } from './create-object.ts'
import { badRequest, conflict, notFound } from './errors.ts'
import { frameObject, inVersion } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { StatusError } from './status-error.ts'
import type { UpdateOptions } from './update-object.ts'
import { CHANGED_MEANWHILE, updateObject } from './update-object.ts'

export interface Patch {
  /** As its content type names it. */
  readonly type: 'json' | 'merge' | 'strategic' | 'apply'
  readonly body: unknown
  /** Of server-side apply: takes fields from other managers. */
  readonly force: boolean
}

const MEDIA_TYPES = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
  'application/apply-patch+cbor': undefined,
} as const

/** @throws StatusError 415 for a kind of patch that this kind of object does not take. */
export function patchType(contentType: string | undefined, custom: boolean): Patch['type'] {
  const media = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  const type = Object.entries(MEDIA_TYPES).find(([name]) => name === media)?.[1]
  if (type !== undefined && !(custom && type === 'strategic')) return type
  const accepted = Object.entries(MEDIA_TYPES)
    .filter(([, candidate]) => candidate !== undefined && !(custom && candidate === 'strategic'))
    .map(([name]) => name)
  throw new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  )
}

/**
 * Changes a part of an object. Server-side apply also makes one that is not there.
 *
 * @throws StatusError as the real server would answer.
 */
export function patchObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  patch: Patch,
  options: UpdateOptions,
): { object: KubeObject; created: boolean } {
  const resource = resourceKey(type.group, type.plural)
  const stored = cluster.store.get(resource, namespace, name)
  const schema = cluster.types.schemaOf(type)
  if (patch.type === 'apply') return applied(cluster, type, namespace, name, stored, patch, options)
  if (stored === undefined) throw notFound(type, name)
  const current = inVersion(stored, type)
  const value =
    patch.type === 'json'
      ? applyJsonPatch(current, patch.body)
      : patch.type === 'merge' || schema === undefined
        ? applyMergePatch(current, patch.body)
        : applyStrategicMergePatch(schema, cluster.types, current, patch.body)
  const body = frameObject(value, type, namespace)
  checkVersionOf(type, body, stored)
  return {
    object: updateObject(
      cluster,
      type,
      stored,
      { ...body, metadata: { ...body.metadata, resourceVersion: stored.metadata.resourceVersion ?? '' } },
      options,
    ),
    created: false,
  }
}

function applied(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  stored: KubeObject | undefined,
  patch: Patch,
  options: UpdateOptions,
): { object: KubeObject; created: boolean } {
  const { fieldManager } = options
  if (fieldManager === undefined || fieldManager === '') {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    )
  }
  const body = frameObject(patch.body, type, namespace)
  if (body.metadata.name === '') body.metadata.name = name
  if (body.metadata.name !== name) {
    throw badRequest(`the name of the object (${body.metadata.name}) does not match the name on the URL (${name})`)
  }
  if (body.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil')
  if (stored === undefined && options.subresource !== undefined) throw notFound(type, name)
  if (stored !== undefined) checkVersionOf(type, body, stored)
  const object = applyServerSide({
    schema: cluster.types.schemaOf(type),
    source: cluster.types,
    live: stored === undefined ? undefined : inVersion(stored, type),
    applied: body,
    manager: fieldManager,
    force: patch.force,
    now: cluster.clock.now(),
    ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
  })
  const { fieldManager: _, ...untracked } = options
  if (stored === undefined) return { object: createObject(cluster, type, namespace, object, untracked), created: true }
  return {
    object: updateObject(cluster, type, stored, object, { ...options, managedFieldsDone: true }),
    created: false,
  }
}

function checkVersionOf(type: ResourceType, body: KubeObject, stored: KubeObject): void {
  const asked = body.metadata.resourceVersion
  if (asked !== undefined && asked !== '' && asked !== stored.metadata.resourceVersion) {
    throw conflict(type, stored.metadata.name, CHANGED_MEANWHILE)
  }
}
