import { findKindByPath, type KindDefinition, type KindId } from '@meshdeck/kube'

/** Kinds whose objects have pages inside a mesh. */
const CATEGORIES: readonly KindDefinition['category'][] = ['traffic', 'security', 'extensions', 'gateway-api']

/** The kind that a path segment means, if it has pages of its own. */
export function kindOfRoute(segment: string | undefined): (KindDefinition & { id: KindId }) | undefined {
  const kind = segment === undefined ? undefined : findKindByPath(segment)
  return kind && CATEGORIES.includes(kind.category) ? kind : undefined
}
