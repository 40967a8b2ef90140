import type { EventFrame, Problem } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import { requestHeaders } from './api.ts'
import { dependsOn, SESSION } from './query-keys.ts'
import { retryDelay } from './query-client.ts'
import { runtime } from './runtime.ts'
import { createEventParser } from './sse.ts'

/** `off`: not started; `stopped`: refused (401, 403), asking again is pointless; `paused`: the tab is hidden. */
export type Connection = 'off' | 'connecting' | 'live' | 'waiting' | 'paused' | 'stopped'

/** A cluster that the BFF cannot reach at present. */
export interface LostCluster {
  cluster: string
  since?: string | undefined
  problem?: Problem | undefined
}

export interface EventState {
  connection: Connection
  lost: readonly LostCluster[]
}

export interface EventsOptions {
  queryClient: QueryClient
  /** The session is gone. */
  onUnauthenticated: () => void
  open?: (signal: AbortSignal) => Promise<Response>
  coalesceMs?: number
  /** How long a hidden tab keeps its connection. */
  hiddenMs?: number
}

const COALESCE_MS = 500
const HIDDEN_MS = 60_000
/** A stream that lived this long has earned a fresh start of the back-off. */
const HEALTHY_MS = 10_000
/** The BFF sends a comment every 15 s or so; silence for this long means a dead connection behind a proxy. */
const SILENCE_MS = 60_000

/**
 * The one event stream of this tab. The stream notifies, the query fetches: frames are gathered for a moment and become
 * invalidations. After every gap everything is asked again, since nobody says what was missed.
 */
export function createEvents(options: EventsOptions) {
  const { queryClient, coalesceMs = COALESCE_MS, hiddenMs = HIDDEN_MS, open = openStream } = options
  let state: EventState = { connection: 'off', lost: [] }
  const listeners = new Set<() => void>()
  const pending = new Map<string, (key: readonly unknown[]) => boolean>()
  /** Hashes of queries that were being asked when a note concerned them. */
  let busy = new Set<string>()
  let flushTimer: ReturnType<typeof setTimeout> | undefined
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | undefined
  let attempt = 0
  let gap = false

  const update = (change: Partial<EventState>) => {
    state = { ...state, ...change }
    listeners.forEach((listener) => listener())
  }

  const flushSoon = () => {
    flushTimer ??= setTimeout(flush, coalesceMs)
  }
  const note = (id: string, concerns: (key: readonly unknown[]) => boolean) => {
    pending.set(id, concerns)
    flushSoon()
  }
  const noteChange = (cluster: string, kind: string | undefined) =>
    note(`${cluster}\n${kind ?? ''}`, (key) => dependsOn(key, cluster, kind))

  /** A query that is being asked has its turn in a later round: cancelling it over and over would starve it. */
  function flush(): void {
    flushTimer = undefined
    const concerns = [...pending.values()]
    const waited = busy
    pending.clear()
    busy = new Set()
    void queryClient.invalidateQueries({
      predicate: ({ queryHash, queryKey, state: { fetchStatus } }) => {
        if (!waited.has(queryHash) && !concerns.some((each) => each(queryKey))) return false
        if (fetchStatus === 'fetching') busy.add(queryHash)
        return fetchStatus !== 'fetching'
      },
    })
    if (busy.size > 0) flushSoon()
  }

  function handleFrame(frame: EventFrame): void {
    if (frame.type === 'change' || frame.type === 'resync') noteChange(frame.cluster, frame.kind)
    else if (frame.type === 'cluster') {
      const others = state.lost.filter((lost) => lost.cluster !== frame.cluster)
      update({
        lost:
          frame.state === 'lost'
            ? [...others, { cluster: frame.cluster, since: frame.since, problem: frame.problem }]
            : others,
      })
      noteChange(frame.cluster, undefined)
    } else if (frame.type === 'ready') {
      // The clusters that are lost now are told right behind this frame.
      update({ connection: 'live', lost: [] })
      // Also the first time: what was read before the stream stood may have changed in between.
      if (gap) note('gap', (key) => key[0] !== SESSION)
      gap = false
    }
  }

  async function connect(): Promise<void> {
    const own = new AbortController()
    abort = own
    const started = performance.now()
    let silence: ReturnType<typeof setTimeout> | undefined
    const handleSign = () => {
      clearTimeout(silence)
      silence = setTimeout(() => own.abort(), SILENCE_MS)
    }
    update({ connection: 'connecting' })
    try {
      handleSign()
      const response = await open(own.signal)
      if (abort !== own) return
      if (response.status === 401 || response.status === 403) {
        update({ connection: 'stopped' })
        if (response.status === 401) options.onUnauthenticated()
        return
      }
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
      await readFrames(response.body, handleFrame, handleSign)
    } catch {
      // Every kind of break is answered alike: wait, then connect again.
    } finally {
      clearTimeout(silence)
      own.abort()
    }
    if (abort !== own) return
    gap = true
    attempt = performance.now() - started > HEALTHY_MS ? 0 : attempt + 1
    update({ connection: 'waiting' })
    retryTimer = setTimeout(() => void connect(), retryDelay(attempt))
  }

  function disconnect(change: Partial<EventState>): void {
    clearTimeout(retryTimer)
    abort?.abort()
    abort = undefined
    gap = true
    update(change)
  }

  function handleVisibility(): void {
    clearTimeout(hiddenTimer)
    if (document.hidden)
      hiddenTimer = setTimeout(() => state.connection !== 'stopped' && disconnect({ connection: 'paused' }), hiddenMs)
    else if (state.connection === 'paused') void connect()
  }

  return {
    /** Opens the stream; opened anew after a sign-in. */
    start() {
      disconnect({ connection: 'off' })
      attempt = 0
      document.addEventListener('visibilitychange', handleVisibility)
      void connect()
      // A tab may be opened in the background and never be looked at.
      handleVisibility()
    },
    stop() {
      document.removeEventListener('visibilitychange', handleVisibility)
      clearTimeout(hiddenTimer)
      clearTimeout(flushTimer)
      flushTimer = undefined
      pending.clear()
      busy.clear()
      disconnect({ connection: 'off', lost: [] })
    },
    get: (): EventState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export type Events = ReturnType<typeof createEvents>

function openStream(signal: AbortSignal): Promise<Response> {
  return fetch(`${runtime().basePath}${paths.events}`, {
    headers: { accept: 'text/event-stream', ...requestHeaders() },
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  })
}

async function readFrames(
  body: ReadableStream<Uint8Array>,
  onFrame: (frame: EventFrame) => void,
  onSign: () => void,
): Promise<void> {
  const decoder = new TextDecoder()
  const parse = createEventParser(({ data }) => {
    const frame = readFrame(data)
    if (frame) onFrame(frame)
  })
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onSign()
    parse(decoder.decode(value, { stream: true }))
  }
}

/** The boundary: a frame of a type that we do not know (a newer BFF) is passed over. */
function readFrame(text: string): EventFrame | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) && typeof value['type'] === 'string' ? (value as EventFrame) : undefined
  } catch {
    return undefined
  }
}

export const EventsContext = createContext<Events | undefined>(undefined)
const NO_EVENTS: EventState = { connection: 'off', lost: [] }

/** State of the stream: whether lists are live, and which clusters are lost. */
export function useEventState(): EventState {
  const events = use(EventsContext)
  return useSyncExternalStore(events?.subscribe ?? (() => () => undefined), events?.get ?? (() => NO_EVENTS))
}
