import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_OBJECTS, readDocuments } from './read-documents.ts'

const rule = (name: string, more = '') =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: ${name}, namespace: shop${more}}\nspec: {host: ${name}}\n`
const faults = (text: string) => readDocuments(text).problems.map(({ line, code }) => `${line} ${code}`)

describe('several documents', () => {
  it('are read with those in a List, and empty ones are passed over', () => {
    const list = `kind: List\napiVersion: v1\nitems:\n  - ${rule('c').trimEnd().replaceAll('\n', '\n    ')}\n`
    const { objects, problems } = readDocuments(`---\n${rule('a')}---\n# nothing\n---\n${rule('b')}---\n${list}`)
    expect(problems).toEqual([])
    expect(objects.map(({ kind, object }) => `${kind} ${object.metadata.name}`)).toEqual([
      'DestinationRule a',
      'DestinationRule b',
      'DestinationRule c',
    ])
  })

  it('name what is wrong and the line of the document', () => {
    expect(faults(`${rule('a')}---\n${rule('a')}`)).toEqual(['6 twice'])
    expect(faults(`${rule('a')}---\nkind: Pod\napiVersion: v1\nmetadata: {name: a, namespace: b}\n`)).toEqual([
      '6 kind',
    ])
    expect(faults(rule('a').replace('io/v1', 'io/v1alpha3'))).toEqual(['1 version'])
    expect(faults(rule('A b'))).toEqual(['1 name'])
    expect(faults(rule('a').replace(', namespace: shop', ''))).toEqual(['1 namespace'])
    expect(faults('just words')).toEqual(['1 notAnObject'])
    expect(faults(`${rule('a')}---\na: [1`)[0]).toMatch(/syntax$/)
    expect(faults('a: *nowhere')).toHaveLength(1)
  })

  it('are refused when they are more than anybody reads', () => {
    const many = Array.from({ length: MAX_OBJECTS + 1 }, (_, at) => rule(`r${at}`)).join('---\n')
    expect(faults(many)).toEqual(['1 many'])
  })

  it('are read or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:- #"{}[]|\n*&'), maxLength: 200 }), (text) => {
        readDocuments(text)
      }),
      { numRuns: 200 },
    )
  })
})
