import {
  DATAPLANE_MODE_LABEL,
  INJECTION_LABEL,
  NEVER_INJECTED_NAMESPACES,
  POD_INJECT_LABEL,
  REVISION_LABEL,
} from '@meshdeck/kube'
import { labelOf, type Labels } from './label-selector.ts'
import { findWebhook, type InjectionWebhook } from './webhooks.ts'

/** Why a new pod gets a sidecar, or why not. The console has a sentence for each code. */
export const InjectionReason = {
  /** Injected. */
  namespaceEnabled: 'namespace-enabled',
  namespaceRevision: 'namespace-revision',
  podEnabled: 'pod-enabled',
  podRevision: 'pod-revision',
  meshDefault: 'mesh-default',
  /** A webhook with selectors of its own, not Istio's usual ones, takes it. */
  customSelector: 'custom-selector',
  /** The pod template brings a proxy of its own (gateways of the Gateway API, ztunnel, `istioctl kube-inject`). */
  ownProxy: 'own-proxy',
  /** Not injected. */
  hostNetwork: 'host-network',
  neverInjectedNamespace: 'never-injected-namespace',
  podDisabled: 'pod-disabled',
  podAnnotationDisabled: 'pod-annotation-disabled',
  podLabelInvalid: 'pod-label-invalid',
  namespaceDisabled: 'namespace-disabled',
  namespaceLabelInvalid: 'namespace-label-invalid',
  /** Nothing serves the revision that is asked for (`default` behind `istio-injection=enabled`). */
  revisionUnknown: 'revision-unknown',
  /** Asked for, and the cluster has no injection webhook. */
  noInjector: 'no-injector',
  /** No sidecar because the namespace's traffic is carried by ztunnel. */
  ambient: 'ambient',
  unset: 'unset',
} as const
export type InjectionReason = (typeof InjectionReason)[keyof typeof InjectionReason]

export interface InjectionContext {
  /** The cluster's webhooks: when given, they decide, and the rest of the context is not asked. */
  webhooks?: readonly InjectionWebhook[]
  /** Istio's `enableNamespacesByDefault`; false when absent. */
  meshDefault?: boolean
  /** Revisions and tags that exist; any is believed when absent. */
  revisions?: readonly string[]
}

export interface InjectionInput extends InjectionContext {
  namespaceName: string
  namespaceLabels?: Labels | undefined
  podLabels?: Labels | undefined
  podAnnotations?: Labels | undefined
  hostNetwork?: boolean | undefined
}

export interface EffectiveInjection {
  injected: boolean
  reason: InjectionReason
  /** The revision that injects (or would have to). The real one behind a tag is known only from webhooks. */
  revision?: string
}

/**
 * Whether a pod created now gets a sidecar, and why. With `webhooks` their selectors are evaluated as the API server
 * does; without, Istio's default rule is applied. Then istiod's own refusals: host network, system namespaces, and the
 * old annotation. istiod's never/alwaysInjectSelector and a disabled policy are not known here.
 * Source: charts/istio-discovery/templates/mutatingwebhook.yaml and injectRequired() in pkg/kube/inject of Istio.
 */
export function effectiveInjection(input: InjectionInput): EffectiveInjection {
  if (input.hostNetwork === true) return { injected: false, reason: InjectionReason.hostNetwork }
  if (NEVER_INJECTED_NAMESPACES.includes(input.namespaceName)) {
    return { injected: false, reason: InjectionReason.neverInjectedNamespace }
  }
  const selected = input.webhooks === undefined ? defaultRule(input) : webhookVerdict(input, input.webhooks)
  if (!selected.injected) return selected
  const label = labelOf(input.podLabels, POD_INJECT_LABEL)
  if (label === undefined && labelOf(input.podAnnotations, POD_INJECT_LABEL) === 'false') {
    return { ...selected, injected: false, reason: InjectionReason.podAnnotationDisabled }
  }
  return selected
}

function webhookVerdict(input: InjectionInput, webhooks: readonly InjectionWebhook[]): EffectiveInjection {
  const webhook = findWebhook(webhooks, input.namespaceName, input.namespaceLabels ?? {}, input.podLabels ?? {})
  const wish = wishOf(input, webhook !== undefined)
  if (webhook !== undefined) {
    const reason = wish.injected ? wish.reason : InjectionReason.customSelector
    return { injected: true, reason, revision: webhook.revision }
  }
  if (!wish.injected) return wish
  const reason = webhooks.length === 0 ? InjectionReason.noInjector : InjectionReason.revisionUnknown
  return { ...wish, injected: false, reason }
}

function defaultRule(input: InjectionInput): EffectiveInjection {
  const wish = wishOf(input, input.meshDefault ?? false)
  const { revisions } = input
  if (wish.injected && revisions !== undefined && !revisions.includes(wish.revision ?? 'default')) {
    return { ...wish, injected: false, reason: InjectionReason.revisionUnknown }
  }
  return wish
}

/** What the labels ask for, whether or not anybody serves it. `istio-injection` outranks `istio.io/rev`. */
function wishOf({ namespaceLabels, podLabels }: InjectionInput, meshDefault: boolean): EffectiveInjection {
  const policy = labelOf(namespaceLabels, INJECTION_LABEL)
  const revision = labelOf(namespaceLabels, REVISION_LABEL)
  const pod = labelOf(podLabels, POD_INJECT_LABEL)
  const podRevision = labelOf(podLabels, REVISION_LABEL)
  const no = (reason: InjectionReason): EffectiveInjection => ({ injected: false, reason })
  const yes = (reason: InjectionReason, by = 'default'): EffectiveInjection => ({
    injected: true,
    reason,
    revision: by,
  })

  if (pod === 'false') return no(InjectionReason.podDisabled)
  if (policy === 'enabled') return yes(InjectionReason.namespaceEnabled)
  if (policy === 'disabled') return no(InjectionReason.namespaceDisabled)
  if (policy !== undefined) return no(InjectionReason.namespaceLabelInvalid)
  if (revision !== undefined) return yes(InjectionReason.namespaceRevision, revision)
  if (podRevision !== undefined) return yes(InjectionReason.podRevision, podRevision)
  if (pod === 'true') return yes(InjectionReason.podEnabled)
  if (pod !== undefined) return no(InjectionReason.podLabelInvalid)
  if (meshDefault) return yes(InjectionReason.meshDefault)
  return no(
    labelOf(namespaceLabels, DATAPLANE_MODE_LABEL) === 'ambient' ? InjectionReason.ambient : InjectionReason.unset,
  )
}
