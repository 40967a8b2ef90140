import type { Place } from './places.ts'

const e = encodeURIComponent
const path = (mesh: string): string => `/meshes/${e(mesh)}/-wizards`

/** Addresses of the wizards. The search may name the service that they are about, as `namespace/name`. */
export const wizardPlaces = {
  list: (mesh: string, search: Record<string, string> = {}): Place => ({ to: path(mesh), search }),
  wizard: (mesh: string, wizard: string, search: Record<string, string> = {}): Place => ({
    to: `${path(mesh)}/${e(wizard)}`,
    search,
  }),
}
