/**
 * Object metadata as it stands on the wire: times are RFC 3339 strings (client-node's models say `Date`, which is not
 * what the API sends). Fields that are not listed stay in the object untouched.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export interface KubeMetadata {
  name: string
  namespace?: string
  uid?: string
  /** Opaque: compare for equality only. */
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: unknown[]
  [field: string]: unknown
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Any Kubernetes object. Open: what is not named here is kept. */
export interface KubeResource {
  apiVersion: string
  kind: string
  metadata: KubeMetadata
  spec?: unknown
  status?: unknown
  [field: string]: unknown
}

export interface KubeList<T extends KubeResource = KubeResource> {
  apiVersion: string
  kind: string
  metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number }
  items: T[]
}

/** A condition in a status. Source: KEP-1623, metav1.Condition. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  lastTransitionTime?: string
  observedGeneration?: number
}
