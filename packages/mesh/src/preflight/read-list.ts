import { readPath } from '@meshdeck/kube'

/** What lies at a path (`spec.containers.*.image`), when it is a list; nothing otherwise. */
export function readList(value: unknown, path: string): readonly unknown[] {
  const found = readPath(value, path)
  return Array.isArray(found) ? found : []
}
