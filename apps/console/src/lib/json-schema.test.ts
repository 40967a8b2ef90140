import { describe, expect, it } from 'vitest'
import { schemaAt, schemaFaults, type JsonSchema } from './json-schema.ts'

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: {
    metadata: { type: 'object', open: true, properties: { name: { type: 'string' } } },
    spec: {
      type: 'object',
      required: ['host'],
      properties: {
        host: { type: 'string' },
        mode: { type: 'string', enum: ['SIMPLE', 'MUTUAL'] },
        weight: { type: 'integer' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        ports: { type: 'array', items: { type: 'object', properties: { number: { type: 'integer' } } } },
        anything: {},
      },
    },
  },
}

describe('a schema', () => {
  it('is found by a path', () => {
    expect(schemaAt(SCHEMA, ['spec', 'ports', '[]', 'number'])).toEqual({ type: 'integer' })
    expect(schemaAt(SCHEMA, ['spec', 'labels', 'app'])).toEqual({ type: 'string' })
    expect(schemaAt(SCHEMA, ['spec', 'constructor'])).toBeUndefined()
    expect(schemaAt(SCHEMA, ['spec', 'anything', 'deep'])).toBeUndefined()
    expect(schemaAt(undefined, ['spec'])).toBeUndefined()
  })

  it('finds no fault with what fits, nor with what is not written yet', () => {
    expect(
      schemaFaults(
        {
          metadata: { name: 'a', finalizers: [] },
          spec: {
            host: 'a',
            mode: null,
            weight: 3,
            labels: { app: 'a' },
            ports: [{ number: 80 }],
            anything: { deep: [1, 'a'] },
          },
        },
        SCHEMA,
      ),
    ).toEqual([])
  })

  it('names fields that nobody knows, other types, other values, and what is missing', () => {
    const spec = { mode: 'SIMPEL', weight: '3', hots: 'a', labels: { app: 1 }, ports: [{ number: 80 }, { nubmer: 1 }] }
    expect(schemaFaults({ spec }, SCHEMA).map(({ path, code }) => `${code} ${path.join('.')}`)).toEqual([
      'value spec.mode',
      'type spec.weight',
      'unknown spec.hots',
      'type spec.labels.app',
      'unknown spec.ports.1.nubmer',
      'missing spec',
    ])
    expect(schemaFaults({ spec: [] }, SCHEMA)).toEqual([{ path: ['spec'], code: 'type', values: { type: 'object' } }])
  })
})
