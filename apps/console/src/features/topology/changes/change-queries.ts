import { historyPaths, type HistoryPage } from '@meshdeck/contract'
import { RECORDED_KINDS } from '@meshdeck/mesh'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../../lib/api.ts'
import { meshScope } from '../../../lib/query-keys.ts'

export interface ChangesAsked {
  /** Unix seconds, both included. */
  from: number
  to: number
  namespaces: readonly string[]
  clusters: readonly string[]
}

/** More of them would be no marks but a bar; the page of the history has all. */
const MOST = 200

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** What was changed of the configuration in some time, the newest first, with whom it concerns. */
export const changeQueries = {
  between: (mesh: string, asked: ChangesAsked) =>
    queryOptions({
      queryKey: [meshScope(mesh), RECORDED_KINDS, 'history', 'between', asked] as const,
      queryFn: ({ signal }) => {
        const { from, to, namespaces, clusters } = asked
        const query = {
          since: iso(from),
          until: iso(to),
          namespace: namespaces.join(',') || undefined,
          cluster: clusters.join(',') || undefined,
          sort: '-at',
          pageSize: MOST,
          reach: true,
        }
        return api.get<HistoryPage>(historyPaths.list(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
    }),
}
