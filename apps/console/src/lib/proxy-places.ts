import type { ProxyRef } from '@meshdeck/contract'
import type { Place } from './places.ts'

const e = encodeURIComponent
const list = (mesh: string): string => `/meshes/${e(mesh)}/proxies`

/** Addresses of proxies; apart from `places`, which every page loads. */
export const proxyPlaces = {
  list: (mesh: string, search: Record<string, string> = {}): Place => ({ to: list(mesh), search }),
  one: (
    mesh: string,
    { cluster, namespace, pod }: ProxyRef,
    section = 'listeners',
    search: Record<string, string> = {},
  ): Place => ({ to: `${list(mesh)}/${e(cluster)}/${e(namespace)}/${e(pod)}/${e(section)}`, search }),
}
