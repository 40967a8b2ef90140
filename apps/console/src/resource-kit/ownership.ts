import type { KubeResource } from '@meshdeck/kube'

/** Who else keeps an object: a change made here may be undone by it. */
export interface Owner {
  by: 'Argo CD' | 'Flux' | 'Helm' | 'controller'
  name: string
}

/**
 * Finds what keeps an object, by the marks it leaves.
 * Sources: Argo CD "Resource Tracking", Flux "kustomize.toolkit.fluxcd.io" labels, Helm "app.kubernetes.io/managed-by".
 */
export function ownerOf({ metadata }: KubeResource): Owner | undefined {
  const labels = metadata.labels ?? {}
  const annotations = metadata.annotations ?? {}
  const argo = annotations['argocd.argoproj.io/tracking-id'] ?? labels['argocd.argoproj.io/instance']
  if (argo !== undefined) return { by: 'Argo CD', name: argo.split(':')[0] ?? argo }
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name']
  if (flux !== undefined) return { by: 'Flux', name: flux }
  if (labels['app.kubernetes.io/managed-by'] === 'Helm') {
    return { by: 'Helm', name: annotations['meta.helm.sh/release-name'] ?? '' }
  }
  const owner = metadata.ownerReferences?.find((reference) => reference.controller) ?? metadata.ownerReferences?.[0]
  return owner && { by: 'controller', name: `${owner.kind} ${owner.name}` }
}
