import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api.ts'

/** What queries and mutations tell the client about how to speak of their outcome. */
interface NoticeMeta extends Record<string, unknown> {
  /** Shown when it has worked; translated already. */
  success?: string
  /** The caller shows the failure itself. Queries are silent unless they say `notify`. */
  silent?: boolean
  notify?: boolean
}

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Error
    queryMeta: NoticeMeta
    mutationMeta: NoticeMeta
  }
}

export interface Notices {
  success: (text: string) => void
  failure: (error: Error) => void
}

const NEVER_RETRIED = new Set([400, 401, 403, 404, 409, 413, 415, 422])
const MAX_RETRIES = 3
const BASE_DELAY_MS = 500
const MAX_DELAY_MS = 15_000

/** Whether asking again may help: not when the server understood and refused. */
export function shouldRetry(failures: number, error: Error): boolean {
  if (error instanceof ApiError && NEVER_RETRIED.has(error.status)) return false
  return failures < MAX_RETRIES
}

/** Exponential back-off with full jitter, so that many tabs do not come back at once. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt)
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}

/** The query client of one mounted console. Errors are announced here, by `meta`, and nowhere else. */
export function createQueryClient(notices: Notices, onUnauthenticated: () => void): QueryClient {
  const checkSession = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) onUnauthenticated()
  }
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        checkSession(error)
        if (query.meta?.notify) notices.failure(error)
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        checkSession(error)
        if (!mutation.meta?.silent) notices.failure(error)
      },
      onSuccess: (_data, _variables, _result, mutation) => {
        if (mutation.meta?.success) notices.success(mutation.meta.success)
      },
    }),
    defaultOptions: {
      queries: {
        // The server may stand on this very machine, whatever the browser thinks of the network.
        networkMode: 'always',
        retry: shouldRetry,
        retryDelay: (attempt) => retryDelay(attempt),
        staleTime: 30_000,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
