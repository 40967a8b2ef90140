import { describe, expect, it } from 'vitest'
import { parseDocument, type Document } from 'yaml'
import { appendAt, moveAt, removeAt, renameAt, setAt, setTextsAt } from './document-edits.ts'

const edited = (text: string, edit: (document: Document) => void): string => {
  const document = parseDocument(text)
  edit(document)
  return document.toString({ lineWidth: 0 })
}

describe('edits of a document', () => {
  it('make what lies on the way, also where a field has no value yet', () => {
    expect(edited('spec:\n', (it) => setAt(it, ['spec', 'http', 0, 'timeout'], '5s'))).toBe(
      'spec:\n  http:\n    - timeout: 5s\n',
    )
    expect(edited('spec: {}\n', (it) => setAt(it, ['spec', 'hosts'], ['a']))).toBe('spec:\n  hosts:\n    - a\n')
  })

  it('keep comments, order, and fields that nobody has heard of', () => {
    const text = '# top\nspec:\n  # why\n  unheardOf: 1\n  http:\n    - timeout: 5s # long\n      other: x\n'
    expect(edited(text, (it) => setAt(it, ['spec', 'http', 0, 'timeout'], '9s'))).toBe(text.replace('5s', '9s'))
  })

  it('write without quotes what takes the place of an empty text, and leave quotes that somebody chose', () => {
    expect(edited('a: ""\n', (it) => setAt(it, ['a'], 'web'))).toBe('a: web\n')
    expect(edited('a: "web"\n', (it) => setAt(it, ['a'], 'shop'))).toBe('a: "shop"\n')
  })

  it('append, and make the list when there is none', () => {
    expect(edited('spec:\n  a: 1\n', (it) => appendAt(it, ['spec', 'http'], { b: 2 }))).toBe(
      'spec:\n  a: 1\n  http:\n    - b: 2\n',
    )
    expect(edited('http:\n  - a: 1\n', (it) => appendAt(it, ['http'], { b: 2 }))).toBe('http:\n  - a: 1\n  - b: 2\n')
  })

  it('take out parents that are left empty, but none above the one to keep', () => {
    expect(edited('a:\n  b:\n    c:\n      d: 1\n  e: 1\n', (it) => removeAt(it, ['a', 'b', 'c', 'd'], 1))).toBe(
      'a:\n  e: 1\n',
    )
    expect(edited('a:\n  b:\n    c: 1\n', (it) => removeAt(it, ['a', 'b', 'c'], 2))).toBe('a:\n  b: {}\n')
  })

  it('move an element with its comment', () => {
    expect(edited('r:\n  - a\n  # about b\n  - b\n  - c\n', (it) => moveAt(it, ['r'], 1, 2))).toBe(
      'r:\n  - a\n  - c\n  # about b\n  - b\n',
    )
  })

  it('rename an entry in its place, never onto another', () => {
    expect(edited('h:\n  a: 1\n  b: 2\n', (it) => renameAt(it, ['h'], 'a', 'x'))).toBe('h:\n  x: 1\n  b: 2\n')
    expect(edited('h:\n  a: 1\n  b: 2\n', (it) => renameAt(it, ['h'], 'a', 'b'))).toBe('h:\n  a: 1\n  b: 2\n')
  })

  it('make a list of texts equal to another, with the comments of those that stay', () => {
    expect(edited('h:\n  - a # one\n  - b\n', (it) => setTextsAt(it, ['h'], ['a', 'c']))).toBe(
      'h:\n  - a # one\n  - c\n',
    )
    expect(edited('h: []\n', (it) => setTextsAt(it, ['h'], ['a']))).toBe('h:\n  - a\n')
  })
})
