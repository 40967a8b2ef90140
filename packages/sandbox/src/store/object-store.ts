import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ObjectChange } from './cluster-api.ts'

/** How many changes of one resource can be replayed to a watch; older ones are 410 Gone, as after etcd's compaction. */
const HISTORY = 5_000
/** Paged lists that can be continued; the oldest is forgotten first. */
const SNAPSHOTS = 64

export interface StoredChange extends ObjectChange {
  readonly revision: number
}

interface Bucket {
  /** By `namespace/name`. */
  readonly objects: Map<string, KubeObject>
  readonly byNamespace: Map<string, Map<string, KubeObject>>
  history: StoredChange[]
  /** The newest revision that is no longer in the history. */
  compacted: number
  /** Keys in order, made when asked for. */
  sorted: readonly KubeObject[] | undefined
}

/**
 * All objects of one cluster under one growing revision, as etcd keeps them: what was written last, and the changes that
 * led there for as long as they are remembered. Everything is synchronous, so a reader never sees half a write.
 */
export class ObjectStore {
  readonly #buckets = new Map<ResourceKey, Bucket>()
  readonly #listeners = new Map<ResourceKey, Set<(change: StoredChange) => void>>()
  readonly #owners = new Map<string, Map<string, ResourceKey>>()
  readonly #snapshots = new Map<string, readonly KubeObject[]>()
  #revision = 1

  get revision(): number {
    return this.#revision
  }

  get(resource: ResourceKey, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#buckets.get(resource)?.objects.get(objectKey(namespace, name))
  }

  /** In no order. */
  list(resource: ResourceKey, namespace?: string): readonly KubeObject[] {
    const bucket = this.#buckets.get(resource)
    if (bucket === undefined) return []
    return [...(namespace === undefined ? bucket.objects : (bucket.byNamespace.get(namespace) ?? NOTHING)).values()]
  }

  count(resource: ResourceKey): number {
    return this.#buckets.get(resource)?.objects.size ?? 0
  }

  /** By namespace and name, as the API server lists. */
  sorted(resource: ResourceKey, namespace?: string): readonly KubeObject[] {
    const bucket = this.#buckets.get(resource)
    if (bucket === undefined) return []
    if (namespace !== undefined) return inOrder(this.list(resource, namespace))
    return (bucket.sorted ??= inOrder([...bucket.objects.values()]))
  }

