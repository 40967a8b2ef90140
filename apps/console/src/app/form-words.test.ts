import { FAULT_CODES } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { DESCRIPTIONS } from '../features/istio-forms/descriptions.ts'
import { FURTHER_FIELDS, ROUTE_FIELDS } from '../features/virtual-services/route-fields.ts'
import en from '../locales/en-US/forms.json' with { type: 'json' }
import { RULES } from '../resource-kit/form/field-rules.ts'
import { labelOf, type FieldSpec } from '../resource-kit/form/field-spec.ts'

function all(specs: readonly FieldSpec[]): FieldSpec[] {
  return specs.flatMap((spec) => [spec, ...('fields' in spec ? all(spec.fields) : [])])
}
const specs = all([...Object.values(DESCRIPTIONS).flat(), ...FURTHER_FIELDS, ...ROUTE_FIELDS])

/** Chinese has the same keys, which another test holds. */
describe('words of forms', () => {
  it('are there for every field, and none is left over', () => {
    expect(Object.keys(en.fields).toSorted()).toEqual([...new Set(specs.map(labelOf))].toSorted())
  })

  it('have a word for one element of every list and map', () => {
    const lists = specs.filter(({ type }) => ['list', 'entries', 'map'].includes(type)).map(labelOf)
    expect(Object.keys(en.items).toSorted()).toEqual([...new Set(lists)].toSorted())
  })

  it('help with every field that promises it', () => {
    const helped = specs.filter(({ help }) => help).map(labelOf)
    expect(Object.keys(en.help).toSorted()).toEqual([...new Set(helped)].toSorted())
  })

  it('say what every rule holds against a text', () => {
    const samples = ['', ' ', 'a b', '-', '0', '0s', '1.0001ms', 'x/y/z', '99999', '*', '300.1.1.1']
    const faults = Object.values(RULES).flatMap((rule) => samples.flatMap((text) => rule(text) ?? []))
    expect(faults.filter((fault) => !(fault in en.rules))).toEqual([])
    expect(new Set(faults).size).toBeGreaterThan(7)
  })

  it('say what is held against an object as a whole', () => {
    expect(FAULT_CODES.filter((code) => !(code in en.rules))).toEqual([])
  })
})
