import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KINDS } from './kinds/index.ts'
import { HUB, parseResourceRef, printResourceRef, ResourceRefError, type ResourceRef } from './resource-ref.ts'

const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/)
const refs: fc.Arbitrary<ResourceRef> = fc
  .tuple(fc.oneof(label, fc.constant(HUB)), fc.constantFrom(...KINDS), label, label)
  .map(([cluster, kind, namespace, name]) =>
    kind.namespaced ? { cluster, kind: kind.id, namespace, name } : { cluster, kind: kind.id, name },
  )

describe('ResourceRef', () => {
  it('reads back what it printed, for every kind', () => {
    fc.assert(
      fc.property(refs, (ref) => {
        expect(parseResourceRef(printResourceRef(ref))).toEqual(ref)
      }),
    )
  })

  it('throws nothing but ResourceRefError on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseResourceRef(text)
        } catch (error) {
          expect(error).toBeInstanceOf(ResourceRefError)
        }
      }),
    )
  })

  it.each([
    ['alpha/virtual-services/shop', 'VirtualService needs a namespace and a name'],
    ['alpha/virtual-services/shop/..', '".." is not a valid name'],
    ['alpha/virtual-services/../x', '".." is not a valid namespace'],
    ['alpha/unicorns/shop/web', '"unicorns" is not a kind that Meshdeck knows'],
    ['-x/virtual-services/shop/web', '"-x" is not a cluster name'],
    ['alpha/namespaces/a/b', 'Namespace needs a name only'],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseResourceRef(text)).toThrow(message)
  })
})
