import type { KubeObject } from '../kube-object.ts'
import type { Traffic } from '../traffic/traffic.ts'

/** A fleet as data: what its clusters hold when they start, and who uses them. */
export interface Fleet {
  readonly name: string
  /** Name of the cluster that keeps Meshdeck's records. */
  readonly hub: string
  readonly clusters: readonly FleetCluster[]
  readonly people: readonly Person[]
  /** Meshdeck's own records for the hub; they name clusters, whose records say how to reach them. */
  readonly meshes?: readonly KubeObject[]
  /** What its Prometheus servers tell; without it there are none. */
  readonly traffic?: Traffic
}

export interface FleetCluster {
  readonly name: string
  /** `gitVersion` of its API server. */
  readonly version: string
  /** Clusters of one mesh share their Services; one without has no Prometheus. */
  readonly mesh?: string
  /** As a user would apply them, in this order. Pods, ReplicaSets and EndpointSlices come from these by themselves. */
  readonly objects: readonly KubeObject[]
  /** What somebody changed before the fleet was looked at, oldest first; traffic and `managedFields` tell of it. */
  readonly past?: readonly PastChange[]
}

/** An object of the fleet had been another one until somebody changed it. */
export interface PastChange {
  readonly minutesAgo: number
  /** Field manager of who changed it: `kubectl-edit`. */
  readonly manager: string
  readonly before: KubeObject
}

export interface Person {
  readonly id: string
  readonly username: string
  readonly groups: readonly string[]
}
