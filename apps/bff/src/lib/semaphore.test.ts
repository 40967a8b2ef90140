import { describe, expect, it } from 'vitest'
import { createSemaphore } from './semaphore.ts'

const forever = new AbortController().signal

function gate(): { work: () => Promise<void>; open: () => void; started: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let started = false
  return {
    work: () => {
      started = true
      return promise
    },
    open: resolve,
    started: () => started,
  }
}

describe('createSemaphore', () => {
  const make = (maxWaiting = 2) => createSemaphore({ limit: 1, maxWaiting, tooMany: () => new Error('too many') })

  it('lets the next one in when one is done, failures included, in order', async () => {
    const semaphore = make()
    const [first, second, third] = [gate(), gate(), gate()]
    const failing = semaphore.run(() => first.work().then(() => Promise.reject(new Error('broken'))), forever)
    const runs = [semaphore.run(second.work, forever), semaphore.run(third.work, forever)]
    expect(second.started()).toBe(false)
    first.open()
    await expect(failing).rejects.toThrow('broken')
    expect([second.started(), third.started()]).toEqual([true, false])
    second.open()
    await runs[0]
    third.open()
    await runs[1]
    await expect(semaphore.run(() => Promise.resolve('free'), forever)).resolves.toBe('free')
  })

  it('refuses when too many wait', async () => {
    const semaphore = make(0)
    const first = gate()
    const run = semaphore.run(first.work, forever)
    await expect(semaphore.run(first.work, forever)).rejects.toThrow('too many')
    first.open()
    await run
  })

  it('lets go of one that gives up, and of its place', async () => {
    const semaphore = make()
    const [first, second, third] = [gate(), gate(), gate()]
    const impatient = new AbortController()
    const run = semaphore.run(first.work, forever)
    const given = semaphore.run(second.work, impatient.signal)
    const last = semaphore.run(third.work, forever)
    impatient.abort(new Error('gave up'))
    await expect(given).rejects.toThrow('gave up')
    first.open()
    third.open()
    await Promise.all([run, last])
    expect(second.started()).toBe(false)
    await expect(semaphore.run(second.work, AbortSignal.abort(new Error('late')))).rejects.toThrow('late')
  })
})
