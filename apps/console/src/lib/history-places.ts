import { kindOf, type KindId, type ResourceRef } from '@meshdeck/kube'
import { places, type Place } from './places.ts'

/** Addresses that only pages of the history and of objects link to; apart from `places`, which every page loads. */
export const historyPlaces = {
  entry: (mesh: string, id: string, search: Record<string, string> = {}): Place => ({
    to: `${places.history(mesh).to}/${encodeURIComponent(id)}`,
    search,
  }),
  /** The editor of an object, with a state of its history in place of the present one. */
  restore: (mesh: string, object: ResourceRef, entry: string): Place => {
    const place = places.objectYaml(mesh, { ...object, namespace: object.namespace })
    return { ...place, search: { ...place.search, restore: entry } }
  },
}

/** A ref of what an entry of the history is about; `undefined` for a kind of another version of Meshdeck. */
export function refOfEntry(
  entry: { cluster: string; namespace?: string | undefined; name: string },
  kind: KindId,
): ResourceRef {
  const { cluster, namespace, name } = entry
  return kindOf(kind).namespaced && namespace !== undefined
    ? { cluster, kind, namespace, name }
    : { cluster, kind, name }
}
