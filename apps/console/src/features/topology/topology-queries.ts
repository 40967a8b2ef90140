import type { GoldenQuery, GoldenSignals, Topology } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import type { TopologySearch } from './topology-search.ts'

export type TopologyParams = Pick<
  TopologySearch,
  'view' | 'namespaces' | 'clusters' | 'window' | 'at' | 'idle' | 'latency' | 'reporter'
>

/** An answer with its question: while a newer one is awaited, the old answer stays on the page. */
export interface TopologyAnswer extends Topology {
  asked: TopologyParams
}

export const topologyQueries = {
  /** Who calls whom at an instant. No kinds: metrics have no events, only the loss and return of a cluster makes it stale. */
  graph: (mesh: string, asked: TopologyParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'topology', asked] as const,
      queryFn: async ({ signal }): Promise<TopologyAnswer> => {
        const { view, namespaces, clusters, window, at, idle, latency, reporter } = asked
        const topology = await api.get<Topology>(
          paths.topology(mesh, {
            view,
            namespaces: namespaces.join(',') || undefined,
            clusters: clusters.join(',') || undefined,
            window,
            at: at || undefined,
            idle: idle || undefined,
            latency,
            reporter,
            badges: true,
          }),
          { signal },
        )
        return { ...topology, asked }
      },
      placeholderData: keepPreviousData,
    }),
  /** Golden signals of one thing over a range. */
  golden: (mesh: string, query: GoldenQuery) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'golden', query] as const,
      queryFn: ({ signal }) => api.get<GoldenSignals>(paths.golden(mesh, query), { signal }),
    }),
}
