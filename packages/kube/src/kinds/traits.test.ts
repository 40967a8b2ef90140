import { describe, expect, it } from 'vitest'
import { traitsOf } from '../kind-definition.ts'
import { kindOf } from './index.ts'

describe('traits', () => {
  it('of a virtual service: where it applies, and what its routes do', () => {
    const of = (spec: unknown) => traitsOf(kindOf('VirtualService'), { spec })
    expect(of({ hosts: ['a'] })).toEqual(['mesh'])
    expect(of({ gateways: [], http: [] })).toEqual(['mesh'])
    expect(of({ gateways: ['edge'], tls: [{}] })).toEqual(['gateway', 'tlsRoute'])
    expect(
      of({ gateways: ['mesh', 'edge'], http: [{ timeout: '1s' }, { mirrors: [{ destination: {} }], fault: {} }] }),
    ).toEqual(['mesh', 'gateway', 'httpRoute', 'timeout', 'fault', 'mirror'])
  })

  it('of a destination rule: in all of it, a port, a subset, or a port of a subset', () => {
    const of = (spec: unknown) => traitsOf(kindOf('DestinationRule'), { spec })
    expect(of({ trafficPolicy: { loadBalancer: { localityLbSetting: {} } } })).toEqual(['loadBalancer', 'localityLb'])
    expect(of({ trafficPolicy: { portLevelSettings: [{ connectionPool: { tcp: {} } }] } })).toEqual(['tcpPool'])
    expect(of({ subsets: [{ trafficPolicy: { portLevelSettings: [{ tls: {} }] } }] })).toEqual(['subsets', 'clientTls'])
  })

  it('of anything else: none', () => {
    expect(traitsOf(kindOf('Pod'), { spec: { http: [{}] } })).toEqual([])
    expect(traitsOf(kindOf('DestinationRule'), 'nonsense')).toEqual([])
  })
})
