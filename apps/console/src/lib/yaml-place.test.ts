import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { yamlPlace } from './yaml-place.ts'

/** The place of the `|` in a text. */
function placeIn(text: string) {
  const lines = text.split('\n')
  const line = lines.findIndex((each) => each.includes('|'))
  const column = lines[line]?.indexOf('|') ?? 0
  lines[line] = (lines[line] ?? '').replace('|', '')
  return yamlPlace(lines, line, column)
}

describe('the place in a YAML text', () => {
  it.each([
    ['top: 1\n|', [], 'key'],
    ['spec:\n  ho|\n  http: []', ['spec'], 'key'],
    [
      'spec:\n  http:\n    - match:\n        - uri:\n            pre|',
      ['spec', 'http', '[]', 'match', '[]', 'uri'],
      'key',
    ],
    ['spec:\n  http:\n    - name: a\n      rou|', ['spec', 'http', '[]'], 'key'],
    ['spec:\n  http:\n    - |', ['spec', 'http', '[]'], 'key'],
    // Elements at the column of their list's key.
    ['spec:\n  http:\n  - name: a\n    rou|', ['spec', 'http', '[]'], 'key'],
    ['spec:\n  http:\n  - name: a\n  - |', ['spec', 'http', '[]'], 'key'],
    ['spec:\n  http: []\n  |', ['spec'], 'key'],
    ['spec:\n  tls:\n    # a remark: yes\n\n    mode: SIM|', ['spec', 'tls', 'mode'], 'value'],
    ['a: 1\n---\nspec:\n  mode: |', ['spec', 'mode'], 'value'],
    ['- - x: |', ['[]', '[]', 'x'], 'value'],
  ])('%j is %j', (text, path, kind) => expect(placeIn(text)).toMatchObject({ path, kind }))

  it('knows what is typed, and what stands beside', () => {
    const place = placeIn(
      'spec:\n  http:\n    - name: a\n      timeout: 5s\n      re|\n      route: []\n    - retries: {}\n',
    )
    expect(place).toMatchObject({ typed: 're', column: 6, indent: 6 })
    expect(place?.beside).toEqual(new Set(['name', 'timeout', 'route']))
    expect(placeIn('a: "x y|')).toMatchObject({ kind: 'value', typed: 'x y', column: 3 })
  })

  it('is none inside of a flow collection or behind a remark', () => {
    expect(placeIn('a: {b: |')?.path).not.toEqual(['a', 'b'])
    expect(placeIn('a: 1 # why|')).toBeUndefined()
    expect(placeIn('just some words|')).toBeUndefined()
  })

  it('is found or not in any text, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'ab:- #"{}[]|\'') })),
        fc.nat(40),
        fc.nat(40),
        (lines, line, column) => {
          yamlPlace(lines, line, column)
        },
      ),
    )
  })
})
