import type { KindId, KubeResource } from '@meshdeck/kube'

/** An object of some cluster by its name. Cluster-scoped ones have an empty namespace. */
export interface ReferredObject {
  cluster: string
  kind: KindId
  namespace: string
  name: string
}

/** What of an object is referred to; the object as a whole when it is `object`. */
export const REFERENCE_PARTS = ['object', 'subset', 'port', 'listener', 'labels', 'grant', 'provider', 'token'] as const
export type ReferencePart = (typeof REFERENCE_PARTS)[number]

/** One object that names another, or selects it. */
export interface Reference {
  from: ReferredObject
  to: ReferredObject
  /** Where it stands in the one that refers: `spec.http[0].route[0].destination.host`. */
  path: string
  part: ReferencePart
  /** Name of the part: of a subset, a listener, a provider. */
  name?: string
  /** It applies to the other and does not need it: nothing breaks when that is deleted. */
  loose?: true
}

/** What an object names, before it is known whether that is there. */
export type Target = Omit<Reference, 'from'>

/** Keys of what objects refer to; equal keys are the same object. */
export const referenceKey = ({ cluster, kind, namespace, name }: ReferredObject): string =>
  `${cluster} ${kind} ${namespace}/${name}`

export const asReferred = (cluster: string, kind: KindId, { metadata }: KubeResource): ReferredObject => ({
  cluster,
  kind,
  namespace: metadata.namespace ?? '',
  name: metadata.name,
})
