import { paths, type FindingPage, type FindingsPreview, type PreviewFindings } from '@meshdeck/contract'
import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'
import { ALL_FINDINGS, HEARD_KINDS, REFRESH_MS } from './findings-of-kind.ts'

export interface FindingListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  namespaces: readonly string[]
  levels: readonly string[]
  codes: readonly string[]
  kinds: readonly string[]
  suppressed: boolean
}

/** What the analysis says of a mesh. */
export const findingQueries = {
  list: (mesh: string, params: FindingListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', params] as const,
      queryFn: ({ signal }) => {
        const { namespaces, levels, codes, kinds, ...rest } = params
        const query = {
          ...rest,
          namespace: namespaces.join(','),
          level: levels.join(','),
          code: codes.join(','),
          kind: kinds.join(','),
        }
        return api.get<FindingPage>(paths.findings(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
      refetchInterval: REFRESH_MS,
    }),
  /** All findings about objects of a namespace. */
  inNamespace: (mesh: string, namespace: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', 'namespace', namespace] as const,
      queryFn: ({ signal }) =>
        api.get<FindingPage>(paths.findings(mesh, { namespace, pageSize: ALL_FINDINGS }), { signal }),
      refetchInterval: REFRESH_MS,
    }),
  /** All findings about one object, also those that it asks to be silent on. */
  of: (mesh: string, { kind, namespace, name }: Pick<ResourceRef, 'kind' | 'namespace' | 'name'>) =>
    queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', 'object', kind, namespace, name] as const,
      queryFn: ({ signal }) =>
        api.get<FindingPage>(
          paths.findings(mesh, { kind, namespace, name, suppressed: true, pageSize: ALL_FINDINGS }),
          {
            signal,
          },
        ),
      refetchInterval: REFRESH_MS,
    }),
  /** How many there are of each level. */
  counts: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', 'counts'] as const,
      queryFn: ({ signal }) => api.get<FindingPage>(paths.findings(mesh, { pageSize: 1 }), { signal }),
      refetchInterval: REFRESH_MS,
    }),
  /** What would be said after an object was written; `object` absent: after it was deleted. */
  preview: (mesh: string, ref: ResourceRef, object: KubeResource | undefined) =>
    findingQueries.previewAll(mesh, ref.cluster, [{ ref, object }]),
  /** The same of several objects of a cluster that are written together. */
  previewAll: (
    mesh: string,
    cluster: string,
    changes: readonly { ref: ResourceRef; object: KubeResource | undefined }[],
  ) => {
    const body: PreviewFindings = {
      cluster,
      changes: changes.map(({ ref: { kind, namespace, name }, object }) => ({
        kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        ...(object === undefined ? {} : { object }),
      })),
    }
    return queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', 'preview', body] as const,
      queryFn: async ({ signal }) =>
        (await api.post<FindingsPreview>(paths.previewFindings(mesh), body, { signal })).data,
      placeholderData: keepPreviousData,
      retry: false,
    })
  },
}
