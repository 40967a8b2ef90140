import type { MeshList, MeshOverview, ResourceCounts } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { KINDS, type KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { FLEET, meshScope } from '../lib/query-keys.ts'

const MESH_KINDS: readonly KindId[] = ['Mesh', 'Cluster']
const OVERVIEW_KINDS: readonly KindId[] = ['Mesh', 'Cluster', 'Namespace', 'Service', 'Pod', 'Deployment']
const CONFIG_KINDS: readonly KindId[] = KINDS.filter((kind) =>
  ['traffic', 'security', 'extensions', 'gateway-api'].includes(kind.category),
).map((kind) => kind.id)

/** Queries about meshes as a whole; the shell asks them as well as the pages. */
export const meshQueries = {
  /** All meshes. With `traffic`, rates are asked of Prometheus too, which takes longer. */
  list: (params: { traffic?: boolean } = {}) =>
    queryOptions({
      queryKey: [FLEET, MESH_KINDS, 'meshes', params] as const,
      queryFn: ({ signal }) => api.get<MeshList>(paths.meshes(params), { signal }),
    }),
  overview: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), OVERVIEW_KINDS, 'overview'] as const,
      queryFn: ({ signal }) => api.get<MeshOverview>(paths.meshOverview(mesh), { signal }),
    }),
  /** How many objects of each Istio kind the mesh has. */
  counts: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), CONFIG_KINDS, 'counts'] as const,
      queryFn: ({ signal }) => api.get<ResourceCounts>(paths.meshCounts(mesh), { signal }),
    }),
}
