import { describe, expect, it } from 'vitest'
import { nextMoment, timeRange } from './replay.ts'

const NOW = 1_795_489_163

describe('timeRange', () => {
  it('ends at the present, on whole steps', () => {
    expect(timeRange(3600, 0, NOW)).toEqual({ from: 1_795_485_540, to: 1_795_489_140, step: 60 })
    expect(timeRange(3600, NOW - 600, NOW)).toEqual(timeRange(3600, 0, NOW))
  })

  it('moves to an instant that lies before', () => {
    const { from, to } = timeRange(3600, NOW - 90_000, NOW)
    expect(from).toBeLessThan(NOW - 90_000)
    expect(to).toBeGreaterThan(NOW - 90_000)
    expect(to - from).toBe(3600)
  })

  it('takes the shortest for a span that it does not know', () => {
    expect(timeRange(77, 0, NOW).step).toBe(60)
  })
})

describe('nextMoment', () => {
  const range = timeRange(3600, 0, NOW)

  it('begins at the beginning, goes step by step, and ends', () => {
    expect(nextMoment(0, range)).toBe(range.from)
    expect(nextMoment(range.from + 7, range)).toBe(range.from + 60)
    expect(nextMoment(range.to, range)).toBeUndefined()
  })
})
