import { isRecord, readPath, type KubeResource } from '@meshdeck/kube'
import { matchesSelector, parseLabelSelector, type Labels } from '../injection/label-selector.ts'

/** A workload that is to be restarted. */
export interface Restartable {
  key: string
  cluster: string
  namespace: string
  podLabels: Labels
  /** Pods that its own update strategy makes unavailable at once, see `takesAway`. */
  takes: number
}

/** A PodDisruptionBudget as it stands now. */
export interface Budget {
  cluster: string
  budget: KubeResource
}

export interface Batch {
  /** Keys of those to restart now. */
  start: string[]
  /** Why the others wait, by key: the budget that has nothing left for them. */
  held: ReadonlyMap<string, string>
}

/**
 * Which workloads may be restarted now: at most `size` at once, and never so many that a budget which their pods belong
 * to would be overdrawn. Workloads under way count against their budgets in full until they are done.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
 */
export function nextBatch(
  waiting: readonly Restartable[],
  running: readonly Restartable[],
  budgets: readonly Budget[],
  size: number,
): Batch {
  const start: string[] = []
  const held = new Map<string, string>()
  const left = new Map(budgets.map((each) => [each, allowedBy(each)]))
  for (const each of running) take(left, each)
  for (const each of waiting) {
    const short = [...left].find(([budget, free]) => each.takes > 0 && covers(budget, each) && each.takes > free)?.[0]
    if (short !== undefined) {
      held.set(each.key, short.budget.metadata.name)
      continue
    }
    if (running.length + start.length >= size) break
    start.push(each.key)
    take(left, each)
  }
  return { start, held }
}

/**
 * Pods that a rolling restart makes unavailable at once, by the workload's own strategy.
 * Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
 */
export function takesAway(workload: KubeResource): number {
  const replicas = Number(
    readPath(workload, workload.kind === 'DaemonSet' ? 'status.desiredNumberScheduled' : 'spec.replicas') ?? 1,
  )
  if (workload.kind !== 'Deployment') {
    if (readPath(workload, 'spec.updateStrategy.type') === 'OnDelete') return 0
    const surge = amount(readPath(workload, 'spec.updateStrategy.rollingUpdate.maxSurge') ?? 0, replicas, Math.ceil)
    const given = readPath(workload, 'spec.updateStrategy.rollingUpdate.maxUnavailable') ?? 1
    const most = amount(given, replicas, Math.ceil)
    return Math.min(replicas, surge === 0 ? Math.max(1, most) : most)
  }
  if (readPath(workload, 'spec.strategy.type') === 'Recreate') return replicas
  const surge = amount(readPath(workload, 'spec.strategy.rollingUpdate.maxSurge') ?? '25%', replicas, Math.ceil)
  const most = amount(readPath(workload, 'spec.strategy.rollingUpdate.maxUnavailable') ?? '25%', replicas, Math.floor)
  // Kubernetes takes one where rounding leaves no way to go on.
  return Math.min(replicas, surge === 0 && most === 0 ? 1 : most)
}

function take(left: Map<Budget, number>, each: Restartable): void {
  for (const [budget, free] of left) if (covers(budget, each)) left.set(budget, free - each.takes)
}

function covers({ cluster, budget }: Budget, each: Restartable): boolean {
  const selector = readPath(budget, 'spec.selector')
  return (
    cluster === each.cluster &&
    budget.metadata.namespace === each.namespace &&
    // A budget without a selector covers nothing, one with an empty selector everything.
    isRecord(selector) &&
    matchesSelector(parseLabelSelector(selector), each.podLabels)
  )
}

function allowedBy({ budget }: Budget): number {
  const allowed = readPath(budget, 'status.disruptionsAllowed')
  return typeof allowed === 'number' ? allowed : 0
}

function amount(value: unknown, of: number, round: (share: number) => number): number {
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined
  return percent === undefined ? Number(value) || 0 : round((Number(percent) * of) / 100)
}
