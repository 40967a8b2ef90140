import { expect, it } from 'vitest'
import { summarize } from './statistics.ts'

it('summarizes by the nearest rank', () => {
  const values = Array.from({ length: 20 }, (_, index) => 20 - index)
  expect(summarize(values)).toEqual({ n: 20, min: 1, median: 10, p95: 19, max: 20 })
  expect(summarize([7])).toEqual({ n: 1, min: 7, median: 7, p95: 7, max: 7 })
  expect(() => summarize([])).toThrow(/nothing/)
})
