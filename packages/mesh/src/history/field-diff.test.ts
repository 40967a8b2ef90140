import { describe, expect, it } from 'vitest'
import { fieldChanges, printFieldPath, sameValue } from './field-diff.ts'

describe('fieldChanges', () => {
  it('names each field that differs, as deep as it can', () => {
    const before = { spec: { http: [{ timeout: '5s', route: [{ weight: 90 }] }], gone: true } }
    const after = { spec: { http: [{ timeout: '5s', route: [{ weight: 50 }, { weight: 50 }] }], fresh: 1 } }
    expect(fieldChanges(before, after)).toEqual([
      { path: ['spec', 'http', 0, 'route', 0, 'weight'], before: 90, after: 50 },
      { path: ['spec', 'http', 0, 'route', 1], before: undefined, after: { weight: 50 } },
      { path: ['spec', 'gone'], before: true, after: undefined },
      { path: ['spec', 'fresh'], before: undefined, after: 1 },
    ])
  })

  it('tells a list from a map and nothing from something', () => {
    expect(fieldChanges({ a: [1] }, { a: { 0: 1 } })).toHaveLength(1)
    expect(fieldChanges({ a: null }, { a: null })).toEqual([])
    expect(sameValue({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBe(true)
    expect(sameValue({ a: undefined }, { b: undefined })).toBe(false)
  })
})

describe('printFieldPath', () => {
  it('writes fields as API servers do', () => {
    expect(printFieldPath(['spec', 'http', 0, 'timeout'])).toBe('spec.http[0].timeout')
    expect(printFieldPath(['metadata', 'annotations', 'example.org/x.y'])).toBe(
      'metadata.annotations["example.org/x.y"]',
    )
  })
})
