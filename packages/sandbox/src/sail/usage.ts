import type { KubeObject } from '../kube-object.ts'

const REV = 'istio.io/rev'

/**
 * Revisions and tags by which namespaces and pods ask for a proxy, or have got one.
 * Source: https://github.com/istio-ecosystem/sail-operator/blob/main/docs/update-strategy/update-strategy.adoc
 */
export function usedRevisions(namespaces: readonly KubeObject[], pods: readonly KubeObject[]): ReadonlySet<string> {
  const used = new Set<string>()
  const ofNamespace = new Map<string, string>()
  for (const { metadata } of namespaces) {
    const revision = metadata.labels?.['istio-injection'] === 'enabled' ? 'default' : metadata.labels?.[REV]
    if (revision === undefined) continue
    ofNamespace.set(metadata.name, revision)
    used.add(revision)
  }
  for (const { metadata } of pods) {
    const has = metadata.annotations?.[REV]
    if (has !== undefined) used.add(has)
    const namespace = ofNamespace.get(metadata.namespace ?? '')
    const inject = metadata.labels?.['sidecar.istio.io/inject']
    // A namespace's word comes first. istiod's own pods carry their revision, and want no proxy.
    if (namespace !== undefined || inject === 'false') continue
    const asked = metadata.labels?.[REV]
    if (asked !== undefined) used.add(asked)
    else if (inject === 'true') used.add('default')
  }
  return used
}
