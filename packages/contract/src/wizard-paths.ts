import { API_ROOT } from './paths.ts'

/** Paths that only the wizards for meshes ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const wizardPaths = {
  localities: `${API_ROOT}/clusters/-localities`,
  plan: `${API_ROOT}/meshes/-plan`,
}
