import { describe, expect, it } from 'vitest'
import { fromLocalInput, toLocalInput } from './local-time.ts'

describe('local time', () => {
  it('comes back from the input to the second', () => {
    for (const at of [0, 1_795_489_160, 1_700_000_001]) expect(fromLocalInput(toLocalInput(at))).toBe(at)
  })

  it('is not known while it is being typed', () => {
    expect(fromLocalInput('')).toBeUndefined()
    expect(fromLocalInput('2026-13-45T99:00')).toBeUndefined()
  })
})
