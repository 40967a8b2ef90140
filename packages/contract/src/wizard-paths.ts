import { API_ROOT } from './paths.ts'

/** Paths that only the wizards for meshes ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const wizardPaths = {
  localities: `${API_ROOT}/clusters/-localities`,
  progress: (mesh: string) => `${API_ROOT}/meshes/${encodeURIComponent(mesh)}/progress`,
  trustDomains: (mesh: string) => `${API_ROOT}/meshes/${encodeURIComponent(mesh)}/trust-domains`,
  plan: `${API_ROOT}/meshes/-plan`,
}
