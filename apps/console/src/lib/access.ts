import type { AccessCheck, AccessResponse } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions, useQueries } from '@tanstack/react-query'
import { api } from './api.ts'

export type Verb = AccessCheck['verb']
export type AccessResult = AccessResponse['results'][number]
export interface AccessScope {
  cluster: string
  namespace?: string | undefined
  name?: string | undefined
}

/** As long as the BFF keeps its own answers. */
const TTL_MS = 60_000
const MAX_CHECKS = 200
/** Long enough to gather the questions of one render, short enough not to be seen. */
const GATHER_MS = 10

interface Waiting {
  check: AccessCheck
  resolve: (result: AccessResult) => void
  reject: (error: unknown) => void
}

let waiting: Waiting[] = []

/** Asks one question together with all others that are asked in the same moment. */
function ask(check: AccessCheck): Promise<AccessResult> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(sendAll, GATHER_MS)
    waiting.push({ check, resolve, reject })
  })
}

function sendAll(): void {
  const all = waiting
  waiting = []
  for (let start = 0; start < all.length; start += MAX_CHECKS) void sendBatch(all.slice(start, start + MAX_CHECKS))
}

async function sendBatch(batch: Waiting[]): Promise<void> {
  try {
    const { data } = await api.post<AccessResponse>(paths.access, { checks: batch.map(({ check }) => check) })
    batch.forEach(({ resolve }, index) => resolve(data.results[index] ?? { allowed: false }))
  } catch (error) {
    batch.forEach(({ reject }) => reject(error))
  }
}

function accessQuery(check: AccessCheck) {
  return queryOptions({
    // Never stale through the event stream: rights are asked by time, not by change.
    queryKey: ['access', check] as const,
    queryFn: () => ask(check),
    staleTime: TTL_MS,
    gcTime: 5 * TTL_MS,
  })
}

export interface Can {
  /** False until known, so that nothing is offered that may not be done. */
  allowed: boolean
  pending: boolean
  /** The cluster has said no. Neither is true where it could not be asked. */
  refused: boolean
  reason: string | undefined
}

const UNKNOWN: Can = { allowed: false, pending: true, refused: false, reason: undefined }

/** Builds a check without members that are not set. */
export function accessCheck(verb: Verb, kind: KindId, scope: AccessScope): AccessCheck {
  return {
    cluster: scope.cluster,
    verb,
    kind,
    ...(scope.namespace === undefined ? {} : { namespace: scope.namespace }),
    ...(scope.name === undefined ? {} : { name: scope.name }),
  }
}

/** Whether the caller may do something to a kind, or to one object of it, in a cluster. */
export function useCan(verb: Verb, kind: KindId, scope: AccessScope): Can {
  return useCans([accessCheck(verb, kind, scope)])[0] ?? UNKNOWN
}

/** Answers to many questions, in their order. */
export function useCans(checks: readonly AccessCheck[]): Can[] {
  return useQueries({
    queries: checks.map(accessQuery),
    combine: (results) =>
      results.map((result) => ({
        allowed: result.data?.allowed === true,
        pending: result.isPending,
        refused: result.data?.allowed === false && result.data.error === undefined,
        reason: result.data?.reason ?? result.data?.error,
      })),
  })
}

/** Whether at least one of the questions is answered with yes: for an action that may be open in some places only. */
export function useCanAny(checks: readonly AccessCheck[]): Can {
  const answers = useCans(checks)
  return {
    allowed: answers.some((answer) => answer.allowed),
    pending: answers.some((answer) => answer.pending),
    refused: answers.length > 0 && answers.every((answer) => answer.refused),
    reason: answers.find((answer) => !answer.allowed)?.reason,
  }
}
