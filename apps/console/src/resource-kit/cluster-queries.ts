import type { ClusterList, ClusterView } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { FLEET } from '../lib/query-keys.ts'

const CLUSTER_KINDS: readonly KindId[] = ['Cluster', 'Mesh']

/** Queries about the clusters of the fleet. */
export const clusterQueries = {
  list: () =>
    queryOptions({
      queryKey: [FLEET, CLUSTER_KINDS, 'clusters'] as const,
      queryFn: ({ signal }) => api.get<ClusterList>(paths.clusters, { signal }),
    }),
  detail: (cluster: string) =>
    queryOptions({
      queryKey: [FLEET, CLUSTER_KINDS, 'cluster', cluster] as const,
      queryFn: ({ signal }) => api.get<ClusterView>(paths.cluster(cluster), { signal }),
    }),
}
