import { API_ROOT, withQuery } from './paths.ts'

const e = encodeURIComponent

/** Paths that only the pages of the history ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const historyPaths = {
  list: (mesh: string, query: Record<string, string | number | boolean | undefined> = {}) =>
    withQuery(`${API_ROOT}/meshes/${e(mesh)}/history`, query),
  record: (mesh: string, id: string) => `${API_ROOT}/meshes/${e(mesh)}/history/${e(id)}`,
}
