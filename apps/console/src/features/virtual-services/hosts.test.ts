import { describe, expect, it } from 'vitest'
import { fullHost, hostsOverlap, isHostOrAddress, isKnownHost, isWildcardDomain } from './hosts.ts'

describe('hosts', () => {
  it('are services of the rule’s own namespace when they have no dot', () => {
    expect(fullHost('web', 'shop')).toBe('web.shop.svc.cluster.local')
    expect(fullHost('web.other.svc.cluster.local', 'shop')).toBe('web.other.svc.cluster.local')
    expect(fullHost('api.example.com', 'shop')).toBe('api.example.com')
  })

  it('are known by their full name, or through a wildcard', () => {
    const known = new Set(['web.shop.svc.cluster.local', '*.example.com'])
    expect(isKnownHost('web.shop.svc.cluster.local', known)).toBe(true)
    expect(isKnownHost('api.example.com', known)).toBe(true)
    expect(isKnownHost('example.com', known)).toBe(false)
    expect(isKnownHost('web.other.svc.cluster.local', known)).toBe(false)
  })

  it.each(['web', 'web.shop', '*', '*.com', '*-a.com', 'A.b', 'a.b.'])('may be %s', (host) => {
    expect(isWildcardDomain(host)).toBe(true)
  })

  it.each(['', '-a', 'a_b', 'a.*', 'a..b', 'a b', 'x.1', `${'a'.repeat(64)}.b`])('may not be “%s”', (host) => {
    expect(isWildcardDomain(host)).toBe(false)
  })

  it('may be an address in a virtual service', () => {
    expect(isHostOrAddress('10.0.0.1')).toBe(true)
    expect(isHostOrAddress('fd00::1')).toBe(true)
  })

  it('overlap through wildcards', () => {
    expect(hostsOverlap('*.foo.com', '*.com')).toBe(true)
    expect(hostsOverlap('*.foo.com', 'a.foo.com')).toBe(true)
    expect(hostsOverlap('*.foo.com', 'a.bar.com')).toBe(false)
    expect(hostsOverlap('web', 'web2')).toBe(false)
  })
})
