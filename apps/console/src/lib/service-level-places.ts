import type { Place } from './places.ts'

const e = encodeURIComponent
const root = (mesh: string): string => `/meshes/${e(mesh)}/service-levels`

/** Addresses of service levels; apart from `places`, which every page loads. */
export const serviceLevelPlaces = {
  list: (mesh: string, search: Record<string, string> = {}): Place => ({ to: root(mesh), search }),
  /** `service`: `NAMESPACE/NAME` to begin with. */
  create: (mesh: string, service?: string): Place => ({
    to: `${root(mesh)}/-create`,
    ...(service === undefined ? {} : { search: { service } }),
  }),
  one: (mesh: string, name: string): Place => ({ to: `${root(mesh)}/${e(name)}` }),
  edit: (mesh: string, name: string): Place => ({ to: `${root(mesh)}/${e(name)}/-edit` }),
}
