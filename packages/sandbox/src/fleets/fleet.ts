import type { KubeObject } from '../kube-object.ts'

/** A fleet as data: what its clusters hold when they start, and who uses them. */
export interface Fleet {
  readonly name: string
  /** Name of the cluster that keeps Meshdeck's records. */
  readonly hub: string
  readonly clusters: readonly FleetCluster[]
  readonly people: readonly Person[]
}

export interface FleetCluster {
  readonly name: string
  /** `gitVersion` of its API server. */
  readonly version: string
  /** As a user would apply them, in this order. Pods, ReplicaSets and EndpointSlices come from these by themselves. */
  readonly objects: readonly KubeObject[]
}

export interface Person {
  readonly id: string
  readonly username: string
  readonly groups: readonly string[]
}
