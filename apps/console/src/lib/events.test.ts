// @vitest-environment jsdom
import { QueryClient } from '@tanstack/react-query'
import type { EventFrame } from '@meshdeck/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createEvents } from './events.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A stream that the test writes; each `open` makes a new one. */
function setUp(statuses: number[] = []) {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = []
  const queryClient = new QueryClient()
  const asked = vi.fn(() => Promise.resolve(0))
  const ended = vi.fn()
  const events = createEvents({
    queryClient,
    onUnauthenticated: ended,
    coalesceMs: 1,
    hiddenMs: 0,
    open: () => {
      const status = statuses.shift() ?? 200
      if (status !== 200) return Promise.resolve(new Response(null, { status }))
      return Promise.resolve(new Response(new ReadableStream({ start: (controller) => void streams.push(controller) })))
    },
  })
  stops.push(() => events.stop())
  const send = (...frames: EventFrame[]) =>
    streams
      .at(-1)
      ?.enqueue(new TextEncoder().encode(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('')))
  /** A page that shows something: a query with an observer. */
  const show = async (...queryKey: unknown[]) => {
    const { QueryObserver } = await import('@tanstack/react-query')
    stops.push(
      new QueryObserver(queryClient, { queryKey, queryFn: asked, staleTime: Number.POSITIVE_INFINITY }).subscribe(
        () => undefined,
      ),
    )
    await vi.waitFor(() => expect(queryClient.getQueryState(queryKey)?.status).toBe('success'))
    asked.mockClear()
  }
  const live = () => vi.waitFor(() => expect(events.get().connection).toBe('live'))
  return { events, streams, asked, ended, send, show, live }
}

const change = (kind: string, name: string): EventFrame => ({
  type: 'change',
  cluster: 'alpha',
  kind,
  op: 'modified',
  namespace: 'shop',
  name,
})

describe('the event stream', () => {
  it('makes what depends on a change ask again, once for many changes', async () => {
    const { events, send, show, asked, live, streams } = setUp()
    await show('alpha', 'VirtualService', 'list')
    events.start()
    await vi.waitFor(() => expect(streams).toHaveLength(1))
    send({ type: 'ready' })
    await live()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
    asked.mockClear()
    send(change('Gateway', 'x'), ...Array.from({ length: 20 }, (_, index) => change('VirtualService', `vs-${index}`)))
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
  })

  it('names the clusters that are lost until they are back', async () => {
    const { events, send, live, streams } = setUp()
    events.start()
    await vi.waitFor(() => expect(streams).toHaveLength(1))
    send({ type: 'ready' }, { type: 'cluster', cluster: 'beta', state: 'lost' })
    await live()
    await vi.waitFor(() => expect(events.get().lost.map(({ cluster }) => cluster)).toEqual(['beta']))
    send({ type: 'cluster', cluster: 'beta', state: 'reachable' })
    await vi.waitFor(() => expect(events.get().lost).toEqual([]))
  })

  it('connects again after a break, and asks for everything that may have changed meanwhile', async () => {
    const { events, send, show, asked, live, streams } = setUp()
    await show('alpha', 'VirtualService', 'list')
    events.start()
    await vi.waitFor(() => expect(streams).toHaveLength(1))
    send({ type: 'ready' })
    await live()
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
    asked.mockClear()
    streams[0]?.close()
    await vi.waitFor(() => expect(streams).toHaveLength(2), { timeout: 5_000 })
    send({ type: 'ready' })
    await vi.waitFor(() => expect(asked).toHaveBeenCalled())
  })

  it.each([
    [401, 1],
    [403, 0],
  ])('stops when it is refused with %i', async (status, endings) => {
    const { events, ended, streams } = setUp([status])
    events.start()
    await vi.waitFor(() => expect(events.get().connection).toBe('stopped'))
    expect(ended).toHaveBeenCalledTimes(endings)
    expect(streams).toHaveLength(0)
  })

  it('tries again after an error of the server', async () => {
    const { events, streams } = setUp([503])
    events.start()
    await vi.waitFor(() => expect(streams).toHaveLength(1), { timeout: 5_000 })
  })

  it('lets go of its connection while the tab is hidden', async () => {
    const { events, send, live, streams } = setUp()
    events.start()
    await vi.waitFor(() => expect(streams).toHaveLength(1))
    send({ type: 'ready' })
    await live()
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.waitFor(() => expect(events.get().connection).toBe('paused'))
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    await vi.waitFor(() => expect(streams).toHaveLength(2))
    hidden.mockRestore()
  })
})
