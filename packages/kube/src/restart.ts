import type { KubeResource } from './metadata.ts'

/**
 * Annotation of a workload: uid of the Restart that may restart it. Who may write it may restart the workload as well, so
 * the cluster's own access control decides; the controller restarts nothing without it.
 */
export const RESTART_ALLOWED_ANNOTATION = 'meshdeck.io/restart-allowed'
/** Annotation of a workload: uid of the Restart that has restarted it last; takes the place of the one before, in one write. */
export const RESTARTED_BY_ANNOTATION = 'meshdeck.io/restarted-by'

/** A workload that is to be restarted. */
export interface RestartTarget {
  cluster: string
  namespace: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  name: string
}

export const RestartTargetPhase = {
  /** Its turn has not come, or a budget holds it back. */
  Waiting: 'Waiting',
  /** Its pods are being replaced. */
  Running: 'Running',
  /** The cluster says that it does not get on. */
  Stuck: 'Stuck',
  Done: 'Done',
  /** It could not be restarted. */
  Failed: 'Failed',
  /** It need not be, or is no longer to be, restarted. */
  Skipped: 'Skipped',
} as const
export type RestartTargetPhase = (typeof RestartTargetPhase)[keyof typeof RestartTargetPhase]

export interface RestartTargetStatus extends RestartTarget {
  phase: RestartTargetPhase
  /** Why, in words, where there is something to say. */
  message?: string
  /** The disruption budget that holds it back. */
  heldBy?: string
  /** Pods of the new template, of those that there shall be. */
  updated?: number
  wanted?: number
  /** RFC 3339. */
  startedAt?: string
  finishedAt?: string
}

export const RestartPhase = {
  Running: 'Running',
  Paused: 'Paused',
  /** A workload does not get on; the others wait for somebody. */
  Stuck: 'Stuck',
  /** All that could be restarted is. */
  Done: 'Done',
  Stopped: 'Stopped',
} as const
export type RestartPhase = (typeof RestartPhase)[keyof typeof RestartPhase]

export interface RestartSpec {
  mesh: string
  targets: RestartTarget[]
  /** Workloads under way at once, at most; 5 when absent. */
  batchSize?: number
  /** What is under way goes on, nothing more is begun. */
  paused?: boolean
  /** As paused, for good. */
  stopped?: boolean
  /** What becomes of the others when one does not get on; `Wait` when absent. */
  onStuck?: 'Wait' | 'GoOn'
}

export interface RestartStatus {
  phase: RestartPhase
  /** RFC 3339. */
  startedAt?: string
  finishedAt?: string
  total: number
  done: number
  /** Failed ones and those that are stuck. */
  failed: number
  message?: string
  targets: RestartTargetStatus[]
  observedGeneration?: number
}

/** Workloads that are restarted a few at a time, by the controller, whether somebody looks or not. */
export interface Restart extends KubeResource {
  apiVersion: 'meshdeck.io/v1alpha1'
  kind: 'Restart'
  spec: RestartSpec
  status?: RestartStatus
}
