import { expect, it } from 'vitest'
import { pruneObject } from './prune-object.ts'
import type { Schema, SchemaSource } from './schema.ts'

it('keeps the metadata of a custom resource whose schema restricts its name', () => {
  const source: SchemaSource = { resolve: (schema) => schema }
  const schema: Schema = {
    type: 'object',
    properties: { metadata: { type: 'object', properties: { name: { type: 'string' } } }, spec: { type: 'object' } },
  }
  const object = { metadata: { name: 'a', annotations: { b: 'c' }, unheard: 1 }, spec: {} }
  const { value, unknown } = pruneObject(schema, object, source)
  expect(value).toEqual(object)
  expect(unknown).toEqual(['metadata.unheard'])
})
