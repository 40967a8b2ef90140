import { setTimeout as sleep } from 'node:timers/promises'
import { isRecord, type KindId, type KubeResource } from '@meshdeck/kube'
import { toWatchError } from './connection-error.ts'
import { KubeStatusError } from './errors.ts'
import type { ResourceClient } from './resource-client.ts'
import { trimResource } from './trim.ts'

/** Back-off after a failure, with full jitter: a random time up to a bound that doubles from the first to the last. */
const FIRST_BACKOFF_MS = 500
const LAST_BACKOFF_MS = 30_000
/** A right or a kind that is missing rarely comes soon. */
const SLOW_RETRY_MS = 60_000
/** A watch lasts 5 to 10 minutes, as client-go's do, so that watches spread over replicas. */
const WATCH_SECONDS = 300
/** Bookmarks come about once a minute; a stream that is silent for longer is taken for dead. */
const IDLE_MS = 90_000
/** A watch that ends sooner, without a frame, counts as a failure. */
const SHORTEST_WATCH_MS = 1_000
const GONE = 410

export type ReflectorEvent = { type: 'added' | 'modified' | 'deleted'; object: KubeResource }

export interface ReflectorState {
  /**
   * `syncing`: not listed yet; `stale`: listed before, and cut off since; `forbidden`: this credential may not list or
   * watch; `absent`: the kind is not installed. It goes on trying in every state.
   */
  status: 'syncing' | 'synced' | 'stale' | 'forbidden' | 'absent'
  since: Date
  error?: unknown
}

export interface ReflectorOptions {
  client: ResourceClient
  kind: KindId
  namespace?: string
  /** Only objects with these labels. */
  labelSelector?: string
  /** Follows and keeps `metadata` alone. */
  metadataOnly?: boolean
  /** What is kept of an object; by default what views need of its kind (`trimResource`). */
  trim?: (object: KubeResource) => KubeResource
  /** Differences to what was known, after a list as after a watch frame. */
  onEvent?: (event: ReflectorEvent) => void
  onState?: (state: ReflectorState) => void
  /** 0 ≤ x < 1. */
  random?: () => number
  /** Waits; rejects when aborted. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
  idleTimeoutMs?: number
  /** The server is asked to end a watch after this time, up to twice as long; in seconds, 300 by default. */
  watchSeconds?: number
  /** How long a right or a kind that is missing is waited for before it is asked for again; 60,000 by default. */
  slowRetryMs?: number
}

export interface Reflector {
  readonly kind: KindId
  readonly state: ReflectorState
  /** Times that a list or watch was started again after a failure. */
  readonly reconnects: number
  /** The trimmed objects, by namespace and name. Not a copy: do not change it. */
  readonly objects: ReadonlyMap<string, KubeResource>
  /** The same in an array, which is the same one until something changes: what is made of it can be kept with it. */
  list(): readonly KubeResource[]
  /** Resolves when the first list was read, or cannot be; never rejects. */
  readonly settled: Promise<void>
  /** Ends the wait after a failure: somebody knows that the server answers again. */
  retryNow(): void
  stop(): Promise<void>
}

/** Key of an object in a reflector. */
export const objectKey = (object: Pick<KubeResource, 'metadata'>): string =>
  object.metadata.namespace === undefined
    ? object.metadata.name
    : `${object.metadata.namespace}/${object.metadata.name}`

