import { DATAPLANE_MODE_LABEL, INJECTION_LABEL, REVISION_LABEL } from '@meshdeck/kube'
import { effectiveInjection, type InjectionContext, type InjectionReason } from './effective-injection.ts'
import { labelOf, type Labels } from './label-selector.ts'
import { isCurrent, isInjected, type PodLike } from './pods.ts'
import { workloadInjection, type NamespaceLike, type WorkloadLike } from './workload-injection.ts'
import { podsByWorkload, printWorkloadKey, type ReplicaSetIndex, type WorkloadKey } from './workload-of.ts'

export type InjectionPolicy = 'unset' | 'enabled' | 'disabled'
export type NamespaceInjectionState = InjectionPolicy | 'enabled-pending' | 'disabled-pending'

export interface NamespaceInjection {
  /** What the namespace's own labels say. */
  policy: InjectionPolicy
  /** The policy, and whether running pods still wait for a restart to follow it. */
  state: NamespaceInjectionState
  /** Value of `istio.io/rev`, when that is what counts. */
  revision?: string
  /** Whether, and why, a new pod without labels of its own gets a sidecar. */
  injectsNewPods: boolean
  reason: InjectionReason
  ambient: boolean
  pods: number
  injectedPods: number
  workloads: number
  pendingWorkloads: number
  /** The workloads that a restart would change; without a policy they may exist too (a mesh default, a cleared label). */
  pending: WorkloadKey[]
}

export interface NamespaceInjectionInput extends InjectionContext {
  namespace: NamespaceLike
  /** Of this namespace only. */
  pods: readonly PodLike[]
  /** Of this namespace only. */
  workloads: readonly WorkloadLike[]
  replicaSets?: ReplicaSetIndex
}

/** A namespace's injection, from its labels and from what runs in it. */
export function namespaceInjection(input: NamespaceInjectionInput): NamespaceInjection {
  const { namespace, workloads, replicaSets, ...context } = input
  const { labels, name } = namespace.metadata
  const policy = injectionPolicy(labels)
  const pods = input.pods.filter(isCurrent)
  const groups = podsByWorkload(pods, replicaSets)
  const pending = workloads
    .map((workload) => ({ workload, key: { kind: workload.kind, namespace: name, name: workload.metadata.name } }))
    .filter(({ workload, key }) => {
      const own = groups.get(printWorkloadKey(key)) ?? []
      return workloadInjection({ ...context, namespace, workload, pods: own }).state === 'pending-restart'
    })
    .map(({ key }) => key)
  const newPod = effectiveInjection({ ...context, namespaceName: name, namespaceLabels: labels })
  const revision =
    policy === 'enabled' && !hasLabel(labels, INJECTION_LABEL) ? labelOf(labels, REVISION_LABEL) : undefined
  return {
    policy,
    state: pending.length > 0 && policy !== 'unset' ? `${policy}-pending` : policy,
    ...(revision !== undefined && { revision }),
    injectsNewPods: newPod.injected,
    reason: newPod.reason,
    ambient: labelOf(labels, DATAPLANE_MODE_LABEL) === 'ambient',
    pods: pods.length,
    injectedPods: pods.filter(isInjected).length,
    workloads: workloads.length,
    pendingWorkloads: pending.length,
    pending,
  }
}

/** A namespace's own policy. `istio-injection` outranks `istio.io/rev`; a value nobody knows counts as unset. */
export function injectionPolicy(labels: Labels | undefined): InjectionPolicy {
  const value = labelOf(labels, INJECTION_LABEL)
  if (value === 'enabled' || value === 'disabled') return value
  return value === undefined && hasLabel(labels, REVISION_LABEL) ? 'enabled' : 'unset'
}

const hasLabel = (labels: Labels | undefined, key: string): boolean => labelOf(labels, key) !== undefined
