import { describe, expect, it } from 'vitest'
import { wholeUnits } from './window-name.ts'

describe('wholeUnits', () => {
  it.each([
    [60, 'minutes', 1],
    [900, 'minutes', 15],
    [3600, 'hours', 1],
    [86_400, 'days', 1],
    [90, 'seconds', 90],
    [20, 'seconds', 20],
  ] as const)('%i s', (seconds, unit, count) => {
    expect(wholeUnits(seconds)).toEqual({ unit, count })
  })
})
