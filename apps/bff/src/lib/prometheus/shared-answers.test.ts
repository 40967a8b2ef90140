import { describe, expect, it, vi } from 'vitest'
import { createSharedAnswers } from './shared-answers.ts'

describe('createSharedAnswers', () => {
  let time = 0
  const make = (maxEntries = 10) => createSharedAnswers<number>({ ttlMs: 100, maxEntries, now: () => time })

  it('asks once while under way, however long that takes, and for a while after', async () => {
    const answers = make()
    const { promise, resolve } = Promise.withResolvers<number>()
    const question = vi.fn(() => promise)
    const first = answers.ask('a', question)
    time += 1_000
    const second = answers.ask('a', question)
    resolve(1)
    expect(await Promise.all([first, second])).toEqual([1, 1])
    time += 99
    await answers.ask('a', question)
    expect(question).toHaveBeenCalledTimes(1)
    time += 1
    await answers.ask('a', question)
    expect(question).toHaveBeenCalledTimes(2)
  })

  it('does not keep a failure', async () => {
    const answers = make()
    await expect(answers.ask('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    await expect(answers.ask('a', () => Promise.resolve(2))).resolves.toBe(2)
  })

  it('keeps no more than it may, the newest', async () => {
    const answers = make(2)
    const question = vi.fn((value: number) => Promise.resolve(value))
    for (const value of [1, 2, 3]) await answers.ask(String(value), () => question(value))
    await answers.ask('3', () => question(3))
    expect(question).toHaveBeenCalledTimes(3)
    await answers.ask('1', () => question(1))
    expect(question).toHaveBeenCalledTimes(4)
  })
})
