import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Document, isMap, isNode, isSeq, parseDocument } from 'yaml'
import { printDocument } from '../draft.ts'
import { appendAt, moveAt, removeAt, setAt, setTextsAt, type YamlPath } from './document-edits.ts'
import { valueAt } from './field-props.ts'

const RUNS = 300
/** Values as people write them, and texts that YAML would take for something else. */
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    'web',
    '5s',
    '',
    '0',
    '1.10',
    'yes',
    'null',
    '#no comment',
    'a: b',
    '- a',
    '*',
    '漢字',
    true,
  ),
  fc.integer({ min: -5, max: 70_000 }),
  fc.string({ maxLength: 12 }),
)
const key = fc.constantFrom('http', 'route', 'hosts', 'weight', 'tls', 'unheardOf', 'x.y/z', '80', 'a b')
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}))
const spec = fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 })

/** A document with a comment of its own beside every field and every element that can have one. */
function commented(content: unknown): { text: string; places: ReadonlyMap<string, YamlPath> } {
  const document = new Document({ kind: 'Any', spec: content })
  const places = new Map<string, YamlPath>()
  let count = 0
  const walk = (node: unknown, path: YamlPath): void => {
    if (isMap(node))
      for (const pair of node.items) {
        const name = String(isNode(pair.key) ? pair.key.toJS(document) : pair.key)
        remark(pair.key, [...path, name])
        walk(pair.value, [...path, name])
      }
    if (isSeq(node))
      node.items.forEach((item, at) => {
        remark(item, [...path, at])
        walk(item, [...path, at])
      })
  }
  const remark = (node: unknown, path: YamlPath): void => {
    if (!isNode(node)) return
    const mark = `remark-${count}-`
    count += 1
    node.commentBefore = ` ${mark}`
    places.set(mark, path)
  }
  walk(document.contents, [])
  return { text: printDocument(document), places }
}

/** Places in a value, all of them below `spec`. */
function pathsOf(content: unknown, at: YamlPath): YamlPath[] {
  const inner = Array.isArray(content)
    ? content.flatMap((each: unknown, index) => pathsOf(each, [...at, index]))
    : typeof content === 'object' && content !== null
      ? Object.entries(content).flatMap(([name, each]) => pathsOf(each, [...at, name]))
      : []
  return at.length > 1 ? [at, ...inner] : inner
}
const isWithin = (path: YamlPath, outer: YamlPath): boolean => outer.every((step, at) => path[at] === step)

/** What an edit leaves: the text, and what it says. */
function edited(text: string, edit: (document: Document) => void): { text: string; content: unknown } {
  const document = parseDocument(text)
  edit(document)
  const printed = printDocument(document)
  const again = parseDocument(printed)
  expect(again.errors).toEqual([])
  return { text: printed, content: again.toJS() }
}
const remarksIn = (text: string): ReadonlySet<string> => new Set(text.match(/remark-\d+-/g))

describe('any document, edited by a form', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(spec, (content) => {
        const { text } = commented(content)
        expect(parseDocument(text).toJS()).toEqual({ kind: 'Any', spec: content })
        const once = edited(text, () => undefined).text
        expect(remarksIn(once)).toEqual(remarksIn(text))
        expect(remarksIn(edited(once, () => undefined).text)).toEqual(remarksIn(text))
      }),
      { numRuns: RUNS },
    )
  })

  it('changes where a value is set and nowhere else, and keeps every remark outside', () => {
    fc.assert(
      fc.property(spec, scalar, fc.nat(), (content, next, choice) => {
        const { text, places } = commented(content)
        const paths = pathsOf(content, ['spec'])
        const path = paths[choice % paths.length] ?? ['spec']
        const result = edited(text, (document) => setAt(document, path, next))
        expect(valueAt(result.content, path)).toEqual(next)
        for (const other of paths)
          if (!isWithin(other, path) && !isWithin(path, other))
            expect(valueAt(result.content, other)).toEqual(valueAt({ spec: content }, other))
        const left = remarksIn(result.text)
        for (const [mark, place] of places) if (!isWithin(place, path)) expect(left).toContain(mark)
      }),
      { numRuns: RUNS },
    )
  })

  it('loses what is taken out, with its remarks, and nothing beside it', () => {
    fc.assert(
      fc.property(spec, fc.nat(), (content, choice) => {
        const { text, places } = commented(content)
        const paths = pathsOf(content, ['spec'])
        const path = paths[choice % paths.length] ?? ['spec']
        const result = edited(text, (document) => removeAt(document, path, 1))
        const isAlone = (outer: YamlPath): boolean => isWithin(path, outer)
        const left = remarksIn(result.text)
        for (const [mark, place] of places)
          if (!isWithin(place, path) && !isAlone(place) && !isNextTo(place, path)) expect(left).toContain(mark)
      }),
      { numRuns: RUNS },
    )
  })

  it('appends, moves and replaces elements of lists, and keeps the others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 5 }),
        fc.nat(),
        (list, choice) => {
          const { text } = commented({ hosts: list, unheardOf: { kept: [1, 'two'] } })
          const at = ['spec', 'hosts'] as const
          const said = (content: unknown): unknown => valueAt(content, at)
          expect(said(edited(text, (document) => appendAt(document, at, 'more')).content)).toEqual([...list, 'more'])
          const from = list.length === 0 ? 0 : choice % list.length
          const moved = edited(text, (document) => moveAt(document, at, from, 0))
          expect(said(moved.content)).toEqual([...list.slice(from, from + 1), ...list.toSpliced(from, 1)])
          expect(remarksIn(moved.text).size).toBe(remarksIn(text).size)
          const next = [...list.slice(1), 'last-of-all']
          const replaced = edited(text, (document) => setTextsAt(document, at, next))
          expect(said(replaced.content)).toEqual(next)
          expect(valueAt(replaced.content, ['spec', 'unheardOf'])).toEqual({ kept: [1, 'two'] })
        },
      ),
      { numRuns: RUNS },
    )
  })
})

/** Whether a place comes just after another in the same list or map: remarks before it may be the other's. */
const isNextTo = (place: YamlPath, path: YamlPath): boolean =>
  typeof place.at(-1) === 'number' && typeof path.at(-1) === 'number' && isWithin(place, path.slice(0, -1))
