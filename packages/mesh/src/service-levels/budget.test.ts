import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedShare, budgetLeft, burnDown, burnRate, goodShare, holds, stateOf, type CountedPoint } from './budget.ts'
import { BURN_WINDOWS, burnConditions, DAY_SECONDS, secondsOf } from './windows.ts'

const objectives = fc.integer({ min: 1, max: 99_999 }).map((thousandths) => thousandths / 1_000)
const counted = fc
  .tuple(fc.double({ min: 0.001, max: 1e9, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([total, share]) => ({ total, bad: total * share }))
const NOTHING = { total: 0, bad: 0 }

describe('an error budget', () => {
  it('is untouched when nothing failed, and gone when just as much failed as may', () => {
    expect(budgetLeft({ total: 1_000, bad: 0 }, 99.9)).toBe(1)
    expect(budgetLeft({ total: 1_000, bad: 1 }, 99.9)).toBeCloseTo(0, 12)
    expect(budgetLeft({ total: 1_000, bad: 2.5 }, 99.9)).toBeCloseTo(-1.5, 12)
  })

  it('is not known without requests: no traffic is no success', () => {
    expect([goodShare(NOTHING), burnRate(NOTHING, 99), budgetLeft(NOTHING, 99)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(burnDown([[0, NOTHING]], 99)).toEqual({ good: [], left: [] })
  })

  it('has no noise of binary fractions in what is allowed', () => {
    expect([99.9, 99.99, 99.5, 99.95, 90].map(allowedShare)).toEqual([0.001, 0.0001, 0.005, 0.0005, 0.1])
  })

  it('and the burn rate say the same, whatever was counted', () => {
    fc.assert(
      fc.property(counted, objectives, (requests, objective) => {
        const left = budgetLeft(requests, objective) ?? Number.NaN
        expect(left).toBeCloseTo(1 - (burnRate(requests, objective) ?? Number.NaN), 9)
        expect(left).toBeLessThanOrEqual(1)
        expect(left < 0 === 1 - (goodShare(requests) ?? 1) > allowedShare(objective)).toBe(true)
      }),
    )
  })

  it('never grows in its window, and ends where the whole window says', () => {
    fc.assert(
      fc.property(fc.array(counted, { minLength: 1, maxLength: 40 }), objectives, (steps, objective) => {
        const points = steps.map((each, index): CountedPoint => [index, each])
        const { left, good } = burnDown(points, objective)
        expect(good).toHaveLength(points.length)
        for (const [index, [, value]] of left.entries()) expect(value).toBeLessThanOrEqual(left[index - 1]?.[1] ?? 1)
        const whole = steps.reduce((sum, each) => ({ total: sum.total + each.total, bad: sum.bad + each.bad }), NOTHING)
        const expected = budgetLeft(whole, objective) ?? Number.NaN
        expect(left.at(-1)?.[1]).toBeCloseTo(expected, -Math.log10(Math.abs(expected) + 1) + 6)
      }),
    )
  })
})

describe('the conditions of alerts', () => {
  it('are those of the SRE workbook over 30 days', () => {
    expect(burnConditions(30).map(({ long, short, above, severity }) => [long, short, above, severity])).toEqual([
      ['1h', '5m', 14.4, 'page'],
      ['6h', '30m', 6, 'page'],
      ['3d', '6h', 1, 'ticket'],
    ])
  })

  it('are met exactly when their share of the budget is spent, and never below a rate of 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 90 }), (days) => {
        for (const { above, long, short, budgetShare } of burnConditions(days)) {
          expect(above).toBeGreaterThanOrEqual(1)
          expect(secondsOf(short)).toBeLessThan(secondsOf(long))
          const spent = (above * secondsOf(long)) / (days * DAY_SECONDS)
          if (above > 1) expect(spent).toBeCloseTo(budgetShare, 9)
          else expect(spent).toBeGreaterThanOrEqual(budgetShare)
        }
      }),
    )
  })

  it('want both windows', () => {
    const [fast] = burnConditions(30)
    if (fast === undefined) throw new Error('no condition')
    expect(holds(fast, { '1h': 15, '5m': 15 })).toBe(true)
    expect(holds(fast, { '1h': 15, '5m': 1 })).toBe(false)
    expect(holds(fast, { '1h': 15 })).toBe(false)
  })
})

describe('the state of a level', () => {
  const days = { windowDays: 30 }
  const all = (rate: number) => Object.fromEntries(BURN_WINDOWS.map(({ id }) => [id, rate]))

  it('is the worst that can be said of it', () => {
    expect(stateOf(days, all(20), -0.1)).toBe('exhausted')
    expect(stateOf(days, all(20), 0.5)).toBe('burnsFast')
    expect(stateOf(days, all(2), 0.5)).toBe('burnsSlowly')
    expect(stateOf(days, all(1), 0.5)).toBe('met')
    expect(stateOf(days, {}, undefined)).toBe('noData')
    expect(stateOf(days, all(0), undefined, false)).toBe('unknown')
  })
})
