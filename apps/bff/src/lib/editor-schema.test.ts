import { kindOf } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { editorSchema } from './editor-schema.ts'

const GVK = (group: string, version: string, kind: string) => ({
  'x-kubernetes-group-version-kind': [{ group, version, kind }],
})

describe('the schema for an editor', () => {
  it('follows references, also those beside a description, and not for ever', () => {
    const document = {
      components: {
        schemas: {
          other: { type: 'object', ...GVK('', 'v1', 'Pod') },
          service: {
            type: 'object',
            ...GVK('', 'v1', 'Service'),
            properties: {
              metadata: { allOf: [{ $ref: '#/components/schemas/meta' }], default: {} },
              spec: { allOf: [{ $ref: '#/components/schemas/spec' }], description: 'what it is' },
              status: { type: 'object' },
            },
          },
          meta: { type: 'object', properties: { name: { type: 'string' }, uid: { type: 'string' } } },
          spec: {
            type: 'object',
            properties: {
              self: { $ref: '#/components/schemas/spec' },
              port: { 'x-kubernetes-int-or-string': true, type: 'string' },
              free: { 'x-kubernetes-preserve-unknown-fields': true, type: 'object', properties: { a: {} } },
              lost: { $ref: '#/components/schemas/nowhere' },
              tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
            },
          },
        },
      },
    }
    const found = editorSchema(document, kindOf('Service'))
    expect(found).toMatchObject({
      properties: {
        metadata: { open: true, properties: { name: { type: 'string' } } },
        spec: { description: 'what it is', properties: { tags: { type: 'array', items: { type: 'string' } } } },
      },
    })
    const { properties } = found as { properties: Record<string, { properties: Record<string, unknown> }> }
    expect(Object.keys(properties)).toEqual(['spec', 'metadata'])
    expect(properties['spec']?.properties).toMatchObject({ port: {}, free: {}, lost: {} })
    expect(JSON.stringify(found)).not.toContain('x-kubernetes')
  })

  it('is none where the kind is not published, or the document is nonsense', () => {
    for (const document of [{}, [], 'a', { components: { schemas: { a: 1 } } }])
      expect(editorSchema(document, kindOf('Service'))).toBeUndefined()
  })
})
