import { describe, expect, it } from 'vitest'
import { fieldChanges, printFieldPath, sameValue } from './field-diff.ts'
import { parseFieldPath } from './draft.ts'

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
  it('is read back by parseFieldPath', () => {
    for (const path of [
      ['spec', 'http', 0, 'timeout'],
      ['metadata', 'annotations', 'example.org/x.y'],
      ['spec', 'http', 1, 'match', 0, 'headers', 'x-a'],
    ]) {
      expect(parseFieldPath(printFieldPath(path))).toEqual(path)
    }
  })
})
