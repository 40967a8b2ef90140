import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { destinationRule, httpRoute, service, to, virtualService } from '../analysis/corpus/objects.ts'
import { after, newFindings, notes, problems, reviews, worldOf } from './testing.ts'
import { shareOf } from './traffic.ts'

const parentRefs = [{ group: '', kind: 'Service', name: 'reviews' }]
const ref = (name: string, weight?: number): object => ({
  group: '',
  kind: 'Service',
  name,
  port: 9080,
  ...(weight === undefined ? {} : { weight }),
})
/** As the API server completes it: a rule that asks for nothing gets the path `/`. */
const anything = [{ path: { type: 'PathPrefix', value: '/' } }]
const admin = { matches: [{ path: { type: 'PathPrefix', value: '/admin' } }], backendRefs: [ref('reviews', 1)] }
const main = { matches: anything, filters: [], backendRefs: [ref('reviews', 1)] }
const route = httpRoute('reviews', { parentRefs, rules: [admin, main] }, { creationTimestamp: '2026-01-02T00:00:00Z' })
const ofVersion = (version: string): KubeResource =>
  service(`reviews-${version}`, [{ name: 'http', port: 9080 }], { selector: { app: 'reviews', version } })
const rulesOf = (made: readonly KubeResource[]): unknown => Object(made.at(-1)?.spec).rules
const half = { shares: 'v1=50,v2=50' }

describe('wizards of traffic, where the Gateway API governs a service', () => {
  it('split by services of the versions, which are made where there are none', () => {
    const made = after('split', half, [route])
    expect(made.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Service reviews-v1',
      'Service reviews-v2',
      'HTTPRoute reviews',
    ])
    expect(made[0]?.spec).toEqual({
      selector: { app: 'reviews', version: 'v1' },
      ports: [{ name: 'http', port: 9080 }],
    })
    expect(rulesOf(made)).toEqual([admin, { ...main, backendRefs: [ref('reviews-v1', 50), ref('reviews-v2', 50)] }])
    expect(newFindings([route], made)).toEqual([])
    expect(notes('split', half, [route])).toEqual(['governs', 'versionServices'])
    expect(shareOf(worldOf(made), reviews, 'v2')).toBe(50)
    expect(after('split', half, made)).toEqual([])
    expect(after('split', half, [route, ofVersion('v1')]).map(({ kind }) => kind)).toEqual(['Service', 'HTTPRoute'])
  })

  it('take a canary to its end, with testers on the way', () => {
    const services = [ofVersion('v1'), ofVersion('v2')]
    const answers = { stable: 'v1', canary: 'v2', share: '10', header: 'x-tester', value: 'yes' }
    const first = after('canary', answers, [route, ...services])
    const testers = {
      name: 'canary-testers',
      matches: [{ headers: [{ name: 'x-tester', type: 'Exact', value: 'yes' }] }],
      backendRefs: [ref('reviews-v2', 1)],
    }
    const shared = { ...main, backendRefs: [ref('reviews-v1', 90), ref('reviews-v2', 10)] }
    expect(rulesOf(first)).toEqual([testers, admin, shared])
    const done = after('canary', { ...answers, share: '100' }, [...services, ...first])
    expect(rulesOf(done)).toEqual([admin, { ...main, backendRefs: [ref('reviews-v2', 100)] }])
    // Where rules have no names, the testers' is known by what it does.
    const nameless = after('canary', answers, [route, ...services], { knows: () => false })
    const { name: _name, ...unnamed } = testers
    expect(rulesOf(nameless)).toEqual([unnamed, admin, shared])
    expect(rulesOf(after('canary', { ...answers, share: '100' }, [...services, ...nameless]))).toEqual(rulesOf(done))
  })

  it('mirror and limit in rules, as far as the cluster knows the fields', () => {
    const mirrored = after('mirror', { version: 'v2', percentage: '20' }, [route, ofVersion('v2')])
    const filter = { type: 'RequestMirror', requestMirror: { backendRef: ref('reviews-v2'), percent: 20 } }
    expect(rulesOf(mirrored)).toEqual([admin, { ...main, filters: [filter] }])
    const answers = { timeout: '1.5s', perTryTimeout: '500ms', attempts: '2', retryOn: 'gateway-error,reset,429' }
    const limits = {
      timeouts: { request: '1s500ms', backendRequest: '500ms' },
      retry: { attempts: 2, codes: [502, 503, 504, 429] },
    }
    expect(rulesOf(after('timeout', answers, [route]))).toEqual([
      { ...admin, ...limits },
      { ...main, ...limits },
    ])
    const withoutRetries = after('timeout', answers, [route], { knows: () => false })
    expect(rulesOf(withoutRetries)).toMatchObject([{ timeouts: limits.timeouts }, { timeouts: limits.timeouts }])
    expect(JSON.stringify(withoutRetries)).not.toContain('retry')
    expect(notes('timeout', answers, [route], { knows: () => false })).toContain('noRetries')
    expect(problems('fault', { kind: 'delay', delay: '1s', percentage: '5' }, reviews, [route])).toEqual([
      'service notInGatewayApi',
    ])
  })

  it('break circuits of the services that requests are sent to', () => {
    const split = after('split', half, [route])
    const made = after('breaker', { maxConnections: '10' }, split)
    expect(made.map(({ spec }) => Object(spec).host)).toEqual(['reviews-v1', 'reviews-v2'])
    expect(notes('breaker', { maxConnections: '10' }, split)).toContain('backends')
  })

  it('go by the older of two that govern, and say that there are two', () => {
    const older = virtualService(
      'old',
      { hosts: ['reviews'], http: [{ route: [to('reviews')] }] },
      { creationTimestamp: '2026-01-01T00:00:00Z' },
    )
    const subsets = destinationRule('rules', {
      host: 'reviews',
      subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
    })
    expect(after('split', half, [route, older, subsets]).map(({ kind }) => kind)).toEqual(['VirtualService'])
    expect(notes('split', half, [route, older, subsets])).toEqual(['governs', 'bothGovern'])
    const edge = httpRoute('reviews', { parentRefs: [...parentRefs, { name: 'edge' }], rules: [main] })
    expect(notes('split', half, [edge])).toEqual(['governs', 'alsoAtEdge', 'versionServices'])
    const elsewhere = httpRoute('reviews', { parentRefs, rules: [main] }, { namespace: 'other' })
    expect(notes('split', half, [elsewhere, subsets])).toEqual([])
  })
})

