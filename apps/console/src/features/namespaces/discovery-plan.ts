import type { NamespaceView } from '@meshdeck/contract'
import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { DISCOVERY_SIDECAR, sameValue, scopeSidecar, type WantedScope } from '@meshdeck/mesh'

/** What is to be done so that a namespace gets a scope. */
export type DiscoveryStep =
  | { act: 'none' }
  /** It is not known what rules there: its Sidecars may not be seen. */
  | { act: 'unknown' }
  /** What stands in the root namespace holds for the whole mesh. */
  | { act: 'root' }
  /** Somebody's own `Sidecar` rules there; it is theirs to change. */
  | { act: 'refuse'; theirs: ResourceRef }
  | { act: 'create'; ref: ResourceRef; after: KubeResource }
  | { act: 'replace'; ref: ResourceRef; before: KubeResource; after: KubeResource }
  | { act: 'delete'; ref: ResourceRef; before: KubeResource }

/** Where the `Sidecar` of a namespace lies, or would: in the cluster of the istiod that serves it. */
export function discoveryRef({ cluster, name, discovery }: NamespaceView): ResourceRef {
  return {
    cluster: discovery?.cluster ?? cluster,
    kind: 'Sidecar',
    namespace: name,
    name: discovery?.by?.name ?? DISCOVERY_SIDECAR,
  }
}

/** The step for one namespace; `before` is our `Sidecar` as it is now. */
export function discoveryStep(
  namespace: NamespaceView,
  wanted: WantedScope,
  before: KubeResource | undefined,
): DiscoveryStep {
  const { discovery, name } = namespace
  if (discovery === undefined) return { act: 'unknown' }
  if (name === discovery.rootNamespace) return { act: 'root' }
  const ref = discoveryRef(namespace)
  if (discovery.by?.owner === 'user') return { act: 'refuse', theirs: ref }
  const after = scopeSidecar(name, discovery.rootNamespace, wanted, before)
  if (after === undefined) return before === undefined ? { act: 'none' } : { act: 'delete', ref, before }
  if (before === undefined) return { act: 'create', ref, after }
  return sameValue(before, after) ? { act: 'none' } : { act: 'replace', ref, before, after }
}

/** Namespaces of several clusters that one istiod serves share their `Sidecar`: each is planned once. */
export function distinctByRef(namespaces: readonly NamespaceView[]): NamespaceView[] {
  const key = (namespace: NamespaceView): string => `${discoveryRef(namespace).cluster}/${namespace.name}`
  return [...new Map(namespaces.map((namespace) => [key(namespace), namespace])).values()]
}
