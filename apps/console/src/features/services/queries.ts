import { paths, type ServiceDetail, type ServicePage } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

export interface ServiceListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  namespaces: readonly string[]
  clusters: readonly string[]
  statuses: readonly string[]
  labels: string
}

const SERVICE_KINDS: readonly KindId[] = ['Service', 'Namespace', 'Pod']
const DETAIL_KINDS: readonly KindId[] = [
  ...SERVICE_KINDS,
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'VirtualService',
  'DestinationRule',
  'ServiceEntry',
]

/** Queries about services: one row for a namespace and name over all clusters of the mesh. */
export const serviceQueries = {
  list: (mesh: string, params: ServiceListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), SERVICE_KINDS, 'services', params] as const,
      queryFn: ({ signal }) => {
        const { namespaces, clusters, statuses, ...rest } = params
        const query = {
          ...rest,
          namespace: namespaces.join(','),
          cluster: clusters.join(','),
          status: statuses.join(','),
        }
        return api.get<ServicePage>(paths.meshServices(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
    }),
  detail: (mesh: string, namespace: string, name: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), DETAIL_KINDS, 'service', namespace, name] as const,
      queryFn: ({ signal }) => api.get<ServiceDetail>(paths.meshService(mesh, namespace, name), { signal }),
    }),
}