describe('wizards in ambient mode', () => {
  const ambient = { ...reviews, namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' } }
  const behind = { ...ambient, namespaceLabels: { ...ambient.namespaceLabels, 'istio.io/use-waypoint': 'gate' } }

  it('say whether a waypoint is there that obeys', () => {
    expect(notes('split', half, [], { service: ambient })).toEqual(['needsWaypoint'])
    expect(notes('split', half, [], { service: behind })).toEqual(['waypoint'])
    expect(notes('split', half, [], { service: { ...behind, labels: { 'istio.io/use-waypoint': 'none' } } })).toEqual([
      'needsWaypoint',
    ])
  })

  it('attach policies to the service where callers are known at its waypoint alone', () => {
    const answers = { principals: 'cluster.local/ns/shop/sa/front' }
    expect(notes('allow', answers, [], { service: ambient })).toEqual([])
    expect(notes('allow', { ...answers, methods: 'GET' }, [], { service: ambient })).toEqual(['needsWaypoint'])
    const made = after('allow', answers, [], { service: behind })
    expect(made).toMatchObject([{ spec: { targetRefs: [{ group: '', kind: 'Service', name: 'reviews' }] } }])
    expect(Object(made[0]?.spec).selector).toBeUndefined()
    const again = after('allow', { namespaces: 'jobs' }, made, { service: behind })
    expect(again.map(({ metadata }) => metadata.name)).toEqual(['allow-reviews'])
  })
})
