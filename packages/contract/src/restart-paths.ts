import { API_ROOT } from './paths.ts'

const e = encodeURIComponent

/** Paths of rolling restarts. Apart from `paths`, which every page loads. */
export const restartPaths = {
  restarts: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/restarts`,
  act: (mesh: string, name: string) => `${API_ROOT}/meshes/${e(mesh)}/restarts/${e(name)}/-act`,
}
