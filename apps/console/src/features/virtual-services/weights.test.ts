import { describe, expect, it } from 'vitest'
import { evenWeights, FULL_WEIGHT, sumOfWeights } from './weights.ts'

describe('weights', () => {
  it('are shared out evenly, and always add up to 100', () => {
    expect(evenWeights(2)).toEqual([50, 50])
    expect(evenWeights(3)).toEqual([34, 33, 33])
    for (let count = 1; count <= 150; count += 1) expect(sumOfWeights(evenWeights(count))).toBe(FULL_WEIGHT)
  })

  it('count as nothing when missing, as in Istio', () => {
    expect(sumOfWeights([90, undefined, 10])).toBe(100)
  })
})
