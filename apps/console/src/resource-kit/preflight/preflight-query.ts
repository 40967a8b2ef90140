import { lifePaths, type PreflightView } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import { isBlocked } from '@meshdeck/mesh'
import { queryOptions, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

/** A question that is followed by another one sooner than this, as somebody types, is not asked. */
const SETTLE_MS = 400

/** What stands in the way of a mesh; with `joining`, of those of its members. Asked anew for every change of the draft. */
const preflightQuery = (mesh: Mesh | undefined, joining: readonly string[] | undefined) =>
  queryOptions({
    // Asked by hand or by another draft, not by events: a cluster changes all the time.
    queryKey: ['preflight', mesh?.metadata.name, mesh?.spec, joining] as const,
    queryFn: async ({ signal }) => {
      await settle(signal)
      const draft = { metadata: { name: mesh?.metadata.name }, spec: mesh?.spec }
      const body = joining === undefined ? { mesh: draft } : { mesh: draft, joining }
      return (await api.post<PreflightView>(lifePaths.preflight, body, { signal })).data
    },
    enabled: mesh !== undefined,
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })

export interface Preflight {
  query: UseQueryResult<PreflightView>
  /** Whether one should not go on: something stands in the way, or is still being looked at. */
  blocks: boolean
}

/** The checks of a draft, as soon as there is one. What cannot be looked at does not stand in the way. */
export function usePreflight(mesh: Mesh | undefined, joining?: readonly string[]): Preflight {
  const query = useQuery(preflightQuery(mesh, joining))
  return { query, blocks: query.isFetching || isBlocked(query.data?.clusters ?? []) }
}

/** Waits; ends early, with the reason, when nobody wants the answer any more. */
function settle(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, SETTLE_MS)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
