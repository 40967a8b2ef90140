import { expect, it } from 'vitest'
import { isRecord } from '../json.ts'
import { gatewayApiCrds, istioCrds } from './builtin-data.ts'
import { canEvaluate, checkRules } from './cel-rules.ts'

function rulesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) rulesIn(item, found)
  else if (isRecord(value)) {
    const rules = value['x-kubernetes-validations']
    if (Array.isArray(rules)) for (const rule of rules) if (isRecord(rule)) found.add(String(rule['rule']))
    for (const item of Object.values(value)) rulesIn(item, found)
  }
  return found
}

it('understands every rule of Istio and of Gateway API', () => {
  const rules = [...rulesIn([...istioCrds(), ...gatewayApiCrds()])]
  expect(rules.length).toBeGreaterThan(50)
  expect(rules.filter((rule) => !canEvaluate(rule))).toEqual([])
})

it('asks about a transition only when there was something before', () => {
  const schema = { 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }] }
  expect(checkRules(schema, 'b', undefined, 'spec.namespace')).toEqual([])
  expect(checkRules(schema, 'b', 'a', 'spec.namespace')).toEqual([
    {
      field: 'spec.namespace',
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "b": Value is immutable',
    },
  ])
})

it('counts integers as CEL does', () => {
  const schema = { 'x-kubernetes-validations': [{ rule: 'self.min <= self.max && size(self.list) < 3' }] }
  expect(checkRules(schema, { min: 1, max: 2, list: [1] }, undefined, '')).toEqual([])
  expect(checkRules(schema, { min: 3, max: 2, list: [1] }, undefined, 'spec')).toHaveLength(1)
})

it('asks for a field of an item of a list', () => {
  const rule = "size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'Exact'"
  const schema = { 'x-kubernetes-validations': [{ rule }] }
  expect(checkRules(schema, { matches: [{}] }, undefined, '')).toEqual([])
  expect(checkRules(schema, { matches: [{ path: { type: 'Prefix' } }] }, undefined, '')).toEqual([])
  expect(checkRules(schema, { matches: [{ path: { type: 'Exact' } }] }, undefined, 'spec')).toHaveLength(1)
})

it('adds up what a map holds', () => {
  const schema = { 'x-kubernetes-validations': [{ rule: 'self.map(place, self[place]).sum() == 100' }] }
  expect(checkRules(schema, { 'east/*': 80, west: 20 }, undefined, '')).toEqual([])
  expect(checkRules(schema, { 'east/*': 80, west: 19 }, undefined, 'to')).toHaveLength(1)
})
