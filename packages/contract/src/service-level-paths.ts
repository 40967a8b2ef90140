import { API_ROOT, withQuery } from './paths.ts'

const e = encodeURIComponent
const root = (mesh: string): string => `${API_ROOT}/meshes/${e(mesh)}/service-levels`

/** Paths of service levels. Apart from `paths`, which every page loads. */
export const serviceLevelPaths = {
  list: (mesh: string, query: { namespace?: string; service?: string } = {}) => withQuery(root(mesh), query),
  detail: (mesh: string, name: string) => `${root(mesh)}/${e(name)}`,
  /** Of one level, or of all of the mesh. */
  rules: (mesh: string, format: 'file' | 'operator', name?: string) =>
    withQuery(name === undefined ? `${root(mesh)}/-rules` : `${root(mesh)}/${e(name)}/-rules`, { format }),
}
