import { describe, expect, it } from 'vitest'
import { compareFindings, createAnalyzer } from './analyzer.ts'
import { FINDING_CODES, type FindingCode } from './codes.ts'
import { CASES } from './corpus/cases.ts'
import { inputOf } from './corpus/input.ts'
import { destinationRule, to, virtualService } from './corpus/objects.ts'

const codesOf = (findings: readonly { code: FindingCode }[]): FindingCode[] => [
  ...new Set(findings.map(({ code }) => code)),
]

describe('the corpus', () => {
  it('finds nothing wrong with the base', () => {
    expect(createAnalyzer().analyze(inputOf({ objects: [] }))).toEqual([])
  })

  it.each(CASES)('$codes: $what', (one) => {
    const found = createAnalyzer().analyze(inputOf(one))
    expect(codesOf(found).toSorted()).toEqual([...one.codes].toSorted())
  })

  it('has a case for every code', () => {
    const covered = new Set(CASES.flatMap(({ codes }) => codes))
    const missing = Object.keys(FINDING_CODES).filter((code) => !covered.has(code as FindingCode))
    expect(missing).toEqual([])
  })
})

describe('an analyzer', () => {
  const broken = virtualService('reviews', { hosts: ['reviews'], http: [{ route: [to('reviews', 'v1')] }] })
  const mending = destinationRule('reviews', {
    host: 'reviews',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
  })

  it('tells what a change brings and what it mends, and keeps nothing of it', () => {
    const analyzer = createAnalyzer()
    const before = analyzer.analyze(inputOf({ objects: [broken] }))
    const change = { kind: 'DestinationRule', namespace: 'shop', name: 'reviews', object: mending } as const
    const { fresh, solved } = compareFindings(before, analyzer.preview([change]))
    expect([codesOf(fresh), codesOf(solved)]).toEqual([[], ['IST0101']])
    expect(compareFindings(before, analyzer.preview([])).solved).toEqual([])
  })

  it('is silent on what an annotation asks it to be silent on', () => {
    const annotations = { 'galley.istio.io/analyze-suppress': 'IST0101' }
    const quiet = { ...broken, metadata: { ...broken.metadata, annotations } }
    expect(createAnalyzer().analyze(inputOf({ objects: [quiet] }))).toMatchObject([
      { code: 'IST0101', suppressed: true },
    ])
  })

  it('says of nothing that it is missing where it may not look', () => {
    const input = inputOf({ objects: [broken, virtualService('b', { hosts: ['b'], http: [{ route: [to('b')] }] })] })
    const blind = { ...input, config: { ...input.config, complete: new Set<never>() } }
    expect(codesOf(createAnalyzer().analyze(blind))).toEqual([])
  })
})
