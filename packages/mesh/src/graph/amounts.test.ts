import { describe, expect, it } from 'vitest'
import { addAmount, toRecord, type Amounts } from './amounts.ts'

function amountsOf(...parts: readonly (readonly [string, number])[]): Amounts {
  const amounts: Amounts = []
  for (const [key, value] of parts) addAmount(amounts, key, value)
  return amounts
}

describe('amounts', () => {
  it('are added up by name', () => {
    const record = toRecord(amountsOf(['503', 1], ['UH', 8], ['200', 2], ['503', 4]))
    expect(record).toEqual({ '200': 2, '503': 5, UH: 8 })
    expect(JSON.stringify(record)).toBe('{"200":2,"503":5,"UH":8}')
    expect({ ...record }).toEqual(record)
  })

  it('are nothing at first', () => {
    expect(toRecord([])).toEqual({})
  })
})
