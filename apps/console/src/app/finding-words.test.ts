import { FINDING_CODES } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import en from '../locales/en-US/finding-codes.json' with { type: 'json' }
import findings from '../locales/en-US/findings.json' with { type: 'json' }

const codes = Object.keys(FINDING_CODES).toSorted()

/** Chinese has the same keys, which another test holds. */
describe('words of findings', () => {
  it('are there for every code, and none is left over', () => {
    expect(Object.keys(en).toSorted()).toEqual(codes)
  })

  it('name what is missing', () => {
    expect(Object.keys(findings.things)).toContain('mirrorHost')
  })
})
