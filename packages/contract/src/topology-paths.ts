import { API_ROOT, withQuery } from './paths.ts'

/** Paths that only the page of the topology asks for. Apart from `paths`, which every page loads, and from the schemas. */
export const topologyPaths = {
  node: (mesh: string, query: Record<string, string | undefined>) =>
    withQuery(`${API_ROOT}/meshes/${encodeURIComponent(mesh)}/topology/-node`, query),
}
