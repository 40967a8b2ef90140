import { describe, expect, it } from 'vitest'
import { field } from './field-spec.ts'
import { formFaults } from './form-faults.ts'

const SPECS = [
  field.text('host', { rule: 'host', required: true }),
  field.texts('names', { rule: 'label' }),
  field.number('pool.size', { min: 1, max: 3 }),
  field.select('mode', ['A', 'B']),
  field.toggle('on'),
  field.map('ports', { numbers: true }),
  field.group('group', [field.text('inner', { required: true })]),
  field.list('list', [field.text('name', { rule: 'label' })], {}, { required: true }),
  field.entries('by', 'port', [field.select('mode', ['A'])], {}),
]
const FINE = { host: 'a', list: [{}] }

describe('formFaults', () => {
  it.each([
    [{}, []],
    [{ host: '' }, ['spec.host required']],
    [{ host: 'a b' }, ['spec.host host']],
    [{ names: ['a', 'b c', ''] }, ['spec.names[1] name', 'spec.names[2] required']],
    [{ pool: { size: 4 } }, ['spec.pool.size range']],
    [{ pool: { size: '4' } }, ['spec.pool.size number']],
    [{ mode: 'C' }, ['spec.mode option']],
    [{ on: 'yes' }, ['spec.on option']],
    [{ ports: { a: 'b' } }, ['spec.ports text']],
    [{ group: {} }, ['spec.group.inner required']],
    [{ list: [] }, ['spec.list required']],
    [{ list: [{ name: 'a b' }] }, ['spec.list[0].name name']],
    [{ by: { x: { mode: 'B' } } }, ['spec.by.x port', 'spec.by.x.mode option']],
  ])('%j', (change, expected) => {
    expect(formFaults(SPECS, { ...FINE, ...change }).map((each) => `${each.field} ${each.code}`)).toEqual(expected)
  })
})
