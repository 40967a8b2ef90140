import type { KubeResource } from '@meshdeck/kube'

/** Says whether what matters of an object is not what it was when it was asked about the last time. */
export type ChangeFilter = (name: string, object: KubeResource | undefined) => boolean

/** `matters` gives what matters of an object, as a value that can be written as JSON. */
export function createChangeFilter(matters: (object: KubeResource) => unknown): ChangeFilter {
  const known = new Map<string, string>()
  return (name, object) => {
    if (object === undefined) return known.delete(name)
    const now = JSON.stringify(matters(object))
    if (known.get(name) === now) return false
    known.set(name, now)
    return true
  }
}
