import { describe, expect, it } from 'vitest'
import { durationFault, parseDuration } from './durations.ts'

describe('durations', () => {
  it.each([
    ['5s', 5000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['250ms', 250],
    ['.5s', 500],
    ['1m0.5s', 60_500],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 6)
    expect(durationFault(text)).toBeUndefined()
  })

  it.each(['', '5', '5x', 's', '5s ', '5 s', '-5s', '1d'])('refuses “%s”', (text) => {
    expect(durationFault(text)).toBe('notADuration')
  })

  it('wants a millisecond at least, and whole ones', () => {
    expect(durationFault('0s')).toBe('tooShort')
    expect(durationFault('999us')).toBe('tooShort')
    expect(durationFault('1.0005s')).toBe('tooFine')
    expect(durationFault('0.3s')).toBeUndefined()
  })
})
