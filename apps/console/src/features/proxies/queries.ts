import {
  proxyPaths,
  type ProxyConfig,
  type ProxyConfigDump,
  type ProxyLogLevels,
  type ProxyPage,
  type ProxyRef,
  type SetProxyLogLevel,
} from '@meshdeck/contract'
import type { ConfigSection } from '@meshdeck/mesh/proxy-config'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import type { ListSearch } from '../../lib/list-search.ts'
import { meshScope } from '../../lib/query-keys.ts'

export interface ProxySearch extends ListSearch {
  namespaces: string[]
  clusters: string[]
  states: string[]
  types: string[]
}

/** Stands where a kind stands in other keys: no event tells of what a proxy has. */
export const PROXY_VIEWS = 'proxy'
/** What istiod pushes is in no event, so that it is asked for again from time to time. */
const LIST_MS = 15_000
/** A whole configuration is large: it is read again when somebody asks for it. */
const CONFIG_MS = 60_000
/** As many proxies as can be chosen from. */
const CHOICE = 1_000

export const proxyQueries = {
  list: (mesh: string, { namespaces, clusters, states, types, ...rest }: ProxySearch) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Pod'], 'proxies', namespaces, clusters, states, types, rest] as const,
      queryFn: ({ signal }) =>
        api.get<ProxyPage>(
          proxyPaths.list(mesh, {
            ...rest,
            namespace: namespaces.join(','),
            cluster: clusters.join(','),
            state: states.join(','),
            type: types.join(','),
          }),
          { signal },
        ),
      placeholderData: keepPreviousData,
      refetchInterval: LIST_MS,
    }),
  /** All that one may choose from. */
  choice: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Pod'], 'proxy-choice'] as const,
      queryFn: ({ signal }) => api.get<ProxyPage>(proxyPaths.list(mesh, { pageSize: CHOICE }), { signal }),
      staleTime: CONFIG_MS,
    }),
  config: ({ cluster, namespace, pod }: ProxyRef, section: ConfigSection) =>
    queryOptions({
      queryKey: [cluster, PROXY_VIEWS, 'config', namespace, pod, section] as const,
      queryFn: ({ signal }) =>
        api.get<ProxyConfig>(proxyPaths.config({ cluster, namespace, pod }, section), { signal }),
      staleTime: CONFIG_MS,
    }),
  dump: ({ cluster, namespace, pod }: ProxyRef, section: ConfigSection) =>
    queryOptions({
      queryKey: [cluster, PROXY_VIEWS, 'dump', namespace, pod, section] as const,
      queryFn: ({ signal }) =>
        api.get<ProxyConfigDump>(proxyPaths.dump({ cluster, namespace, pod }, section), { signal }),
      staleTime: CONFIG_MS,
    }),
  logLevels: ({ cluster, namespace, pod }: ProxyRef) =>
    queryOptions({
      queryKey: [cluster, PROXY_VIEWS, 'log-levels', namespace, pod] as const,
      queryFn: ({ signal }) => api.get<ProxyLogLevels>(proxyPaths.logLevels({ cluster, namespace, pod }), { signal }),
    }),
}

/** Sets a level; the answer is what all loggers have then. */
export function useSetLogLevel(ref: ProxyRef) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: SetProxyLogLevel) =>
      (await api.post<ProxyLogLevels>(proxyPaths.logLevels(ref), body)).data,
    onSuccess: (levels) => client.setQueryData(proxyQueries.logLevels(ref).queryKey, levels),
    // Shown beside the form.
    meta: { silent: true },
  })
}
