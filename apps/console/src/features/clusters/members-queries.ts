import { paths, type NamespacePage } from '@meshdeck/contract'
import { HUB, type KubeResource, type Mesh, type MeshMember } from '@meshdeck/kube'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { invalidateKind, resourceQueries, resourceWrites } from '../../resource-kit/resource-queries.ts'

export const memberQueries = {
  /** The record of a mesh, whole. */
  mesh: (name: string) => resourceQueries.detail({ cluster: HUB, kind: 'Mesh', name }),
  /** Pods with a sidecar in one cluster of a mesh (the mesh's own gateways go with it anyway), and how many of its namespaces ask for them. */
  sidecars: (mesh: string, cluster: string) =>
    queryOptions({
      queryKey: [cluster, ['Namespace', 'Pod'], 'sidecars-left', mesh] as const,
      queryFn: ({ signal }) =>
        api.get<NamespacePage>(paths.meshInjection(mesh, { cluster, system: false, pageSize: 1000 }), { signal }),
      select: ({ items }) => ({
        pods: items.reduce((sum, { injectedPods }) => sum + injectedPods, 0),
        namespaces: items.filter(({ policy }) => policy === 'enabled').length,
      }),
    }),
}

/** Writes the members of a mesh; refused (409) when somebody else has changed the mesh meanwhile. */
export function useSetMembers(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (change: (members: readonly MeshMember[]) => MeshMember[]) => {
      const mesh = await client.fetchQuery({ ...memberQueries.mesh(name), staleTime: 0 })
      const { spec } = mesh as Mesh
      const next: KubeResource = { ...mesh, spec: { ...spec, members: change(spec.members ?? []) } }
      return resourceWrites.replace({ cluster: HUB, kind: 'Mesh', name }, next)
    },
    meta: { silent: true },
    onSuccess: () => invalidateKind(client, HUB, 'Mesh'),
  })
}
