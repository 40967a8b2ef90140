import { describe, expect, it } from 'vitest'
import { identityOf, isTrusted, namesOf } from './trust-domains.ts'

describe('the names of a caller', () => {
  it('are those in all trust domains of the mesh, and the one that means the own', () => {
    expect(namesOf('corp/ns/shop/sa/front', ['corp', 'old'])).toEqual([
      'corp/ns/shop/sa/front',
      'old/ns/shop/sa/front',
      'cluster.local/ns/shop/sa/front',
    ])
    expect(namesOf('else/ns/shop/sa/front', ['corp'])).toEqual(['else/ns/shop/sa/front'])
    expect(namesOf('front', ['corp'])).toEqual(['front'])
  })

  it('are trusted by domain', () => {
    const trusted = ['corp', 'cluster.local', '*.corp', 'else'].map((domain) => isTrusted(domain, ['corp']))
    expect(trusted).toEqual([true, true, true, false])
    expect(identityOf('spiffe://corp/ns/shop/sa/front')).toEqual({
      domain: 'corp',
      namespace: 'shop',
      account: 'front',
    })
  })
})
