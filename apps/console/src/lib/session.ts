import type { AuthModes, Session, SignIn } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { ApiError, api } from './api.ts'
import { SESSION } from './query-keys.ts'

/** Who the caller is. `ended`: a session that was there is over; what is on the page stays until it is renewed. */
export interface SessionState {
  session: Session | undefined
  ended: boolean
}

const KEY = [SESSION] as const

export const sessionQueries = {
  current: () =>
    queryOptions({
      queryKey: KEY,
      queryFn: async ({ client, signal }): Promise<SessionState> => {
        try {
          return { session: await api.get<Session>(paths.session, { signal }), ended: false }
        } catch (error) {
          if (!(error instanceof ApiError) || error.status !== 401) throw error
          return endedState(client.getQueryData(KEY))
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

/** What is left when the server knows no session: nobody, or somebody whose session is over. */
const endedState = (before: SessionState | undefined): SessionState => ({
  session: before?.session,
  ended: before?.session !== undefined,
})

/** Marks the session as ended, after an answer that said so. */
export function endSession(client: QueryClient): void {
  client.setQueryData<SessionState>(KEY, (state) => state && endedState(state))
}

/** Asks again who the caller is: the page around the console may have renewed its token. */
export async function renewSession(client: QueryClient): Promise<void> {
  const state = await client.fetchQuery({ ...sessionQueries.current(), staleTime: 0 })
  if (state.session && !state.ended) refreshAll(client)
}

/** Asks again only when nobody is signed in: for a host that has told us of a new token. */
export function renewIfEnded(client: QueryClient): void {
  const state = client.getQueryData<SessionState>(KEY)
  if (state && (!state.session || state.ended)) void renewSession(client).catch(() => undefined)
}

function refreshAll(client: QueryClient): void {
  void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== SESSION })
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
      client.setQueryData<SessionState>(KEY, { session, ended: false })
      refreshAll(client)
    },
  })
}

/** Ends the session and forgets all that was shown in it. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete<undefined>(paths.session),
    onSuccess: () => {
      client.setQueryData<SessionState>(KEY, { session: undefined, ended: false })
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION })
    },
  })
}

/** In the sandbox: goes on as one of its people, or as its owner again. The page starts anew, so that nothing of the other is left. */
export function useActAs() {
  return useMutation({
    mutationFn: async (person: string | undefined) => {
      if (person === undefined) await api.delete<undefined>(paths.session)
      else await api.post<Session>(paths.session, { person } satisfies SignIn)
    },
    onSuccess: () => window.location.reload(),
  })
}
