import { describe, expect, it } from 'vitest'
import { healthReasons } from './health-reason.ts'

describe('healthReasons', () => {
  it('names the bound of the level, and only what broke it', () => {
    expect(healthReasons({ requestRate: 1, errorRate: 0.074, latencyMs: 150 })).toEqual([
      { signal: 'errorRate', value: 0.074, limit: 0.05 },
    ])
    expect(healthReasons({ requestRate: 1, errorRate: 0.01, latencyMs: 150 })).toEqual([
      { signal: 'errorRate', value: 0.01, limit: 0 },
      { signal: 'latencyMs', value: 150, limit: 100 },
    ])
  })

  it('has nothing to say of what is healthy or not known', () => {
    expect(healthReasons({ requestRate: 1, errorRate: 0, latencyMs: 100 })).toEqual([])
    expect(healthReasons({ requestRate: 0, errorRate: 1 })).toEqual([])
  })
})
