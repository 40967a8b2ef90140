import { kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import type { Rights } from './access.ts'

/** What was left of a list for the rights that were asked with last; views keep what they make with the list itself. */
const filtered = new WeakMap<readonly KubeResource[], { key: string; visible: readonly KubeResource[] }>()

/**
 * Those of the cached objects that the caller may list. A right to everything is asked for first; else each namespace.
 * Where nothing is visible, all namespaces are asked, to tell "there is none" from "you may not".
 */
export async function visibleObjects(
  rights: Rights,
  kind: KindId,
  objects: readonly KubeResource[],
  namespaces: readonly KubeResource[],
): Promise<{ objects: readonly KubeResource[]; forbidden: boolean; complete: boolean }> {
  const placeOf = (object: KubeResource): string =>
    kind === 'Namespace' ? object.metadata.name : (object.metadata.namespace ?? '')
  const asked = kindOf(kind).namespaced || kind === 'Namespace' ? objects.map(placeOf) : []
  const allowed = await rights.listable(kind, asked)
  if (allowed === 'all') return { objects, forbidden: false, complete: true }
  const visible = visibleIn(objects, allowed, placeOf)
  if (visible.length > 0) return { objects: visible, forbidden: false, complete: false }
  const anywhere = await rights.listable(
    kind,
    namespaces.map(({ metadata }) => metadata.name),
  )
  return { objects: [], forbidden: anywhere !== 'all' && anywhere.size === 0, complete: false }
}

function visibleIn(
  objects: readonly KubeResource[],
  allowed: ReadonlySet<string>,
  placeOf: (object: KubeResource) => string,
): readonly KubeResource[] {
  const key = [...allowed].toSorted().join(' ')
  const known = filtered.get(objects)
  if (known?.key === key) return known.visible
  const visible = objects.filter((object) => allowed.has(placeOf(object)))
  filtered.set(objects, { key, visible })
  return visible
}
