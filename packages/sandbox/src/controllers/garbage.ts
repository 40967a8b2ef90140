import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/**
 * Deletes what has lost its owners, and lets owners go that wait for their dependents.
 * Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export function startGarbageCollection(context: ControllerContext): () => void {
  const { api, queue } = context
  const watched = new Map<ResourceKey, () => void>()
  const waiting = new Map<string, { readonly key: ResourceKey; readonly object: KubeObject }>()
  const follow = (): void => {
    for (const { key } of api.resources()) {
      if (watched.has(key)) continue
      watched.set(
        key,
        api.watch(key, ({ type, object }) => {
          const uid = object.metadata.uid ?? ''
          if (type === 'DELETED') {
            waiting.delete(uid)
            if (api.dependents(uid).length > 0) queue.add(`garbage of ${uid}`, () => collect(context, uid))
            for (const { uid: of } of object.metadata.ownerReferences ?? []) {
              const owner = waiting.get(of)
              if (owner !== undefined) queue.add(`owner ${of}`, () => release(context, owner.key, owner.object))
            }
          } else if (isWaiting(object)) {
            waiting.set(uid, { key, object })
            queue.add(`owner ${uid}`, () => release(context, key, object))
          }
        }),
      )
    }
  }
  follow()
  const stopDefinitions = api.watch('apiextensions.k8s.io/customresourcedefinitions', follow)
  return () => {
    stopDefinitions()
    for (const stop of watched.values()) stop()
  }
}

/** Objects whose only owner had this uid go too; the others lose one owner. */
function collect({ api }: ControllerContext, uid: string): void {
  for (const { resource, object } of api.dependents(uid)) {
    const { name, namespace, ownerReferences = [] } = object.metadata
    const others = ownerReferences.filter((owner) => owner.uid !== uid)
    if (others.length > 0) api.update(resource, withOwners(object, others))
    else if (object.metadata.deletionTimestamp === undefined)
      api.delete(resource, namespace, name, { propagation: 'Background' })
  }
}

function isWaiting({ metadata }: KubeObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN)
  )
}

/** Does for an owner that is to be deleted what its finalizer asks for. */
function release({ api }: ControllerContext, resource: ResourceKey, seen: KubeObject): void {
  const owner = api.get(resource, seen.metadata.namespace, seen.metadata.name)
  const uid = seen.metadata.uid ?? ''
  if (owner === undefined || owner.metadata.uid !== uid || !isWaiting(owner)) return
  const orphans = owner.metadata.finalizers?.includes(ORPHAN) === true
  const dependents = api.dependents(uid)
  if (orphans) {
    for (const { resource: of, object } of dependents) {
      api.update(
        of,
        withOwners(
          object,
          (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid),
        ),
      )
    }
  } else {
    const blocking = dependents.filter(({ object }) =>
      object.metadata.ownerReferences?.some(
        (reference) => reference.uid === uid && reference.blockOwnerDeletion === true,
      ),
    )
    for (const { resource: of, object } of dependents) {
      if (object.metadata.deletionTimestamp !== undefined) continue
      api.delete(of, object.metadata.namespace, object.metadata.name, { propagation: 'Foreground' })
    }
    if (blocking.length > 0 && api.dependents(uid).length > 0) return
  }
  const latest = api.get(resource, owner.metadata.namespace, owner.metadata.name)
  if (latest === undefined) return
  const finalizers = (latest.metadata.finalizers ?? []).filter((name) => name !== FOREGROUND && name !== ORPHAN)
  api.update(resource, { ...latest, metadata: { ...latest.metadata, finalizers } })
}

function withOwners(object: KubeObject, owners: NonNullable<KubeObject['metadata']['ownerReferences']>): KubeObject {
  const { ownerReferences: _, ...metadata } = object.metadata
  return {
    ...object,
    metadata: { ...metadata, name: object.metadata.name, ...(owners.length > 0 ? { ownerReferences: owners } : {}) },
  }
}
