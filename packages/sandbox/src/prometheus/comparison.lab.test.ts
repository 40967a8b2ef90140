import { afterAll, beforeAll, expect, it } from 'vitest'
import { openComparison } from './testing/comparison.ts'
import type { Comparison } from './testing/comparison.ts'
import { WRITTEN_QUERIES, randomQueries } from './testing/queries.ts'

const RANDOM = 300
let comparison: Comparison

beforeAll(async () => {
  comparison = await openComparison()
})
afterAll(() => comparison.stop())

it('answers as Prometheus does: the same errors, the same series, the same numbers', { timeout: 300_000 }, async () => {
  const queries = [...WRITTEN_QUERIES, ...randomQueries(11, RANDOM)]
  const { answers, different } = await comparison.compare(queries)
  process.stdout.write(`PromQL: ${queries.length} queries, ${answers} answers, ${answers - different.length} agree\n`)
  expect(different).toEqual([])
})
