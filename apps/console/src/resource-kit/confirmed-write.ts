import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import type { QueryClient } from '@tanstack/react-query'
import { ApiError, type Written } from '../lib/api.ts'
import { shouldRetry } from '../lib/query-client.ts'
import { saysTheSame } from './draft.ts'
import { presentObject } from './resource-queries.ts'

/** A write that nobody answered, and what it left behind cannot be read either. Its `cause` is what the write failed with. */
export class UnconfirmedError extends Error {
  override readonly name = 'UnconfirmedError'
}

/** What a write is to change, to tell afterwards whether it was made. */
export interface WantedChange {
  ref: ResourceRef
  /** The object as it was; absent when it is made. */
  before: KubeResource | undefined
  /** The object as the server would keep it, by its dry run; absent when it is deleted. */
  expected: KubeResource | undefined
}

export interface WriteToConfirm extends WantedChange {
  /** Writes over this version of the object. */
  write: (base: KubeResource | undefined) => Promise<Written<unknown>>
  /** Whether an earlier try of the same write was left without an answer: what it did may come to light only now. */
  again: boolean
  /** Told when the server wants to be left alone for so many seconds before it is asked again. */
  onPause?: (seconds: number) => void
}

/** How often a server that asks for patience is asked again, and the longest that is waited for it. */
const MAX_PAUSES = 5
const MAX_PAUSE_SECONDS = 60
/** Reasons for which a request never left. */
const NEVER_SENT = new Set<unknown>([
  'refused',
  'dns',
  'no-route',
  'tls',
  'certificate-untrusted',
  'certificate-expired',
  'address-denied',
])

/** Whether a write that failed like this may have been made all the same. */
export function isUnanswered(error: unknown): boolean {
  if (error instanceof UnconfirmedError) return true
  if (!(error instanceof ApiError)) return false
  const { code, status, params } = error.problem
  if (code === 'cluster-unreachable') return !NEVER_SENT.has(params?.['reason'])
  return code === 'network' || code === 'unreadable' || status >= 500
}

const TAKEN = new Set(['conflict', 'already-exists', 'not-found'])
const isTaken = (error: unknown): boolean => error instanceof ApiError && TAKEN.has(error.problem.code)

/**
 * Writes, waits as long as a busy server asks for, and when nobody answers reads back what has become of it. Gives the object
 * as it is now, or `undefined` when it is gone as wanted.
 *
 * @throws UnconfirmedError when that cannot be read, a conflict when somebody else has written meanwhile, and otherwise
 * what the write failed with: then nothing is seen of it.
 */
export async function confirmedWrite(
  client: QueryClient,
  { write, again, onPause, ...change }: WriteToConfirm,
): Promise<Written<KubeResource | undefined>> {
  const { before, ref } = change
  const attempt = (base: KubeResource | undefined) => patiently(() => write(base), onPause)
  try {
    const { data, warnings } = await attempt(before).catch(async (error: unknown) => {
      const moved = isTaken(error) && before !== undefined ? await presentObject(client, ref) : undefined
      // Its status has moved on, which is no change that anybody made.
      if (moved !== undefined && before !== undefined && saysTheSame(moved, before)) return attempt(moved)
      throw error
    })
    return { data: isObject(data) ? data : undefined, warnings }
  } catch (error) {
    if (!isUnanswered(error) && !(again && isTaken(error))) throw error
    const found = await readBack(client, change, error)
    if (found.isMade) return { data: found.object, warnings: [] }
    throw error
  }
}

/** Reads back whether a change was made, after `failure`. Throws as `confirmedWrite` does. */
export async function readBack(
  client: QueryClient,
  { ref, before, expected }: WantedChange,
  failure?: unknown,
): Promise<{ isMade: boolean; object: KubeResource | undefined }> {
  const object = await presentObject(client, ref, shouldRetry).catch((error: unknown) => {
    throw new UnconfirmedError(error instanceof Error ? error.message : String(error), { cause: failure ?? error })
  })
  if (isLike(object, expected)) return { isMade: true, object }
  if (isLike(object, before)) return { isMade: false, object }
  throw new ApiError({
    type: 'about:blank',
    code: 'conflict',
    title: 'The object was changed meanwhile',
    status: 409,
    cluster: ref.cluster,
    ...(object === undefined ? {} : { current: object }),
  })
}

const isLike = (a: KubeResource | undefined, b: KubeResource | undefined): boolean =>
  a === undefined || b === undefined ? a === b : saysTheSame(a, b)

/** Asks again when the server says when to: it has written nothing. */
async function patiently<T>(write: () => Promise<T>, onPause: (seconds: number) => void = () => undefined): Promise<T> {
  for (let pauses = 0; ; pauses += 1) {
    try {
      return await write()
    } catch (error) {
      const seconds = pauseOf(error)
      if (seconds === undefined || seconds > MAX_PAUSE_SECONDS || pauses === MAX_PAUSES) throw error
      onPause(seconds)
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    }
  }
}

/** How long a server that is too busy wants to be left alone, in seconds. */
function pauseOf(error: unknown): number | undefined {
  if (!(error instanceof ApiError) || error.problem.code !== 'too-many-requests') return undefined
  const seconds = error.problem.params?.['retryAfterSeconds']
  return typeof seconds === 'number' ? seconds : undefined
}

const isObject = (value: unknown): value is KubeResource =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind !== 'Status' && 'metadata' in value

/** The present copy that a refusal for a stale version carries. */
export function theirsIn(error: unknown): KubeResource | undefined {
  if (!(error instanceof ApiError) || error.problem.code !== 'conflict') return undefined
  return isObject(error.problem.current) ? error.problem.current : undefined
}
