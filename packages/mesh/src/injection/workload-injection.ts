import type { KubeMetadata, KubeResource } from '@meshdeck/kube'
import {
  effectiveInjection,
  InjectionReason,
  type EffectiveInjection,
  type InjectionContext,
} from './effective-injection.ts'
import type { Labels } from './label-selector.ts'
import { hasOwnProxy, isCurrent, isInjected, proxyRevision, type PodLike, type PodSpecLike } from './pods.ts'

export interface WorkloadLike {
  kind: string
  metadata: KubeMetadata
  spec?:
    | {
        template?:
          | { metadata?: { labels?: Labels; annotations?: Labels } | undefined; spec?: PodSpecLike | undefined }
          | undefined
      }
    | undefined
}

export type NamespaceLike = Pick<KubeResource, 'metadata'>

/** `pending-restart`: some running pods are not what a new pod would be. */
export type WorkloadInjectionState = 'injected' | 'not-injected' | 'pending-restart'

export interface WorkloadInjection {
  state: WorkloadInjectionState
  injectedPods: number
  pods: number
  /** Whether pods created now get a sidecar. */
  expected: boolean
  reason: InjectionReason
  revision?: string
}

export interface WorkloadInjectionInput extends InjectionContext {
  namespace: NamespaceLike
  workload: WorkloadLike
  /** Pods of this workload only; ended and terminating ones are not counted. */
  pods: readonly PodLike[]
}

/**
 * A workload's injection: what new pods get, what the running ones have, and whether a restart would change something.
 * A proxy of another revision than the one that would inject now also waits for a restart (known with webhooks only,
 * since a tag hides the revision). Without pods the state is what new ones would have.
 */
export function workloadInjection(input: WorkloadInjectionInput): WorkloadInjection {
  const effective = workloadEffect(input)
  const pods = input.pods.filter(isCurrent)
  const injectedPods = pods.filter(isInjected).length
  const pending = pods.some((pod) => isInjected(pod) !== effective.injected || isOfOldRevision(pod, effective, input))
  const settled = effective.injected ? 'injected' : 'not-injected'
  return {
    state: pending ? 'pending-restart' : settled,
    injectedPods,
    pods: pods.length,
    expected: effective.injected,
    reason: effective.reason,
    ...(effective.revision !== undefined && { revision: effective.revision }),
  }
}

function workloadEffect({ namespace, workload, ...context }: WorkloadInjectionInput): EffectiveInjection {
  const template = workload.spec?.template
  if (hasOwnProxy(template?.spec)) return { injected: true, reason: InjectionReason.ownProxy }
  return effectiveInjection({
    ...context,
    namespaceName: namespace.metadata.name,
    namespaceLabels: namespace.metadata.labels,
    podLabels: template?.metadata?.labels,
    podAnnotations: template?.metadata?.annotations,
    hostNetwork: template?.spec?.hostNetwork,
  })
}

function isOfOldRevision(pod: PodLike, effective: EffectiveInjection, { webhooks }: InjectionContext): boolean {
  if (webhooks === undefined || effective.reason === InjectionReason.ownProxy) return false
  const revision = proxyRevision(pod)
  return revision !== undefined && effective.revision !== undefined && revision !== effective.revision
}
