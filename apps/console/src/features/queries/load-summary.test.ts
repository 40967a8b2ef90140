import { describe, expect, it } from 'vitest'
import { clockOf, linesOf, stateOf, summarize } from './load-summary.ts'
import { MINUTE, queryLoad } from './fixtures.ts'

describe('summarize', () => {
  it('adds up all that was asked, sent or not', () => {
    expect(summarize([MINUTE, MINUTE])).toEqual({
      asked: 58,
      sent: 20,
      failed: 2,
      spared: 34,
      stale: 2,
      refused: { cost: 2, queue: 0, down: 2 },
      bytes: 20_000,
      meanMs: 25,
    })
    expect(summarize([]).meanMs).toBeUndefined()
  })
})

describe('linesOf', () => {
  it('has a point for each of fifteen minutes', () => {
    const { from, to, sent, spared } = linesOf([{ ...MINUTE, at: 1_800_000_000_000 }], 1_800_000_059_000)
    expect([from, to, sent.length]).toEqual([1_799_999_160, 1_800_000_000, 15])
    expect([sent.at(-1), spared.at(-1), sent[0]]).toEqual([
      [to, 10],
      [to, 17],
      [from, 0],
    ])
  })
})

describe('states', () => {
  it('tell failing from asked as needed', () => {
    expect(stateOf(queryLoad())).toBe('closed')
    expect(stateOf(queryLoad({ circuit: { state: 'closed', since: 1 } }))).toBe('failing')
    expect(stateOf(queryLoad({ circuit: { state: 'open', retryAt: 1, error: 'x' } }))).toBe('open')
  })

  it.each([
    [undefined, undefined],
    [4.9, 'clockRight'],
    [-90, 'clockBehind'],
    [90, 'clockAhead'],
  ])('of a clock %s ahead: %s', (skew, state) => {
    expect(clockOf(skew)).toBe(state)
  })
})
