import { findKind, findKindByPath, kindOf, type KindId } from './kinds/index.ts'
import { isClusterName, isNamespaceName, isResourceName } from './names.ts'

/** Which object, in which cluster. The hub's own objects carry the cluster name `HUB`. */
export interface ResourceRef {
  cluster: string
  kind: KindId
  /** Absent for cluster-scoped kinds. */
  namespace?: string
  name: string
}

/** Stands for the hub in a `ResourceRef`; no cluster can have this name, since names do not start with `-`. */
export const HUB = '-hub'

/** Thrown by `parseResourceRef`; the message names the part that is wrong. */
export class ResourceRefError extends Error {
  override readonly name = 'ResourceRefError'
}

/** Prints a ref as `cluster/virtual-services/namespace/name`, or `cluster/namespaces/name` for cluster-scoped kinds. */
export function printResourceRef(ref: ResourceRef): string {
  const { path } = kindOf(ref.kind)
  return [ref.cluster, path, ...(ref.namespace === undefined ? [] : [ref.namespace]), ref.name].join('/')
}

/** Reads what `printResourceRef` wrote. Throws `ResourceRefError`. */
export function parseResourceRef(text: string): ResourceRef {
  const [cluster = '', path = '', ...rest] = text.split('/')
  if (cluster !== HUB && !isClusterName(cluster)) throw new ResourceRefError(`"${cluster}" is not a cluster name`)
  const kind = findKindByPath(path)
  if (!kind) throw new ResourceRefError(`"${path}" is not a kind that Meshdeck knows`)
  if (rest.length !== (kind.namespaced ? 2 : 1)) {
    throw new ResourceRefError(`${kind.id} needs ${kind.namespaced ? 'a namespace and a name' : 'a name only'}`)
  }
  const name = rest.at(-1) ?? ''
  if (!isResourceName(name)) throw new ResourceRefError(`"${name}" is not a valid name`)
  if (!kind.namespaced) return { cluster, kind: kind.id, name }
  const namespace = rest[0] ?? ''
  if (!isNamespaceName(namespace)) throw new ResourceRefError(`"${namespace}" is not a valid namespace`)
  return { cluster, kind: kind.id, namespace, name }
}

/** Whether two refs name the same object. */
export function sameResource(a: ResourceRef, b: ResourceRef): boolean {
  return a.cluster === b.cluster && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name
}

/** Whether a string is the id of a kind. */
export function isKindId(id: string): id is KindId {
  return findKind(id) !== undefined
}