  /** Keeps a list under a name, so that its next page shows the same moment. */
  keepSnapshot(token: string, objects: readonly KubeObject[]): void {
    this.#snapshots.delete(token)
    this.#snapshots.set(token, objects)
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= SNAPSHOTS) break
      this.#snapshots.delete(oldest)
    }
  }

  snapshot(token: string): readonly KubeObject[] | undefined {
    return this.#snapshots.get(token)
  }

  /** Writes an object under the next revision, which it gets as its `resourceVersion`; gives what was stored. */
  put(resource: ResourceKey, object: KubeObject): KubeObject {
    const revision = ++this.#revision
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
    const bucket = this.#bucket(resource)
    const { namespace, name } = stored.metadata
    const key = objectKey(namespace, name)
    const previous = bucket.objects.get(key)
    bucket.objects.set(key, stored)
    if (namespace !== undefined) {
      let objects = bucket.byNamespace.get(namespace)
      if (objects === undefined) bucket.byNamespace.set(namespace, (objects = new Map()))
      objects.set(key, stored)
    }
    bucket.sorted = undefined
    if (previous?.metadata.ownerReferences !== stored.metadata.ownerReferences) {
      this.#forgetOwners(resource, key, previous)
      this.#rememberOwners(resource, key, stored)
    }
    this.#tell(
      bucket,
      previous === undefined
        ? { type: 'ADDED', resource, object: stored, revision }
        : { type: 'MODIFIED', resource, object: stored, previous, revision },
    )
    return stored
  }

  /** Removes an object; the change carries it with the revision of its removal. Nothing happens when it is not there. */
  remove(resource: ResourceKey, namespace: string | undefined, name: string): void {
    const bucket = this.#bucket(resource)
    const key = objectKey(namespace, name)
    const previous = bucket.objects.get(key)
    if (previous === undefined) return
    const revision = ++this.#revision
    bucket.objects.delete(key)
    if (namespace !== undefined) {
      const objects = bucket.byNamespace.get(namespace)
      objects?.delete(key)
      if (objects?.size === 0) bucket.byNamespace.delete(namespace)
    }
    bucket.sorted = undefined
    this.#forgetOwners(resource, key, previous)
    const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(revision) } }
    this.#tell(bucket, { type: 'DELETED', resource, object, previous, revision })
  }

  /** Changes after a revision, oldest first; none when they are no longer remembered. */
  changesSince(resource: ResourceKey, revision: number): readonly StoredChange[] | undefined {
    const bucket = this.#buckets.get(resource)
    if (bucket === undefined) return []
    if (revision < bucket.compacted) return undefined
    return bucket.history.filter((change) => change.revision > revision)
  }

  /** Forgets all changes until now: what a compaction of etcd does to watches. */
  compact(): void {
    for (const bucket of this.#buckets.values()) {
      bucket.history = []
      bucket.compacted = this.#revision
    }
    this.#snapshots.clear()
  }

  subscribe(resource: ResourceKey, listener: (change: StoredChange) => void): () => void {
    let listeners = this.#listeners.get(resource)
    if (listeners === undefined) this.#listeners.set(resource, (listeners = new Set()))
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Objects that name this uid as an owner. */
  dependents(uid: string): readonly { resource: ResourceKey; object: KubeObject }[] {
    const found: { resource: ResourceKey; object: KubeObject }[] = []
    for (const [path, resource] of this.#owners.get(uid) ?? NO_OWNED) {
      const object = this.#buckets.get(resource)?.objects.get(path.slice(resource.length + 1))
      if (object !== undefined) found.push({ resource, object })
    }
    return found
  }

  #bucket(resource: ResourceKey): Bucket {
    let bucket = this.#buckets.get(resource)
    if (bucket === undefined) {
      bucket = { objects: new Map(), byNamespace: new Map(), history: [], compacted: 0, sorted: undefined }
      this.#buckets.set(resource, bucket)
    }
    return bucket
  }

  #tell(bucket: Bucket, change: StoredChange): void {
    bucket.history.push(change)
    // Cut in halves, so that a busy resource does not shift its whole history at each change.
    if (bucket.history.length > HISTORY * 2) {
      const cut = bucket.history.splice(0, HISTORY)
      bucket.compacted = cut.at(-1)?.revision ?? bucket.compacted
    }
    for (const listener of this.#listeners.get(change.resource) ?? []) listener(change)
  }

  #rememberOwners(resource: ResourceKey, key: string, object: KubeObject): void {
    for (const owner of object.metadata.ownerReferences ?? []) {
      let owned = this.#owners.get(owner.uid)
      if (owned === undefined) this.#owners.set(owner.uid, (owned = new Map()))
      owned.set(`${resource} ${key}`, resource)
    }
  }

  #forgetOwners(resource: ResourceKey, key: string, object: KubeObject | undefined): void {
    for (const owner of object?.metadata.ownerReferences ?? []) {
      const owned = this.#owners.get(owner.uid)
      owned?.delete(`${resource} ${key}`)
      if (owned?.size === 0) this.#owners.delete(owner.uid)
    }
  }
}

const NOTHING: ReadonlyMap<string, KubeObject> = new Map()
const NO_OWNED: ReadonlyMap<string, ResourceKey> = new Map()

/** The key of an object among those of its resource; etcd sorts by it. */
export function objectKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

function inOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects
    .map((object) => ({ key: objectKey(object.metadata.namespace, object.metadata.name), object }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ object }) => object)
}
