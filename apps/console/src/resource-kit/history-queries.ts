import { historyPaths, type HistoryDetail, type HistoryPage } from '@meshdeck/contract'
import type { ResourceRef } from '@meshdeck/kube'
import { RECORDED_KINDS } from '@meshdeck/mesh'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

export const HISTORY_RANGES = ['all', 'hour', 'day', 'week', 'month'] as const
export type HistoryRange = (typeof HISTORY_RANGES)[number]

const HOURS: Readonly<Record<Exclude<HistoryRange, 'all'>, number>> = { hour: 1, day: 24, week: 168, month: 720 }
/** More than the entries of one object that are ever kept. */
const ALL_ENTRIES = 1000

export interface HistoryListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  namespaces: readonly string[]
  clusters: readonly string[]
  kinds: readonly string[]
  authors: readonly string[]
  tools: readonly string[]
  range: HistoryRange
  baselines: boolean
}

/** What is known of the changes of a mesh's configuration. */
export const historyQueries = {
  list: (mesh: string, params: HistoryListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), RECORDED_KINDS, 'history', params] as const,
      queryFn: ({ signal }) => {
        const { namespaces, clusters, kinds, authors, tools, range, ...rest } = params
        const since = range === 'all' ? undefined : new Date(Date.now() - HOURS[range] * 3_600_000).toISOString()
        const query = {
          ...rest,
          since,
          namespace: namespaces.join(','),
          cluster: clusters.join(','),
          kind: kinds.join(','),
          author: authors.join(','),
          tool: tools.join(','),
        }
        return api.get<HistoryPage>(historyPaths.list(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
    }),
  /** How much is kept of the history of a mesh. */
  kept: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), RECORDED_KINDS, 'history-kept'] as const,
      queryFn: ({ signal }) => api.get<HistoryPage>(historyPaths.list(mesh, { pageSize: 1 }), { signal }),
      select: ({ kept }) => kept,
    }),
  /** All entries of one object, newest first. */
  of: (mesh: string, { cluster, kind, namespace, name }: ResourceRef) =>
    queryOptions({
      queryKey: [meshScope(mesh), kind, 'history', cluster, namespace, name] as const,
      queryFn: ({ signal }) =>
        api.get<HistoryPage>(
          historyPaths.list(mesh, { cluster, kind, namespace, name, baselines: true, pageSize: ALL_ENTRIES }),
          { signal },
        ),
    }),
  /** One entry with the object in it. It never changes. */
  entry: (mesh: string, id: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'history-entry', id] as const,
      queryFn: ({ signal }) => api.get<HistoryDetail>(historyPaths.record(mesh, id), { signal }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
}
