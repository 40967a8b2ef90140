/** One served version of a kind: what discovery tells of it, and what a request path resolves to. */
export interface ResourceType {
  readonly group: string
  /** As in the path of the request; objects are stored in `storageVersion` and answered in this one. */
  readonly version: string
  readonly storageVersion: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly listKind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  /** `status`, `scale`, `log`, `eviction`, `token`, `approval` … */
  readonly subresources: readonly string[]
  readonly verbs: readonly string[]
}
