import {
  monitoringPaths,
  withQuery,
  type ExploreAnswer,
  type ExploreMetrics,
  type ExploreNames,
} from '@meshdeck/contract'
import { keepPreviousData, queryOptions, skipToken, type QueryClient } from '@tanstack/react-query'
import type { PromqlNames } from '../../components/promql-editor.tsx'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import { isPinned, RANGES, type MonitoringSearch } from './monitoring-search.ts'

/** Names change with releases, not with traffic. */
const NAMES_STALE_MS = 300_000

export const exploreQueries = {
  answer: (mesh: string, query: string, search: MonitoringSearch, refreshSeconds: number) => {
    const question = {
      query,
      ...(isPinned(search) ? { from: search.from, to: search.to } : { range: RANGES[search.range] }),
      cluster: search.cluster,
    }
    return queryOptions({
      queryKey: [meshScope(mesh), [], 'explore', question] as const,
      queryFn:
        query === ''
          ? skipToken
          : ({ signal }) => api.get<ExploreAnswer>(withQuery(monitoringPaths.explore(mesh), question), { signal }),
      refetchInterval: refreshSeconds === 0 || isPinned(search) ? false : refreshSeconds * 1000,
      placeholderData: keepPreviousData,
    })
  },
  /** For the editor's completion. Whoever may see no names still can write a query. */
  names: (client: QueryClient, mesh: string): PromqlNames => ({
    names: (of) =>
      client
        .fetchQuery({
          queryKey: [meshScope(mesh), [], 'explore-names', of],
          queryFn: ({ signal }) => api.get<ExploreNames>(withQuery(monitoringPaths.exploreNames(mesh), of), { signal }),
          staleTime: NAMES_STALE_MS,
        })
        .then(({ names }) => names)
        .catch(() => []),
    metrics: () =>
      client
        .fetchQuery({
          queryKey: [meshScope(mesh), [], 'explore-metrics'],
          queryFn: ({ signal }) => api.get<ExploreMetrics>(monitoringPaths.exploreMetrics(mesh), { signal }),
          staleTime: NAMES_STALE_MS,
        })
        .then(({ metrics }) => metrics)
        .catch(() => ({})),
  }),
}
