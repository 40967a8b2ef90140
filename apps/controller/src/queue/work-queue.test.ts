import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorkQueue, type Outcome, type WorkQueue, type WorkQueueOptions, type WorkResult } from './work-queue.ts'

const RESYNC_MS = 30_000

let queue: WorkQueue
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(async () => {
  await queue.stop()
  vi.useRealTimers()
})

/** A queue whose runs end when the test says so. */
function start(options: Partial<WorkQueueOptions> = {}) {
  const started: string[] = []
  const open = new Map<string, { end: (outcome: Outcome) => void; fail: (error: Error) => void }>()
  const results: [string, WorkResult][] = []
  queue = createWorkQueue({
    handle: (key, signal) => {
      started.push(key)
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
      open.set(key, { end: resolve, fail: reject })
      signal.addEventListener('abort', () => reject(signal.reason))
      return promise
    },
    resyncMs: RESYNC_MS,
    random: () => 0.5,
    onResult: (key, result) => results.push([key, result]),
    ...options,
  })
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)
  return {
    started,
    results,
    end: async (key: string, outcome: Outcome) => {
      open.get(key)?.end(outcome)
      await settle()
    },
    fail: async (key: string, error: Error) => {
      open.get(key)?.fail(error)
      await settle()
    },
  }
}

describe('work queue', () => {
  it('never works on one object twice at a time, and once more for all that was asked meanwhile', async () => {
    const { started, end } = start()
    queue.add('a')
    queue.add('a')
    queue.add('a')
    expect(started).toEqual(['a'])
    await end('a', 'done')
    expect(started).toEqual(['a', 'a'])
    await end('a', 'done')
    expect(started).toEqual(['a', 'a'])
  })

  it('works on no more objects at a time than it may', async () => {
    const { started, end } = start({ concurrency: 2 })
    for (const key of ['a', 'b', 'c', 'c']) queue.add(key)
    expect([started, queue.depth]).toEqual([['a', 'b'], 1])
    await end('b', 'done')
    expect([started, queue.depth]).toEqual([['a', 'b', 'c'], 0])
  })

  it('looks again at the resync, and not at what is gone', async () => {
    const { started, end } = start()
    queue.add('a')
    queue.add('b')
    await end('a', 'done')
    await end('b', 'gone')
    await vi.advanceTimersByTimeAsync(RESYNC_MS - 1)
    expect(started).toEqual(['a', 'b'])
    await vi.advanceTimersByTimeAsync(1)
    expect(started).toEqual(['a', 'b', 'a'])
  })

  it('waits longer and longer for what fails, up to a bound, and starts over after a success', async () => {
    const { started, end } = start({ firstRetryMs: 1_000, lastRetryMs: 3_000 })
    queue.add('a')
    // random 0.5: three quarters of 1 s, 2 s, 3 s, 3 s.
    for (const [attempt, waitMs] of [750, 1_500, 2_250, 2_250].entries()) {
      await end('a', 'retry')
      await vi.advanceTimersByTimeAsync(waitMs - 1)
      expect(started).toHaveLength(attempt + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(started).toHaveLength(attempt + 2)
    }
    await end('a', 'done')
    queue.add('a')
    await end('a', 'retry')
    await vi.advanceTimersByTimeAsync(750)
    expect(started).toHaveLength(7)
  })

  it('takes a rejection for a retry and tells of it', async () => {
    const { started, results, fail } = start()
    queue.add('a')
    await fail('a', new Error('the hub does not answer'))
    expect(results).toMatchObject([['a', { outcome: 'retry', error: { message: 'the hub does not answer' } }]])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(started).toEqual(['a', 'a'])
  })

  it('looks at once when asked during a back-off, and only once', async () => {
    const { started, end } = start()
    queue.add('a')
    await end('a', 'retry')
    queue.add('a')
    expect(started).toEqual(['a', 'a'])
    await end('a', 'done')
    await vi.advanceTimersByTimeAsync(RESYNC_MS - 1)
    expect(started).toEqual(['a', 'a'])
  })

  it('folds changes of a moment together, and does not put off what is due before', async () => {
    const { started, end } = start({ foldMs: 500 })
    queue.addSoon('a')
    queue.addSoon('a')
    await vi.advanceTimersByTimeAsync(499)
    expect(started).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(started).toEqual(['a'])
    queue.addSoon('a')
    await end('a', 'done')
    expect(started).toEqual(['a'])
    await vi.advanceTimersByTimeAsync(300)
    queue.addSoon('a')
    await vi.advanceTimersByTimeAsync(200)
    expect(started).toEqual(['a', 'a'])
    queue.addSoon('a')
    queue.add('a')
    await end('a', 'done')
    expect(started).toEqual(['a', 'a', 'a'])
    await end('a', 'done')
    await vi.advanceTimersByTimeAsync(RESYNC_MS - 1)
    expect(started).toHaveLength(3)
  })

  it('aborts what runs when it is stopped, waits for it, and starts nothing more', async () => {
    const { started, results } = start({ concurrency: 1 })
    queue.add('a')
    queue.add('b')
    await queue.stop()
    queue.add('c')
    await vi.advanceTimersByTimeAsync(10 * RESYNC_MS)
    expect([started, results]).toEqual([['a'], []])
  })
})
