import {
  tlsPaths,
  type CreateTlsSecret,
  type ReplaceTlsSecret,
  type TlsSecretDetail,
  type TlsSecretPage,
  type TlsSecretRef,
  type TlsSecretView,
} from '@meshdeck/contract'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { meshScope } from '../../lib/query-keys.ts'

/** What the answers are made of: who names a Secret changes with the gateways. */
const READS = ['Secret', 'Gateway', 'DestinationRule', 'K8sGateway', 'ReferenceGrant'] as const

export interface TlsSecretSearch extends ListSearch {
  namespaces: string[]
  clusters: string[]
  states: string[]
}

export const tlsSecretQueries = {
  list: (mesh: string, { namespaces, clusters, states, ...rest }: TlsSecretSearch) =>
    queryOptions({
      queryKey: [meshScope(mesh), READS, 'tls-secrets', namespaces, clusters, states, rest] as const,
      queryFn: ({ signal }) =>
        api.get<TlsSecretPage>(
          tlsPaths.list(mesh, {
            ...rest,
            namespace: namespaces.join(','),
            cluster: clusters.join(','),
            state: states.join(','),
          }),
          { signal },
        ),
      placeholderData: keepPreviousData,
    }),
  detail: (mesh: string, ref: TlsSecretRef) =>
    queryOptions({
      queryKey: [meshScope(mesh), READS, 'tls-secret', ref.cluster, ref.namespace, ref.name] as const,
      queryFn: ({ signal }) => api.get<TlsSecretDetail>(tlsPaths.one(mesh, ref), { signal }),
    }),
}

/** Writes of a Secret. With `dryRun` all is checked and nothing is kept. */
export const tlsSecretWrites = {
  create: async (mesh: string, body: CreateTlsSecret, dryRun: boolean): Promise<TlsSecretView> =>
    (await api.post<TlsSecretView>(tlsPaths.create(mesh, dryRun), body)).data,
  replace: async (mesh: string, ref: TlsSecretRef, body: ReplaceTlsSecret, dryRun: boolean): Promise<TlsSecretView> =>
    (await api.put<TlsSecretView>(tlsPaths.one(mesh, ref, dryRun ? { dryRun: 'All' } : {}), body)).data,
  delete: (
    mesh: string,
    ref: TlsSecretRef,
    query: { resourceVersion: string | undefined; force: boolean; reason: string },
  ) => api.delete(tlsPaths.one(mesh, ref, query)),
}
