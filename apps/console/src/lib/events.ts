import type { EventFrame, Problem } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, use, useSyncExternalStore } from 'react'
import { requestHeaders } from './api.ts'
import { dependsOn } from './query-keys.ts'
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
  const pending = new Map<string, { cluster: string; kind: string | undefined }>()
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

  const note = (cluster: string, kind: string | undefined) => {
    pending.set(`${cluster}\n${kind ?? ''}`, { cluster, kind })
    flushTimer ??= setTimeout(flush, coalesceMs)
  }

  /** A query that is being fetched keeps its note for the next round: cancelling it over and over would starve it. */
  function flush(): void {
    flushTimer = undefined
    const notes = [...pending.values()]
    pending.clear()
    for (const { cluster, kind } of notes) {
      let busy = false
      void queryClient.invalidateQueries({
        predicate: (query) => {
          if (!dependsOn(query.queryKey, cluster, kind)) return false
          if (query.state.fetchStatus !== 'fetching') return true
          busy = true
          return false
        },
      })
      if (busy) note(cluster, kind)
    }
  }

  function handleFrame(frame: EventFrame): void {
    if (frame.type === 'change' || frame.type === 'resync') note(frame.cluster, frame.kind)
    else if (frame.type === 'cluster') {
      const others = state.lost.filter((lost) => lost.cluster !== frame.cluster)
      update({
        lost:
          frame.state === 'lost'
            ? [...others, { cluster: frame.cluster, since: frame.since, problem: frame.problem }]
            : others,
      })
      note(frame.cluster, undefined)
    } else if (frame.type === 'ready') {
      update({ connection: 'live' })
      if (gap) void queryClient.invalidateQueries()
      gap = false
    }
  }

  async function connect(): Promise<void> {
    abort = new AbortController()
    const { signal } = abort
    const own = abort
    const started = performance.now()
    update({ connection: 'connecting' })
    // What was lost is told anew after `ready`.
    try {
      const response = await open(signal)
      if (response.status === 401 || response.status === 403) {
        update({ connection: 'stopped' })
        if (response.status === 401) options.onUnauthenticated()
        return
      }
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`)
      if (state.lost.length > 0) update({ lost: [] })
      await readFrames(response.body, handleFrame, own)
    } catch {
      // Every kind of break is answered alike: wait, then connect again.
    }
    if (abort !== own || state.connection === 'paused' || state.connection === 'off') return
    gap = true
    attempt = performance.now() - started > HEALTHY_MS ? 0 : attempt + 1
    update({ connection: 'waiting' })
    retryTimer = setTimeout(() => void connect(), retryDelay(attempt))
  }

  function disconnect(connection: Connection): void {
    update({ connection })
    clearTimeout(retryTimer)
    abort?.abort()
    abort = undefined
    gap = true
  }

  function handleVisibility(): void {
    clearTimeout(hiddenTimer)
    if (document.hidden)
      hiddenTimer = setTimeout(() => state.connection !== 'stopped' && disconnect('paused'), hiddenMs)
    else if (state.connection === 'paused') void connect()
  }

  return {
    /** Opens the stream; opened anew after a sign-in. */
    start() {
      disconnect('off')
      attempt = 0
      document.addEventListener('visibilitychange', handleVisibility)
      void connect()
    },
    stop() {
      document.removeEventListener('visibilitychange', handleVisibility)
      clearTimeout(hiddenTimer)
      clearTimeout(flushTimer)
      flushTimer = undefined
      pending.clear()
      disconnect('off')
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
  own: AbortController,
): Promise<void> {
  const decoder = new TextDecoder()
  const parse = createEventParser(({ data }) => {
    const frame = readFrame(data)
    if (frame) onFrame(frame)
  })
  const reader = body.getReader()
  let silence: ReturnType<typeof setTimeout> | undefined
  try {
    for (;;) {
      clearTimeout(silence)
      silence = setTimeout(() => own.abort(), SILENCE_MS)
      const { done, value } = await reader.read()
      if (done) return
      parse(decoder.decode(value, { stream: true }))
    }
  } finally {
    clearTimeout(silence)
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
