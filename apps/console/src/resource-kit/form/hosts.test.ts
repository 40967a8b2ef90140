import { describe, expect, it } from 'vitest'
import { isHostOrAddress, isWildcardDomain } from './hosts.ts'

describe('hosts', () => {
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
})
