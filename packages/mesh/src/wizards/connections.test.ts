import { describe, expect, it } from 'vitest'
import { destinationRule, to, virtualService } from '../analysis/corpus/objects.ts'
import { after, newFindings, notes, problems, reviews, specs, worldOf } from './testing.ts'
import { shareOf, streamChoices } from './traffic.ts'

const subsets = destinationRule('rules', {
  host: 'reviews',
  subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
})
const speaking = (protocol: string) => ({ ...reviews, ports: [{ port: 9080, name: protocol, protocol }] })
const half = { shares: 'v1=50,v2=50' }
const halves = [to('reviews', 'v1', 50), to('reviews', 'v2', 50)]
const of = (routes: object) => virtualService('rules', { hosts: ['reviews'], ...routes })

describe('wizards of traffic, where it is no HTTP', () => {
  it('split connections of TCP and TLS, the latter by the name that clients ask for', () => {
    expect(specs('split', half, [subsets], { service: speaking('mysql') })).toEqual([
      { hosts: ['reviews'], tcp: [{ route: halves }] },
    ])
    const host = 'reviews.shop.svc.cluster.local'
    const made = after('split', half, [subsets], { service: speaking('tls') })
    expect(made[0]?.spec).toEqual({
      hosts: [host],
      tls: [{ match: [{ port: 9080, sniHosts: [host] }], route: halves }],
    })
    expect(shareOf(worldOf([subsets, ...made]), speaking('tls'), 'v2')).toBe(50)
    expect(newFindings([subsets], made)).toEqual([])
  })

  it('change the routes that send to the service, and leave those of others', () => {
    const other = { match: [{ port: 9081 }], route: [to('ratings')] }
    const match = [{ port: 9080, sniHosts: ['reviews'] }]
    const tcp = of({ tcp: [other, { route: [to('reviews', 'v1')] }] })
    const tls = of({ tls: [{ match, route: [to('reviews', 'v1')] }] })
    expect(specs('split', half, [subsets, tcp], { service: speaking('tcp') })).toEqual([
      { hosts: ['reviews'], tcp: [other, { route: halves }] },
    ])
    const canary = { stable: 'v1', canary: 'v2', share: '25', header: 'x-tester' }
    expect(specs('canary', canary, [subsets, tls], { service: speaking('https') })).toEqual([
      { hosts: ['reviews'], tls: [{ match, route: [to('reviews', 'v1', 75), to('reviews', 'v2', 25)] }] },
    ])
  })

  it('say which of several kinds of routes they change, and change the one that is asked for', () => {
    const mixed = of({
      http: [{ route: [to('reviews', 'v1')] }],
      tcp: [{ match: [{ port: 9081 }], route: [to('reviews', 'v1')] }],
    })
    expect(streamChoices(worldOf([mixed]))).toEqual(['http', 'tcp'])
    expect(notes('split', half, [subsets, mixed])).toEqual(['governs', 'severalStreams'])
    expect(specs('split', half, [subsets, mixed])).toMatchObject([{ http: [{ route: halves }] }])
    expect(specs('split', { ...half, stream: 'tcp' }, [subsets, mixed])).toEqual([
      {
        hosts: ['reviews'],
        http: [{ route: [to('reviews', 'v1')] }],
        tcp: [{ match: [{ port: 9081 }], route: halves }],
      },
    ])
    expect(notes('mirror', { version: 'v2', percentage: '5' }, [subsets, mixed])).toContain('severalStreams')
  })

  it('say of a service without HTTP what cannot be done with it', () => {
    for (const [wizard, answers] of [
      ['mirror', { version: 'v2', percentage: '5' }],
      ['fault', { kind: 'delay', delay: '1s', percentage: '5' }],
      ['timeout', { timeout: '1s' }],
    ] as const)
      expect(problems(wizard, answers, speaking('redis'))).toEqual(['service notHttp'])
    const others = of({ tls: [{ match: [{ sniHosts: ['reviews'] }], route: [to('ratings')] }] })
    expect(problems('split', half, speaking('tls'), [others])).toEqual(['service noTlsRoute'])
  })

  it('fail calls of gRPC with a status of its own', () => {
    const answers = { kind: 'grpc', grpcStatus: 'UNAVAILABLE', percentage: '10' }
    expect(specs('fault', answers, [], { service: speaking('grpc') })).toMatchObject([
      { http: [{ fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 10 } } } }] },
    ])
    expect(problems('fault', { ...answers, grpcStatus: '' })).toEqual(['grpcStatus required'])
  })
})

describe('wizards of traffic, where routes are handed on', () => {
  const root = virtualService('root', {
    hosts: ['reviews'],
    http: [
      { match: [{ uri: { prefix: '/admin' } }], delegate: { name: 'admin', namespace: 'shop' } },
      { delegate: { name: 'main' } },
    ],
  })
  const main = virtualService('main', { http: [{ route: [to('reviews', 'v1')] }] })
  const admin = virtualService('admin', {
    http: [{ fault: { abort: { httpStatus: 503 } }, route: [to('reviews', 'v1')] }],
  })
  const all = [subsets, root, main, admin]

  it('change the one where the route lives, and say so', () => {
    const made = after('split', half, all)
    expect(made).toEqual([{ ...main, spec: { http: [{ route: halves }] } }])
    expect(notes('split', half, all)).toEqual(['governs', 'delegate'])
    expect(newFindings(all, made)).toEqual([])
    expect(shareOf(worldOf([subsets, root, admin, ...made]), reviews, 'v2')).toBe(50)
    const other = virtualService('other', { hosts: ['other'], http: [{ delegate: { name: 'main' } }] })
    expect(notes('split', half, [...all, other])).toContain('sharedDelegate')
    expect(problems('split', half, reviews, [subsets, root, admin])).toEqual(['service noDelegate'])
  })

  it('limit and clean all of them', () => {
    const limited = after('timeout', { timeout: '3s' }, all)
    expect(limited.map(({ metadata, spec }) => [metadata.name, spec])).toMatchObject([
      ['main', { http: [{ timeout: '3s', route: [to('reviews', 'v1')] }] }],
      ['admin', { http: [{ timeout: '3s' }] }],
    ])
    expect(after('fault', { kind: 'none' }, all)).toEqual([
      { ...admin, spec: { http: [{ route: [to('reviews', 'v1')] }] } },
    ])
  })
})
