import { expect, it } from 'vitest'
import { bytesShareBelow, durationShareBelow, REQUEST_BUCKETS } from './distributions.ts'

const latency = { median: 20, p99: 200 }

it('durations have the median and the 99th percentile that were asked for', () => {
  expect(durationShareBelow(latency, 20)).toBe(0.5)
  expect(durationShareBelow(latency, 200)).toBeCloseTo(0.99, 1)
  expect(durationShareBelow(latency, 200)).toBeGreaterThan(0.97)
})

it('sizes lie around the usual one', () => {
  expect(bytesShareBelow(3_200, 3_200)).toBe(0.5)
  expect(bytesShareBelow(3_200, 10_000)).toBeGreaterThan(0.99)
})

it('shares grow with the bound, from nearly none to nearly all', () => {
  for (const share of [
    (bound: number) => durationShareBelow(latency, bound),
    (bound: number) => bytesShareBelow(900, bound),
  ]) {
    const shares = REQUEST_BUCKETS.map(share)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares[0]).toBeLessThan(0.01)
    expect(shares.at(-1)).toBeGreaterThan(0.999)
  }
})
