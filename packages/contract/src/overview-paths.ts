import { API_ROOT } from './paths.ts'

const e = encodeURIComponent

/** Paths that only the overview of a mesh asks for. Apart from `paths`, which every page loads, and from the schemas. */
export const overviewPaths = {
  figures: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/metrics/overview`,
  certificates: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/certificates`,
}
