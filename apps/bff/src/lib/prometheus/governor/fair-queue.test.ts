import { setImmediate as settled } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createFairQueue, type FairQueue } from './fair-queue.ts'

const NEVER = new AbortController().signal
const make = (limit: number, maxWaiting = 100) =>
  createFairQueue({ limit, maxWaiting, tooMany: () => new Error('too many') })

/** Work by name that ends when it is told to; `began` has the names in their order. */
function workshop(queue: FairQueue) {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const results = new Map<string, Promise<string>>()
  return {
    began,
    start(name: string, priority: 'interactive' | 'background' = 'interactive', signal = NEVER) {
      const work = () => {
        began.push(name)
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
      }
      const result = queue.run(work, { session: name.slice(0, 1), priority }, signal)
      result.catch(() => undefined)
      results.set(name, result)
      return result
    },
    async end(name: string) {
      await settled()
      ends.get(name)?.()
      await results.get(name)
      await settled()
    },
  }
}

describe('createFairQueue', () => {
  it('lets sessions take turns', async () => {
    const queue = make(1)
    const { began, start, end } = workshop(queue)
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) void start(name)
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) await end(name)
    expect(began).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
    expect([queue.running, queue.waiting]).toEqual([1, 0])
  })

  it('lets what somebody waits for go before what nobody does, and keeps a place for it', async () => {
    const { began, start, end } = workshop(make(2))
    for (const name of ['x1', 'x2', 'x3']) void start(name, 'background')
    await settled()
    expect(began).toEqual(['x1'])
    void start('a1')
    void start('a2')
    await settled()
    expect(began).toEqual(['x1', 'a1'])
    await end('x1')
    expect(began).toEqual(['x1', 'a1', 'a2'])
    await end('a1')
    expect(began).toEqual(['x1', 'a1', 'a2', 'x2'])
  })

  it('is bounded: whoever asks most gives way, and only to others', async () => {
    const queue = make(1, 3)
    const { began, start, end } = workshop(queue)
    void start('a1')
    const waiting = ['a2', 'a3', 'a4'].map((name) => start(name))
    await expect(start('a5')).rejects.toThrow('too many')
    void start('b1')
    await expect(waiting[2]).rejects.toThrow('too many')
    expect(queue.waiting).toBe(3)
    for (const name of ['a1', 'a2', 'b1']) await end(name)
    expect(began).toEqual(['a1', 'a2', 'b1', 'a3'])
  })

  it('forgets whoever gives up', async () => {
    const queue = make(1)
    const { began, start, end } = workshop(queue)
    void start('a1')
    const controller = new AbortController()
    const given = start('b1', 'interactive', controller.signal)
    void start('c1')
    controller.abort(new Error('gone'))
    await expect(given).rejects.toThrow('gone')
    await end('a1')
    expect(began).toEqual(['a1', 'c1'])
    await expect(start('d1', 'interactive', controller.signal)).rejects.toThrow('gone')
  })

  it('goes on after work that fails', async () => {
    const queue = make(1)
    const fails = queue.run(() => Promise.reject(new Error('broken')), { session: 'a', priority: 'interactive' }, NEVER)
    await expect(fails).rejects.toThrow('broken')
    const next = queue.run(() => Promise.resolve(1), { session: 'a', priority: 'interactive' }, NEVER)
    await expect(next).resolves.toBe(1)
    expect(queue.running).toBe(0)
  })
})
