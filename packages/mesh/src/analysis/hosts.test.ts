import { describe, expect, it } from 'vitest'
import { fullHost, hostsOverlap } from './hosts.ts'

describe('hosts', () => {
  it('are services of the rule’s own namespace when they have no dot', () => {
    expect(fullHost('web', 'shop')).toBe('web.shop.svc.cluster.local')
    expect(fullHost('web.other.svc.cluster.local', 'shop')).toBe('web.other.svc.cluster.local')
    expect(fullHost('api.example.com', 'shop')).toBe('api.example.com')
  })

  it('overlap through wildcards', () => {
    expect(hostsOverlap('*.foo.com', '*.com')).toBe(true)
    expect(hostsOverlap('*.foo.com', 'a.foo.com')).toBe(true)
    expect(hostsOverlap('*.foo.com', 'a.bar.com')).toBe(false)
    expect(hostsOverlap('web', 'web2')).toBe(false)
  })
})
