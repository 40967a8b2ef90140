import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { healthOf, worstHealth, type HealthLevel } from './health.ts'

describe('healthOf', () => {
  it.each([
    [{ requestRate: 0 }, 'unknown'],
    [{ requestRate: Number.NaN, errorRate: Number.NaN }, 'unknown'],
    [{ requestRate: 0, bytesRate: 10 }, 'healthy'],
    [{ requestRate: 1, errorRate: 0 }, 'healthy'],
    [{ requestRate: 1, errorRate: 0, latencyMs: 100 }, 'healthy'],
    [{ requestRate: 1, errorRate: 0, latencyMs: 100.1 }, 'warning'],
    [{ requestRate: 1, errorRate: 0, latencyMs: 200 }, 'warning'],
    [{ requestRate: 1, errorRate: 0, latencyMs: 201 }, 'critical'],
    [{ requestRate: 1, errorRate: 0.0001 }, 'warning'],
    [{ requestRate: 1, errorRate: 0.05 }, 'warning'],
    [{ requestRate: 1, errorRate: 0.051, latencyMs: 1 }, 'critical'],
    [{ requestRate: 1, errorRate: 0, latencyMs: Number.NaN }, 'healthy'],
  ])('%j is %s', (input, level) => {
    expect(healthOf(input)).toBe(level)
  })

  it("takes the mesh's own thresholds", () => {
    const thresholds = { healthy: { errorRate: 0.01, latencyMs: 500 }, warning: { errorRate: 0.1, latencyMs: 900 } }
    expect(healthOf({ requestRate: 1, errorRate: 0.01, latencyMs: 400 }, thresholds)).toBe('healthy')
  })

  it('never gets better when errors or latency grow', () => {
    const badness: Record<HealthLevel, number> = { unknown: 0, healthy: 1, warning: 2, critical: 3 }
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const latency = fc.double({ min: 0, max: 1_000, noNaN: true })
    fc.assert(
      fc.property(share, share, latency, latency, (e1, e2, l1, l2) => {
        const better = healthOf({ requestRate: 1, errorRate: Math.min(e1, e2), latencyMs: Math.min(l1, l2) })
        const worse = healthOf({ requestRate: 1, errorRate: Math.max(e1, e2), latencyMs: Math.max(l1, l2) })
        expect(badness[worse]).toBeGreaterThanOrEqual(badness[better])
      }),
    )
  })
})

describe('worstHealth', () => {
  it('is unknown only when all are', () => {
    expect(worstHealth([])).toBe('unknown')
    expect(worstHealth(['unknown', 'healthy'])).toBe('healthy')
    expect(worstHealth(['critical', 'unknown', 'warning'])).toBe('critical')
  })
})
