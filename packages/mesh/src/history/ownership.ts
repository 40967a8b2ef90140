import type { KubeResource } from '@meshdeck/kube'

/** What else keeps an object: a change made here may be undone by it. */
export interface Owner {
  by: 'Argo CD' | 'Flux' | 'Helm' | 'controller'
  /** The application, the Kustomization, the release, or the owning object. */
  name: string
}

/**
 * Finds what keeps an object, by the marks it leaves.
 * Sources: Argo CD "Resource Tracking" (annotation `tracking-id`, written `app:group/Kind:namespace/name`, or the label
 * `instance`); the labels of Flux' kustomize-controller and helm-controller; Helm's `meta.helm.sh` annotations.
 */
export function ownerOf({ metadata }: Pick<KubeResource, 'metadata'>): Owner | undefined {
  const labels = metadata.labels ?? {}
  const annotations = metadata.annotations ?? {}
  const argo = annotations['argocd.argoproj.io/tracking-id'] ?? labels['argocd.argoproj.io/instance']
  if (argo !== undefined) return { by: 'Argo CD', name: argo.split(':')[0] ?? argo }
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name']
  if (flux !== undefined) return { by: 'Flux', name: flux }
  const release = annotations['meta.helm.sh/release-name']
  if (release !== undefined || labels['app.kubernetes.io/managed-by'] === 'Helm') {
    return { by: 'Helm', name: release ?? '' }
  }
  const owner = metadata.ownerReferences?.find((reference) => reference.controller) ?? metadata.ownerReferences?.[0]
  return owner && { by: 'controller', name: `${owner.kind} ${owner.name}` }
}
