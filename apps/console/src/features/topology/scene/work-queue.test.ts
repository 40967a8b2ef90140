// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WorkQueue } from './work-queue.ts'

describe('WorkQueue', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'cancelAnimationFrame'] }))
  afterEach(() => void vi.useRealTimers())

  const done: string[] = []
  const step = (name: string) => () => void done.push(name)
  beforeEach(() => void done.splice(0))

  it('does a single piece at once', () => {
    new WorkQueue().add([step('a')])
    expect(done).toEqual(['a'])
  })

  it('does several one in each frame, and what comes later after them', () => {
    const queue = new WorkQueue()
    queue.add([step('a'), step('b')])
    queue.add([step('c')])
    expect(done).toEqual([])
    vi.advanceTimersToNextFrame()
    expect(done).toEqual(['a'])
    vi.advanceTimersToNextFrame()
    vi.advanceTimersToNextFrame()
    expect(done).toEqual(['a', 'b', 'c'])
  })

  it('forgets what has not been done, and begins anew', () => {
    const queue = new WorkQueue()
    queue.add([step('a'), step('b')])
    vi.advanceTimersToNextFrame()
    queue.clear()
    queue.add([step('c'), step('d')])
    vi.advanceTimersToNextFrame()
    vi.advanceTimersToNextFrame()
    expect(done).toEqual(['a', 'c', 'd'])
  })
})
