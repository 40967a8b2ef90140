import type { ClusterFailure } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'

/** What the caller may see of a kind in a cluster. */
export interface Readable {
  cluster: string
  objects: readonly KubeResource[]
  /** The caller may list the kind nowhere in the cluster. */
  forbidden: boolean
  /** Nothing of the kind is hidden from the caller, and nothing is out of date. */
  complete: boolean
  /** The kind is not installed. */
  missing: boolean
  /** The cluster does not answer; `objects` are those last seen. */
  failure?: ClusterFailure
}
