import { describe, expect, it } from 'vitest'
import { virtualServiceProblems } from './virtual-service-problems.ts'
import { toVirtualServiceView } from './virtual-service-view.ts'

const route = { route: [{ destination: { host: 'web' } }] }
const problems = (spec: Record<string, unknown>) =>
  virtualServiceProblems(
    toVirtualServiceView({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { hosts: ['web'], http: [route], ...spec },
    }),
  ).map(({ field, code, severity }) => `${field} ${code}${severity === 'warning' ? ' (warning)' : ''}`)
const routes = (...http: unknown[]) => problems({ http })

describe('problems of a virtual service', () => {
  it('are none in a plain one', () => {
    expect(problems({})).toEqual([])
    expect(problems({ gateways: ['mesh', 'shop', 'other/gw'] })).toEqual([])
  })

  it('are told of hosts', () => {
    expect(problems({ hosts: ['a_b', 'ok'] })).toEqual(['spec.hosts[0] badHost'])
    expect(problems({ hosts: ['*'] })).toEqual(['spec.hosts[0] anyHostInMesh'])
    expect(problems({ hosts: ['*'], gateways: ['shop'] })).toEqual([])
    expect(problems({ hosts: ['*.com', 'a.com'] })).toEqual(['spec.hosts[1] overlap'])
  })

  it('are told of a delegate with gateways', () => {
    expect(problems({ hosts: [], gateways: ['shop'] })).toEqual(['spec.gateways delegateGateways'])
    expect(problems({ hosts: [] })).toEqual([])
  })

  it('are told of gateways', () => {
    expect(problems({ gateways: ['a/b/c', '/x', 'UP', '*.a'] })).toEqual([
      'spec.gateways[0] badGateway',
      'spec.gateways[1] badGateway',
      'spec.gateways[3] badGateway',
    ])
  })

  it('are told of missing routes and destinations', () => {
    expect(problems({ http: [] })).toEqual(['spec.http noRoute'])
    expect(problems({ http: [], tcp: [{}] })).toEqual([])
    expect(routes({})).toEqual(['spec.http[0].route noDestination'])
    expect(routes({ redirect: { uri: '/' } })).toEqual([])
    expect(routes({ ...route, redirect: { uri: '/' } })).toEqual(['spec.http[0].route both'])
    expect(routes({ route: [{ destination: {} }] })).toEqual(['spec.http[0].route[0].destination.host noHost'])
    expect(routes({ route: [{ destination: { host: '*' } }] })).toEqual([
      'spec.http[0].route[0].destination.host badHost',
    ])
  })

  it('are told of weights: a sum of nothing is refused, one that is not 100 is doubtful', () => {
    const weighted = (...weights: unknown[]) =>
      routes({ route: weights.map((weight) => ({ destination: { host: 'web' }, weight })) })
    expect(weighted(90, 10)).toEqual([])
    expect(weighted(90, 20)).toEqual(['spec.http[0].route weightSum (warning)'])
    expect(weighted(0, 0)).toEqual(['spec.http[0].route zeroWeight'])
    expect(weighted(undefined, undefined)).toEqual(['spec.http[0].route zeroWeight'])
    expect(weighted(110, -10)).toEqual(['spec.http[0].route[1].weight negativeWeight'])
    expect(weighted(7)).toEqual([])
  })

  it('are told of timeouts and retries', () => {
    expect(routes({ ...route, timeout: '5x' })).toEqual(['spec.http[0].timeout notADuration'])
    expect(routes({ ...route, retries: { attempts: 3, perTryTimeout: '0s', retryOn: '5xx,503,sometimes' } })).toEqual([
      'spec.http[0].retries.perTryTimeout tooShort',
      'spec.http[0].retries.retryOn badRetryOn',
    ])
    expect(routes({ ...route, retries: { attempts: 0, retryOn: '5xx' } })).toEqual([
      'spec.http[0].retries.attempts zeroAttempts',
    ])
    expect(routes({ ...route, retries: { attempts: 0 } })).toEqual([])
  })

  it('are told of matches', () => {
    const match = (...matches: unknown[]) =>
      routes({ ...route, match: matches }).map((each) => each.replace('spec.http[0].match', ''))
    expect(match({ uri: { prefix: '' } }, { method: { prefix: '' } })).toEqual(['[1].method emptyText'])
    expect(match({ uri: { regex: '([' } })).toEqual(['[0].uri badRegex'])
    expect(match({ uri: { regex: 'a(?=b)' } }, { uri: { regex: String.raw`(a)\1` } })).toEqual([
      '[0].uri badRegex',
      '[1].uri badRegex',
    ])
    expect(match({ uri: { regex: String.raw`(?i)^/a(?P<n>\d+)\z` } }, { uri: { regex: '[[:alpha:]]+' } })).toEqual([])
    expect(match({ headers: { 'x a': { exact: 'b' }, 'x-ok': {} } })).toEqual(['[0].headers["x a"] badHeaderName'])
    expect(match({ withoutHeaders: { 'x-a': { regex: '*' } } })).toEqual([])
    expect(match({ port: 0 }, { port: 80 })).toEqual(['[0].port badPort'])
    expect(match({ sourceNamespace: 'a.b' })).toEqual(['[0].sourceNamespace badNamespace'])
  })
})

describe('toVirtualServiceView', () => {
  it('names what it does not show, and stumbles over nothing', () => {
    const view = toVirtualServiceView({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'web' },
      spec: {
        hosts: 'no list',
        tls: [],
        http: [
          null,
          {
            mirror: {},
            match: [{ statPrefix: 'x', uri: 'no map' }],
            retries: { backoff: '1s' },
            route: [{ headers: {}, destination: null }],
          },
        ],
      },
    })
    expect(view).toMatchObject({ hosts: [], others: ['tls'] })
    expect(view.routes[1]?.raw).toHaveProperty('mirror')
    expect(view.routes[1]).toMatchObject({
      matches: [{ others: ['statPrefix'], conditions: [{ field: 'uri', operator: 'present' }] }],
      retries: { others: ['backoff'] },
      destinations: [{ host: '', others: ['headers'] }],
    })
  })
})