/**
 * Keeps the objects of one kind in memory: a paged list, then a watch with bookmarks from where the list stood. 410
 * leads to a new list, of which only the differences are told. Source: "Efficient detection of changes",
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function createReflector(options: ReflectorOptions): Reflector {
  const { client, kind, namespace, labelSelector, metadataOnly } = options
  const { watchSeconds = WATCH_SECONDS, slowRetryMs = SLOW_RETRY_MS } = options
  const trim = options.trim ?? ((object) => trimResource(kind, object))
  const random = options.random ?? Math.random
  const wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }))
  const scope = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(metadataOnly === undefined ? {} : { metadataOnly }),
  }
  const stopping = new AbortController()
  let waking = new AbortController()
  const objects = new Map<string, KubeResource>()
  const settled = Promise.withResolvers<void>()
  let state: ReflectorState = { status: 'syncing', since: new Date() }
  let reconnects = 0
  let failures = 0
  let resourceVersion: string | undefined
  let listed: readonly KubeResource[] | undefined

  function become(status: ReflectorState['status'], error?: unknown): void {
    if (status !== 'syncing') settled.resolve()
    if (state.status === status && (status === 'synced' || state.error === error)) return
    const since = state.status === status ? state.since : new Date()
    state = { status, since, ...(error === undefined ? {} : { error }) }
    options.onState?.(state)
  }

  function put(type: 'added' | 'modified', object: KubeResource): void {
    objects.set(objectKey(object), object)
    listed = undefined
    options.onEvent?.({ type, object })
  }

  async function relist(): Promise<void> {
    const fresh = await client.listAll(kind, {
      ...scope,
      signal: stopping.signal,
      keep: trim,
    })
    const seen = new Set<string>()
    for (const item of fresh.items) {
      const key = objectKey(item)
      seen.add(key)
      const known = objects.get(key)
      // Versions are opaque: the same means unchanged, any other means changed.
      if (known?.metadata.resourceVersion === item.metadata.resourceVersion && known !== undefined) continue
      put(known ? 'modified' : 'added', item)
    }
    for (const [key, object] of objects) {
      if (seen.has(key)) continue
      objects.delete(key)
      listed = undefined
      options.onEvent?.({ type: 'deleted', object })
    }
    resourceVersion = fresh.metadata.resourceVersion
    become('synced')
  }

  function take(frame: unknown): void {
    if (!isRecord(frame)) return
    const { type, object } = frame
    if (type === 'ERROR') throw toWatchError(object)
    if (!isKubeResource(object)) return
    resourceVersion = object.metadata.resourceVersion ?? resourceVersion
    if (type === 'BOOKMARK') return
    const trimmed = trim(object)
    if (type !== 'DELETED') return put(objects.has(objectKey(trimmed)) ? 'modified' : 'added', trimmed)
    if (!objects.delete(objectKey(trimmed))) return
    listed = undefined
    options.onEvent?.({ type: 'deleted', object: trimmed })
  }

  async function watch(): Promise<void> {
    const frames = await client.watch(kind, {
      ...scope,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      timeoutSeconds: Math.round(watchSeconds * (1 + random())),
      idleTimeoutMs: options.idleTimeoutMs ?? IDLE_MS,
      signal: stopping.signal,
    })
    become('synced')
    const opened = performance.now()
    let taken = 0
    for await (const frame of frames) {
      take(frame)
      taken++
      failures = 0
    }
    if (taken > 0 || performance.now() - opened > SHORTEST_WATCH_MS) return
    // A proxy that ends every watch at once must not be asked in a tight loop.
    failures++
    await wait(backoff(), stopping.signal).catch(() => undefined)
  }

  /** Notes what went wrong; says how long to wait before the next try. */
  function afterFailure(error: unknown): number {
    const code = error instanceof KubeStatusError ? error.httpStatus : undefined
    failures++
    reconnects++
    if (code === GONE) {
      resourceVersion = undefined
      return failures === 1 ? 0 : backoff()
    }
    if (code === 401 || code === 403) {
      drop()
      become('forbidden', error)
      return slowRetryMs
    }
    if (code === 404) {
      drop()
      become('absent', error)
      return slowRetryMs
    }
    become(
      state.status === 'syncing' || state.status === 'forbidden' || state.status === 'absent' ? 'syncing' : 'stale',
      error,
    )
    settled.resolve()
    return Math.max(backoff(), (error instanceof KubeStatusError ? error.retryAfterMs : undefined) ?? 0)
  }

  /** What one may no longer read, or what is no longer installed, must not be shown as if it were there. */
  function drop(): void {
    resourceVersion = undefined
    for (const object of objects.values()) options.onEvent?.({ type: 'deleted', object })
    objects.clear()
    listed = undefined
  }

  const backoff = (): number => random() * Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10))

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (resourceVersion === undefined) await relist()
        await watch()
      } catch (error) {
        if (stopping.signal.aborted) break
        const pause = afterFailure(error)
        await wait(pause, AbortSignal.any([stopping.signal, waking.signal])).catch(() => undefined)
      }
    }
  }

  const running = run()

  return {
    kind,
    objects,
    list: () => (listed ??= [...objects.values()]),
    settled: settled.promise,
    get state() {
      return state
    },
    get reconnects() {
      return reconnects
    },
    retryNow: () => {
      waking.abort()
      waking = new AbortController()
    },
    stop: async () => {
      stopping.abort()
      settled.resolve()
      await running
    },
  }
}

function isKubeResource(value: unknown): value is KubeResource {
  return isRecord(value) && isRecord(value['metadata'])
}
