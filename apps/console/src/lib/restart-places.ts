import type { Place } from './places.ts'

const e = encodeURIComponent

/** Addresses of rolling restarts; apart from `places`, which every page loads. */
export const restartPlaces = {
  list: (mesh: string): Place => ({ to: `/meshes/${e(mesh)}/sidecars/restarts` }),
  one: (mesh: string, name: string): Place => ({ to: `/meshes/${e(mesh)}/sidecars/restarts/${e(name)}` }),
}
