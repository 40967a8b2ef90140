import { lifePaths, type AdoptionList, type MeshRemoval, type OrphanList } from '@meshdeck/contract'
import { HUB, type KindId, type KubeResource } from '@meshdeck/kube'
import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, ApiError } from '../lib/api.ts'
import { FLEET, meshScope } from '../lib/query-keys.ts'
import { invalidateKind, resourceQueries, resourceWrites } from './resource-queries.ts'

const REMOVAL_KINDS: readonly KindId[] = ['Mesh', 'Pod', 'Deployment', 'K8sGateway']
const MADE_KINDS: readonly KindId[] = ['Mesh', 'Istio', 'IstioCNI', 'ZTunnel', 'Deployment', 'Namespace']
/** Keeps a mesh on the hub until what was installed for it is gone. */
const INSTALLATION_FINALIZER = 'meshdeck.io/installation'
/** The controller looks at a mesh whenever it changes; what stands here is only to be seen. */
const RETRY_ANNOTATION = 'meshdeck.io/retried-at'
/** The controller writes the status all the time while it removes a mesh. */
const WRITE_ATTEMPTS = 5

export const removalQuery = (mesh: string) =>
  queryOptions({
    queryKey: [meshScope(mesh), REMOVAL_KINDS, 'removal'] as const,
    queryFn: ({ signal }) => api.get<MeshRemoval>(lifePaths.removal(mesh), { signal }),
  })

export const orphansQuery = (cluster: string) =>
  queryOptions({
    queryKey: [FLEET, MADE_KINDS, 'orphans', cluster] as const,
    queryFn: ({ signal }) => api.get<OrphanList>(lifePaths.orphans(cluster), { signal }),
  })

export const adoptionsQuery = (cluster: string) =>
  queryOptions({
    queryKey: [cluster, MADE_KINDS, 'adoptions'] as const,
    queryFn: ({ signal }) => api.get<AdoptionList>(lifePaths.adoptions(cluster), { signal }),
  })

/** Changes the newest copy of a mesh, again when somebody else was faster. Throws `ApiError`. */
async function changeMesh(
  client: QueryClient,
  name: string,
  change: (mesh: KubeResource) => KubeResource,
): Promise<void> {
  const ref = { cluster: HUB, kind: 'Mesh' as const, name }
  for (let attempt = 1; ; attempt += 1) {
    const mesh = await client.fetchQuery({ ...resourceQueries.detail(ref), staleTime: 0 })
    try {
      await resourceWrites.replace(ref, change(mesh))
      return
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code !== 'conflict' || attempt === WRITE_ATTEMPTS) throw error
    }
  }
}

/** Has the controller look at a mesh at once, instead of when its patience ends. */
export function useRetryMesh(name: string, success: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      changeMesh(client, name, (mesh) => ({
        ...mesh,
        metadata: {
          ...mesh.metadata,
          annotations: { ...mesh.metadata.annotations, [RETRY_ANNOTATION]: new Date().toISOString() },
        },
      })),
    meta: { success },
    onSuccess: () => invalidateKind(client, HUB, 'Mesh'),
  })
}

/** Deletes a mesh without waiting for what was installed for it to go. */
export function useForceDelete(name: string, success: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      try {
        await resourceWrites.delete({ cluster: HUB, kind: 'Mesh', name })
        await changeMesh(client, name, (mesh) => ({
          ...mesh,
          metadata: {
            ...mesh.metadata,
            finalizers: (mesh.metadata.finalizers ?? []).filter((each) => each !== INSTALLATION_FINALIZER),
          },
        }))
      } catch (error) {
        // The controller was done meanwhile.
        if (!(error instanceof ApiError) || error.status !== 404) throw error
      }
    },
    meta: { silent: true, success },
    onSuccess: () => invalidateKind(client, HUB, 'Mesh'),
  })
}
