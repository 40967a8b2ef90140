import { describe, expect, it, vi } from 'vitest'
import { createAnswerStore, type Question } from './answer-store.ts'

let time = 0
const make = (maxBytes = 1_000, patienceMs = 5) => createAnswerStore<number>({ maxBytes, patienceMs, now: () => time })
const ask = (key: string, load: () => Promise<number>, more: Partial<Question<number>> = {}): Question<number> => ({
  key,
  family: 'f',
  freshMs: 100,
  staleMs: 0,
  bearable: () => true,
  load: async () => ({ answer: await load(), bytes: 100 }),
  ...more,
})
const one = (value: number) => () => Promise.resolve(value)
const never = () => new Promise<number>(() => undefined)

describe('createAnswerStore', () => {
  it('asks once while under way, however long that takes, and keeps the answer for a while', async () => {
    const store = make()
    const { promise, resolve } = Promise.withResolvers<number>()
    const load = vi.fn(() => promise)
    const first = store.ask(ask('a', load))
    time += 1_000
    const second = store.ask(ask('a', load))
    resolve(1)
    expect(await first).toMatchObject({ answer: 1, from: 'sent' })
    expect(await second).toMatchObject({ answer: 1, from: 'shared' })
    time += 99
    expect(await store.ask(ask('a', load))).toEqual({ answer: 1, from: 'kept', ageMs: 99 })
    time += 1
    expect((await store.ask(ask('a', load))).from).toBe('sent')
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('does not keep a failure', async () => {
    const store = make()
    await expect(store.ask(ask('a', () => Promise.reject(new Error('broken'))))).rejects.toThrow('broken')
    expect((await store.ask(ask('a', one(2)))).answer).toBe(2)
  })

  it('keeps no more bytes than it may: the answers used last, and none too large for it', async () => {
    const store = make(250)
    for (const key of ['a', 'b']) await store.ask(ask(key, one(1)))
    await store.ask(ask('a', never))
    await store.ask(ask('c', one(1)))
    expect([store.size, store.bytes]).toEqual([2, 200])
    expect((await store.ask(ask('a', never))).from).toBe('kept')
    expect((await store.ask(ask('b', one(1)))).from).toBe('sent')
    const large = { load: () => Promise.resolve({ answer: 9, bytes: 200 }) }
    await store.ask(ask('d', never, large))
    expect([store.size, store.bytes]).toEqual([2, 200])
  })

  it('gives an answer of before when none comes in time, and keeps asking for whoever comes next', async () => {
    const store = make()
    await store.ask(ask('at 1', one(1)))
    time += 50
    const late = Promise.withResolvers<number>()
    expect(await store.ask(ask('at 2', () => late.promise, { staleMs: 60 }))).toEqual({
      answer: 1,
      from: 'stale',
      ageMs: 50,
    })
    const next = store.ask(ask('at 2', never))
    late.resolve(2)
    expect(await next).toMatchObject({ answer: 2, from: 'shared' })
  })

  it('gives it when the question fails, unless that is the question’s own fault, it is too old, or a moment was named', async () => {
    const store = make()
    await store.ask(ask('at 1', one(1)))
    time += 50
    const broken = () => Promise.reject(new Error('broken'))
    expect((await store.ask(ask('at 2', broken, { staleMs: 60 }))).from).toBe('stale')
    await expect(store.ask(ask('at 2', broken, { staleMs: 49 }))).rejects.toThrow('broken')
    await expect(store.ask(ask('at 2', broken, { staleMs: 0 }))).rejects.toThrow('broken')
    await expect(store.ask(ask('at 2', broken, { staleMs: 60, bearable: () => false }))).rejects.toThrow('broken')
    await expect(store.ask(ask('at 2', broken, { staleMs: 60, family: 'other' }))).rejects.toThrow('broken')
  })

  it('ends a question when the last of its askers has gone', async () => {
    const store = make()
    const signals: AbortSignal[] = []
    const load = (signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const [a, b] = [new AbortController(), new AbortController()]
    const first = store.ask(ask('a', never, { load, signal: a.signal }))
    const second = store.ask(ask('a', never, { load, signal: b.signal }))
    a.abort(new Error('a has gone'))
    await expect(first).rejects.toThrow('a has gone')
    expect(signals[0]?.aborted).toBe(false)
    b.abort(new Error('b has gone'))
    await expect(second).rejects.toThrow('b has gone')
    expect(signals[0]?.aborted).toBe(true)
    expect((await store.ask(ask('a', one(3)))).answer).toBe(3)
  })
})
