import { isRecord, readPath, type KubeResource } from '@meshdeck/kube'

/** `manual`: pods of an OnDelete strategy stay until somebody deletes them. */
export type RolloutState = 'waiting' | 'running' | 'done' | 'stuck' | 'manual'

export interface Rollout {
  state: RolloutState
  /** Pods of the new template. */
  updated: number
  /** Pods that there shall be. */
  wanted: number
  /** Why it is stuck, in the words of the API server. */
  message?: string
}

interface Counts {
  wanted: number
  updated: number
  settled: boolean
}

/**
 * How far a restart has come, by the rules of `kubectl rollout status`. `since` is the generation before the restart:
 * until the object has a later one, what it says is of the time before.
 * Source: kubectl pkg/polymorphichelpers/rollout_status.go.
 */
export function rolloutOf(workload: KubeResource, since: number | undefined): Rollout {
  const generation = numberAt(workload, 'metadata.generation')
  const observed = numberAt(workload, 'status.observedGeneration')
  const { wanted, updated, settled } = countsOf(workload)
  const rollout = { updated: Math.min(updated, wanted), wanted }
  if (since !== undefined && generation <= since) return { state: 'waiting', wanted, updated: 0 }
  if (readPath(workload, 'spec.updateStrategy.type') === 'OnDelete') return { state: 'manual', ...rollout }
  if (observed < generation) return { state: 'running', wanted, updated: 0 }
  const message = stuckMessage(workload)
  if (message !== undefined) return { state: 'stuck', ...rollout, message }
  return { state: settled ? 'done' : 'running', ...rollout }
}

function countsOf(workload: KubeResource): Counts {
  const status = (field: string): number => numberAt(workload, `status.${field}`)
  if (workload.kind === 'DaemonSet') {
    const wanted = status('desiredNumberScheduled')
    const updated = status('updatedNumberScheduled')
    return { wanted, updated, settled: updated >= wanted && status('numberAvailable') >= wanted }
  }
  const spec = readPath(workload, 'spec.replicas')
  const wanted = typeof spec === 'number' ? spec : 1
  const updated = status('updatedReplicas')
  if (workload.kind === 'StatefulSet') {
    return { wanted, updated, settled: updated >= wanted && status('readyReplicas') >= wanted }
  }
  const old = status('replicas') > updated
  return { wanted, updated, settled: updated >= wanted && !old && status('availableReplicas') >= updated }
}

/** What the deployment controller says when it has given up waiting, or when a new pod is refused. */
function stuckMessage(workload: KubeResource): string | undefined {
  const conditions = readPath(workload, 'status.conditions')
  if (!Array.isArray(conditions)) return undefined
  const found: unknown = conditions.find(
    (condition: unknown) =>
      isRecord(condition) &&
      ((condition['type'] === 'Progressing' && condition['reason'] === 'ProgressDeadlineExceeded') ||
        (condition['type'] === 'ReplicaFailure' && condition['status'] === 'True')),
  )
  return isRecord(found) ? String(found['message'] ?? found['reason'] ?? '') : undefined
}

/** A number of an object, zero where it is absent: Kubernetes leaves zeros out. */
function numberAt(workload: KubeResource, path: string): number {
  const value = readPath(workload, path)
  return typeof value === 'number' ? value : 0
}
