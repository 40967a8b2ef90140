import type { KubeObject, ResourceKey } from '../kube-object.ts'

/** Somebody who looks at every write between defaulting and storing, as admission controllers and webhooks do. */
export interface Admission {
  /** Gives the object to go on with. Throws a `StatusError` to refuse. */
  mutate?(request: AdmissionRequest): KubeObject
  /** Throws a `StatusError` to refuse; gives warnings for the caller. */
  validate?(request: AdmissionRequest): readonly string[]
}

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly resource: ResourceKey
  readonly subresource?: string
  readonly object: KubeObject
  readonly old?: KubeObject
  readonly dryRun: boolean
}
