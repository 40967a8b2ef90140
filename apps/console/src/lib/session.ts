import type { AuthModes, Session, SignIn } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { ApiError, api } from './api.ts'

/** Who the caller is. `ended`: a session that was there is over; what is on the page stays until it is renewed. */
export interface SessionState {
  session: Session | undefined
  ended: boolean
}

export const sessionQueries = {
  current: () =>
    queryOptions({
      queryKey: ['session'] as const,
      queryFn: async ({ signal }): Promise<SessionState> => {
        try {
          return { session: await api.get<Session>(paths.session, { signal }), ended: false }
        } catch (error) {
          if (error instanceof ApiError && error.status === 401) return { session: undefined, ended: false }
          throw error
        }
      },
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
    }),
  modes: () =>
    queryOptions({
      queryKey: ['auth-modes'] as const,
      queryFn: ({ signal }) => api.get<AuthModes>(paths.authModes, { signal }),
    }),
}

const KEY = sessionQueries.current().queryKey

/** Marks the session as ended, after an answer that said so. */
export function endSession(client: QueryClient): void {
  client.setQueryData(KEY, (state) => state && { ...state, ended: state.session !== undefined })
}

/** Who the caller is, once known. */
export function useSession(): Session | undefined {
  return useQuery(sessionQueries.current()).data?.session
}

/** Signs in with a bearer token; everything seen before may look different afterwards. */
export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: SignIn) => (await api.post<Session>(paths.session, input)).data,
    meta: { silent: true },
    onSuccess: (session) => {
      client.setQueryData(KEY, { session, ended: false })
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] })
    },
  })
}

/** Ends the session and forgets all that was shown in it. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete<undefined>(paths.session),
    onSuccess: () => {
      client.setQueryData(KEY, { session: undefined, ended: false })
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== KEY[0] })
    },
  })
}
