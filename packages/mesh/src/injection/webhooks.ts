import { isRecord, REVISION_LABEL, type KubeResource } from '@meshdeck/kube'
import { labelOf, matchesSelector, parseLabelSelector, type Labels, type LabelSelector } from './label-selector.ts'

/** Istio gives each of its injection webhooks a name that ends so (`rev.namespace.sidecar-injector.istio.io`). */
const INJECTOR_SUFFIX = 'sidecar-injector.istio.io'
const TAG_LABEL = 'istio.io/tag'

/** One injection webhook of a cluster: who it selects, and which revision answers. */
export interface InjectionWebhook {
  configuration: string
  name: string
  /** Revision of the istiod behind it; `default` when the configuration does not say. */
  revision: string
  /** Set when the configuration belongs to a revision tag. */
  tag?: string
  namespaceSelector: LabelSelector
  objectSelector: LabelSelector
}

/**
 * The sidecar injection webhooks among a cluster's MutatingWebhookConfigurations, in the order the API server calls them
 * (by name of the configuration). `matchConditions` are not evaluated; Istio sets none.
 */
export function injectionWebhooks(configurations: readonly KubeResource[]): InjectionWebhook[] {
  return configurations
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .flatMap((configuration) => {
      const { labels, name } = configuration.metadata
      const tag = labelOf(labels, TAG_LABEL)
      const webhooks = Array.isArray(configuration['webhooks']) ? configuration['webhooks'].filter(isRecord) : []
      return webhooks.filter(isInjector).map((webhook) => ({
        configuration: name,
        name: String(webhook['name']),
        revision: labelOf(labels, REVISION_LABEL) ?? 'default',
        ...(tag !== undefined && { tag }),
        namespaceSelector: parseLabelSelector(webhook['namespaceSelector']),
        objectSelector: parseLabelSelector(webhook['objectSelector']),
      }))
    })
}

/** The first webhook that the API server would call for a new pod with these labels in this namespace. */
export function findWebhook(
  webhooks: readonly InjectionWebhook[],
  namespaceName: string,
  namespaceLabels: Labels,
  podLabels: Labels,
): InjectionWebhook | undefined {
  // The API server sets this label on every namespace; hand-made input may lack it.
  const labels = { 'kubernetes.io/metadata.name': namespaceName, ...namespaceLabels }
  return webhooks.find(
    (webhook) =>
      matchesSelector(webhook.namespaceSelector, labels) && matchesSelector(webhook.objectSelector, podLabels),
  )
}

/**
 * Which revision or tag must stand in `istio.io/rev` to enable injection in a namespace; `undefined` when the plain
 * `istio-injection=enabled` works (a default revision or a default tag serves it), or when there is no injector at all.
 * With several revisions and no default one, the first by name: callers who offer a choice list `injectionRevisions`.
 */
export function revisionToEnable(webhooks: readonly InjectionWebhook[]): string | undefined {
  const plain = findWebhook(webhooks, 'any', { 'istio-injection': 'enabled' }, {})
  return plain === undefined ? injectionRevisions(webhooks)[0] : undefined
}

/** Values of `istio.io/rev` that some webhook of the cluster serves, tags among them, sorted. */
export function injectionRevisions(webhooks: readonly InjectionWebhook[]): string[] {
  const values = webhooks
    .map((webhook) => webhook.tag ?? webhook.revision)
    .filter((value) => findWebhook(webhooks, 'any', { [REVISION_LABEL]: value }, {}) !== undefined)
  return [...new Set(values)].toSorted()
}

function isInjector(webhook: Record<string, unknown>): boolean {
  const { name } = webhook
  return typeof name === 'string' && (name === INJECTOR_SUFFIX || name.endsWith(`.${INJECTOR_SUFFIX}`))
}
