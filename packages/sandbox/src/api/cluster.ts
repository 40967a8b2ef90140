import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import type { TypeRegistry } from '../schema/type-registry.ts'
import type { ClusterApi, Clock, ObjectChange } from '../store/cluster-api.ts'
import { ObjectStore } from '../store/object-store.ts'
import type { Admission } from './admission.ts'
import { createObject } from './create-object.ts'
import { deleteObject } from './delete-object.ts'
import { noSuchResource, notFound } from './errors.ts'
import type { ResourceType } from './resource-type.ts'
import { ServiceAddresses } from './service-addresses.ts'
import { updateObject } from './update-object.ts'
import { SYSTEM_WRITE } from './write-options.ts'

export interface ClusterOptions {
  readonly name: string
  readonly types: TypeRegistry
  readonly clock: Clock
}

/** One simulated cluster: its kinds, its objects, and what looks at every write. */
export class Cluster implements ClusterApi {
  readonly name: string
  readonly types: TypeRegistry
  readonly clock: Clock
  readonly store = new ObjectStore()
  readonly addresses = new ServiceAddresses()
  /** In the order in which they are asked. */
  readonly admission: Admission[] = []

  constructor({ name, types, clock }: ClusterOptions) {
    this.name = name
    this.types = types
    this.clock = clock
    this.store.subscribe(CRDS, (change) => {
      if (change.type === 'DELETED') types.removeCrd(change.object.metadata.name)
      else if (change.previous?.spec !== change.object.spec) types.addCrd(change.object)
    })
  }

  get(resource: ResourceKey, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.store.get(resource, namespace, name)
  }

  list(resource: ResourceKey, namespace?: string): readonly KubeObject[] {
    return this.store.list(resource, namespace)
  }

  create(resource: ResourceKey, object: KubeObject): KubeObject {
    return createObject(this, this.storageType(resource), object.metadata.namespace, object, SYSTEM_WRITE)
  }

  update(resource: ResourceKey, object: KubeObject): KubeObject {
    return this.#replace(resource, object, undefined)
  }

  updateStatus(resource: ResourceKey, object: KubeObject): KubeObject {
    return this.#replace(resource, object, 'status')
  }

  /** Writes a namespace whose finalizers are done, which ends it. */
  finalizeNamespace(object: KubeObject): KubeObject {
    return this.#replace('namespaces', object, 'finalize')
  }

  delete(
    resource: ResourceKey,
    namespace: string | undefined,
    name: string,
    options: { propagation?: 'Background' | 'Foreground' | 'Orphan'; gracePeriodSeconds?: number } = {},
  ): void {
    deleteObject(this, this.storageType(resource), namespace, name, { dryRun: false, ...options })
  }

  watch(resource: ResourceKey, listener: (change: ObjectChange) => void): () => void {
    return this.store.subscribe(resource, listener)
  }

  dependents(uid: string): readonly { resource: ResourceKey; object: KubeObject }[] {
    return this.store.dependents(uid)
  }

  resources(): readonly { key: ResourceKey; group: string; kind: string; namespaced: boolean }[] {
    const found = new Map<ResourceKey, { key: ResourceKey; group: string; kind: string; namespaced: boolean }>()
    for (const type of this.types.all()) {
      const key = resourceKey(type.group, type.plural)
      found.set(key, { key, group: type.group, kind: type.kind, namespaced: type.namespaced })
    }
    return [...found.values()]
  }

  /** The kind of a resource in the version that is stored. @throws StatusError 404 when it is not served. */
  storageType(resource: ResourceKey): ResourceType {
    const slash = resource.lastIndexOf('/')
    const group = slash < 0 ? '' : resource.slice(0, slash)
    const type = this.types.storage(group, resource.slice(slash + 1))
    if (type === undefined) throw noSuchResource()
    return type
  }

  #replace(resource: ResourceKey, object: KubeObject, subresource: 'status' | 'finalize' | undefined): KubeObject {
    const type = this.storageType(resource)
    const old = this.store.get(resource, object.metadata.namespace, object.metadata.name)
    if (old === undefined) throw notFound(type, object.metadata.name)
    return updateObject(this, type, old, object, {
      ...SYSTEM_WRITE,
      ...(subresource === undefined ? {} : { subresource }),
    })
  }
}

const CRDS = 'apiextensions.k8s.io/customresourcedefinitions'
