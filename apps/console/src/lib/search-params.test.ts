import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { param, parseSearch, printSearch, readQueryString, searchSchema, writeQueryString } from './search-params.ts'

const schema = searchSchema({
  page: param.integer(1, 1),
  find: param.text(),
  view: param.oneOf(['cards', 'table'], 'cards'),
  idle: param.flag(),
  names: param.list(),
})
const values = fc.record({
  page: fc.integer({ min: 1, max: 10_000 }),
  find: fc.string(),
  view: fc.constantFrom('cards' as const, 'table' as const),
  idle: fc.boolean(),
  names: fc.array(fc.string({ minLength: 1 }).filter((text) => !text.includes(','))),
})

describe('search parameters', () => {
  it('come back from the address as they went in', () => {
    fc.assert(
      fc.property(values, (it) => {
        const address = writeQueryString(printSearch(schema, it))
        expect(parseSearch(schema, readQueryString(address))).toEqual(it)
      }),
    )
  })

  it('are left out of the address when they say nothing', () => {
    expect(writeQueryString(printSearch(schema, { page: 1, find: '', view: 'cards', idle: false, names: [] }))).toBe('')
  })

  it.each([
    ['page=0', { page: 1 }],
    ['page=2.5', { page: 1 }],
    ['page=99999999999999999999', { page: 1 }],
    ['view=list', { view: 'cards' }],
    ['idle=yes', { idle: false }],
    ['names=,,a,', { names: ['a'] }],
    ['page=2&page=3', { page: 3 }],
    ['%E0%A4%A', {}],
  ])('that were mistyped (%s) fall back', (query, expected) => {
    expect(parseSearch(schema, readQueryString(query))).toMatchObject(expected)
  })
})
