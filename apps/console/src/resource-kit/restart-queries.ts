import {
  paths,
  restartPaths,
  type ActOnRestart,
  type RestartAction,
  type RestartList,
  type StartedRestart,
  type StartRestart,
} from '@meshdeck/contract'
import { HUB, type Restart } from '@meshdeck/kube'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'
import { invalidateKind } from './resource-queries.ts'

export const restartQueries = {
  /** The Restarts of a mesh, the newest first. */
  list: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), 'Restart', 'list'] as const,
      queryFn: ({ signal }) => api.get<RestartList>(restartPaths.restarts(mesh), { signal }),
    }),
  one: (name: string) =>
    queryOptions({
      queryKey: [HUB, 'Restart', 'detail', undefined, name] as const,
      queryFn: ({ signal }) => api.get<Restart>(paths.resource({ cluster: HUB, kind: 'Restart', name }), { signal }),
    }),
}

/** Asks for a restart; it has no name when a target was refused, and then nothing is begun. */
export function useStartRestart(mesh: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: StartRestart) =>
      (await api.post<StartedRestart>(restartPaths.restarts(mesh), input)).data,
    meta: { silent: true },
    onSettled: () => invalidateKind(client, HUB, 'Restart'),
  })
}

/** Pauses a restart, lets it go on, or stops it. */
export function useActOnRestart(mesh: string, name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (action: RestartAction) =>
      (await api.post<ActOnRestart>(restartPaths.act(mesh, name), { action })).data,
    onSettled: () => invalidateKind(client, HUB, 'Restart'),
  })
}
