import { kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import type { Rights } from './access.ts'

/**
 * Those of the cached objects that the caller may list. A right to everything is asked for first; else each namespace.
 * Where nothing is visible, all namespaces are asked, to tell "there is none" from "you may not".
 */
export async function visibleObjects(
  rights: Rights,
  kind: KindId,
  objects: readonly KubeResource[],
  namespaces: readonly KubeResource[],
): Promise<{ objects: readonly KubeResource[]; forbidden: boolean }> {
  const placeOf = (object: KubeResource): string =>
    kind === 'Namespace' ? object.metadata.name : (object.metadata.namespace ?? '')
  const asked = kindOf(kind).namespaced || kind === 'Namespace' ? objects.map(placeOf) : []
  const allowed = await rights.listable(kind, asked)
  if (allowed === 'all') return { objects, forbidden: false }
  const visible = objects.filter((object) => allowed.has(placeOf(object)))
  if (visible.length > 0) return { objects: visible, forbidden: false }
  const anywhere = await rights.listable(
    kind,
    namespaces.map(({ metadata }) => metadata.name),
  )
  return { objects: [], forbidden: anywhere !== 'all' && anywhere.size === 0 }
}
