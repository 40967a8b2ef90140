import type { KubeObject, ResourceKey } from '../kube-object.ts'

export interface ObjectChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: ResourceKey
  readonly object: KubeObject
  /** The object before the change; none for one that was added. */
  readonly previous?: KubeObject
}

/**
 * A cluster as its own controllers see it: in the same process, synchronously, with all rights. What is written goes
 * through admission, defaulting and validation like any other write, and throws the same `StatusError`.
 * Objects that come out must not be changed in place.
 */
export interface ClusterApi {
  readonly name: string
  get(resource: ResourceKey, namespace: string | undefined, name: string): KubeObject | undefined
  /** In no order. Without a namespace those of all. */
  list(resource: ResourceKey, namespace?: string): readonly KubeObject[]
  /** Gives what was stored. `metadata.generateName` is honoured. */
  create(resource: ResourceKey, object: KubeObject): KubeObject
  /** Replaces spec and metadata; the stored status stays. A `resourceVersion` in the object must be the stored one. */
  update(resource: ResourceKey, object: KubeObject): KubeObject
  /** Replaces the status alone. */
  updateStatus(resource: ResourceKey, object: KubeObject): KubeObject
  delete(
    resource: ResourceKey,
    namespace: string | undefined,
    name: string,
    options?: { propagation?: 'Background' | 'Foreground' | 'Orphan'; gracePeriodSeconds?: number },
  ): void
  /** Called after each change, in order, in the same turn of the event loop as the write. */
  watch(resource: ResourceKey, listener: (change: ObjectChange) => void): () => void
  /** Objects of which an owner reference names this uid. */
  dependents(uid: string): readonly { resource: ResourceKey; object: KubeObject }[]
  /** All stored resources, those of CRDs among them. */
  resources(): readonly { key: ResourceKey; group: string; kind: string; namespaced: boolean }[]
}

/** Time as the sandbox's controllers and its traffic know it; tests drive it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls back after so many milliseconds; gives what cancels it. */
  after(milliseconds: number, callback: () => void): () => void
}
