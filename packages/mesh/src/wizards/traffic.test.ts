import { describe, expect, it } from 'vitest'
import { destinationRule, to, virtualService } from '../analysis/corpus/objects.ts'
import { after, problems, reviews, specs, worldOf } from './testing.ts'
import { shareOf } from './traffic.ts'
import { WIZARDS } from './wizards.ts'

/** Rules that somebody has written, with what no wizard knows of. */
const subsets = destinationRule('rules', {
  host: 'reviews',
  subsets: [{ name: 'old', labels: { version: 'v1' }, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }],
  trafficPolicy: { connectionPool: { tcp: { connectTimeout: '1s' } } },
})
const routes = virtualService('rules', {
  hosts: ['reviews'],
  exportTo: ['.'],
  http: [
    { name: 'admin', match: [{ uri: { prefix: '/admin' } }], route: [to('reviews', 'old')] },
    { name: 'main', timeout: '7s', headers: { request: { set: { 'x-kept': '1' } } }, route: [to('reviews', 'old')] },
  ],
})
/** Bound to a gateway alone: calls inside the mesh do not go by it. */
const atEdge = virtualService('reviews', {
  hosts: ['shop.example.com', 'reviews'],
  gateways: ['shop'],
  http: [{ route: [to('reviews')] }],
})

describe('wizards of traffic', () => {
  it('make rules where there are none, beside those that are about something else', () => {
    const made = after('split', { shares: 'v1=90,v2=10' }, [atEdge])
    expect(made.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'DestinationRule shop/reviews',
      'VirtualService shop/reviews-2',
    ])
    expect(made.map(({ spec }) => spec)).toEqual([
      {
        host: 'reviews',
        subsets: [
          { name: 'v1', labels: { version: 'v1' } },
          { name: 'v2', labels: { version: 'v2' } },
        ],
      },
      { hosts: ['reviews'], http: [{ route: [to('reviews', 'v1', 90), to('reviews', 'v2', 10)] }] },
    ])
  })

  it('extend the rules in force: a second one would not count, and what they do not know is kept', () => {
    const [rule, service] = after('split', { shares: 'v1=60,v2=40' }, [routes, subsets])
    expect(rule).toEqual({
      ...subsets,
      spec: {
        ...Object(subsets.spec),
        subsets: [Object(subsets.spec).subsets[0], { name: 'v2', labels: { version: 'v2' } }],
      },
    })
    const [admin, main] = Object(routes.spec).http
    expect(service).toEqual({
      ...routes,
      spec: {
        ...Object(routes.spec),
        http: [admin, { ...main, route: [to('reviews', 'old', 60), to('reviews', 'v2', 40)] }],
      },
    })
  })

  it('plan nothing when all is so already, and name subsets as DNS would', () => {
    const done = after('split', { shares: 'v1=60,v2=40' }, [routes, subsets])
    expect(after('split', { shares: 'v1=60,v2=40' }, done)).toEqual([])
    const [rule] = specs('split', { shares: 'V_1.2=50,v1-2=50' })
    expect(rule).toMatchObject({ subsets: [{ name: 'v-1-2' }, { name: 'v1-2' }] })
  })

  it('take a canary step by step to its end, with testers on the way', () => {
    const answers = { stable: 'v1', canary: 'v2', share: '10', header: 'x-tester', value: 'yes' }
    const first = after('canary', answers, [routes, subsets])
    expect(first[1]?.spec).toMatchObject({
      http: [
        { match: [{ headers: { 'x-tester': { exact: 'yes' } } }], route: [to('reviews', 'v2')] },
        { name: 'admin' },
        { name: 'main', timeout: '7s', route: [to('reviews', 'old', 90), to('reviews', 'v2', 10)] },
      ],
    })
    expect(shareOf(worldOf(first), reviews, 'v2')).toBe(10)
    const last = after('canary', { ...answers, share: '100' }, first)
    expect(last).toHaveLength(1)
    expect(last[0]?.spec).toMatchObject({ http: [{ name: 'admin' }, { name: 'main', route: [to('reviews', 'v2')] }] })
    expect(shareOf(worldOf([...first.slice(0, 1), ...last]), reviews, 'v2')).toBe(100)
    expect(shareOf(worldOf([]), reviews, 'v2')).toBeUndefined()
  })

  it('mirror, and inject faults for all, for some, or for none any more', () => {
    expect(specs('mirror', { version: 'v2', percentage: '5' })[1]).toMatchObject({
      http: [{ route: [to('reviews')], mirror: { host: 'reviews', subset: 'v2' }, mirrorPercentage: { value: 5 } }],
    })
    const delay = { kind: 'delay', delay: '5s', percentage: '10' }
    const forAll = after('fault', delay, [routes])
    const fault = { delay: { percentage: { value: 10 }, fixedDelay: '5s' } }
    expect(forAll[0]?.spec).toMatchObject({ http: [{ name: 'admin' }, { name: 'main', timeout: '7s', fault }] })
    const abort = { kind: 'abort', status: '503', percentage: '100', header: 'end-user', value: 'jason' }
    const forSome = after('fault', abort, forAll)
    const http = Object(forSome[0]?.spec).http
    expect(http).toMatchObject([
      {
        match: [{ headers: { 'end-user': { exact: 'jason' } } }],
        fault: { abort: { httpStatus: 503 } },
        route: [to('reviews', 'old')],
      },
      { name: 'admin' },
      { name: 'main' },
    ])
    expect(http[2]).not.toHaveProperty('fault')
    expect(after('fault', { kind: 'none' }, forSome)).toEqual([routes])
    expect(after('fault', { kind: 'none' })).toEqual([])
  })

  it('limit how long is waited and how much may wait, over what is set already', () => {
    const answers = { timeout: '3s', attempts: '2', perTryTimeout: '1s', retryOn: '5xx, reset' }
    const limits = { timeout: '3s', retries: { attempts: 2, perTryTimeout: '1s', retryOn: '5xx,reset' } }
    expect(specs('timeout', answers, [routes])).toMatchObject([{ http: [limits, { ...limits, name: 'main' }] }])
    const breaker = { maxConnections: '100', http2MaxRequests: '50', consecutive5xxErrors: '5', interval: '10s' }
    expect(specs('breaker', breaker, [subsets])).toEqual([
      {
        ...Object(subsets.spec),
        trafficPolicy: {
          connectionPool: { tcp: { connectTimeout: '1s', maxConnections: 100 }, http: { http2MaxRequests: 50 } },
          outlierDetection: { consecutive5xxErrors: 5, interval: '10s' },
        },
      },
    ])
  })

  it('say what is wrong with an answer, and then plan nothing', () => {
    expect(problems('split', { shares: 'v1=100' })).toEqual(['shares few'])
    expect(problems('split', { shares: 'v1=90,v2=20' })).toEqual(['shares sum'])
    expect(problems('canary', { stable: 'v1', canary: 'v1', share: '101' })).toEqual(['canary same', 'share range'])
    expect(problems('mirror', {})).toEqual(['version required', 'percentage required'])
    expect(problems('fault', { kind: 'delay', delay: 'soon', percentage: '1.5' })).toEqual([
      'percentage range',
      'delay duration',
    ])
    expect(problems('timeout', {})).toEqual(['timeout required'])
    expect(problems('breaker', { maxConnections: '0' })).toContain('maxConnections range')
    const noService = WIZARDS.split({ shares: 'v1=1,v2=99' }, { ...worldOf([]), service: undefined })
    expect(noService).toEqual({ changes: [], problems: [{ field: 'service', code: 'required' }] })
  })
})
