import type { KindId, KubeResource } from '@meshdeck/kube'
import type { ClusterConnection } from '@meshdeck/kube-client'
import type { Notice } from './frame-queue.ts'

/** What the watch cache holds of a kind in a cluster. */
export interface CachedKind {
  /**
   * `starting`: not listed yet; `missing`: the kind is not installed; `refused`: Meshdeck's own credential may not watch
   * it; `lost`: the cluster cannot be reached, and the objects are those last seen.
   */
  state: 'starting' | 'synced' | 'missing' | 'refused' | 'lost'
  objects: readonly KubeResource[]
  /** What was thrown, when it is neither synced nor starting. */
  error?: unknown
}

/** Whether a cluster answers, since when, and what was thrown when it did not. */
export interface ClusterState {
  state: 'reachable' | 'lost' | 'unknown'
  since?: string
  error?: unknown
}

/**
 * All clusters that the hub knows, their connections, and the shared watch cache over them (read with Meshdeck's own
 * credentials). For plugins only: what it holds is not filtered by anybody's rights.
 */
export interface Fleet {
  /** Names of the clusters; the hub's own stand-in is not among them. */
  names(): readonly string[]
  state(cluster: string): ClusterState
  /** Starts watching the kind when nobody has yet, and waits a moment for the first list. Throws `ProblemError` for an unknown cluster. */
  cached(cluster: string, kind: KindId): Promise<CachedKind>
  /** Throws `ProblemError` for an unknown cluster, `ClusterCredentialError` for one whose credential cannot be had. */
  connection(cluster: string): Promise<ClusterConnection>
  /** Listens to changes; the answer ends it. */
  subscribe(listener: (notice: Notice) => void): () => void
  /** Whether the hub answers and its records are in the cache. */
  ready(): boolean
  /** Figures for the metrics. */
  figures(): { watches: number; objects: number; reconnects: number; lost: number }
  close(): Promise<void>
}
