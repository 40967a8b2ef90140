import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { indexBadges, type BadgeSources } from './badges.ts'
import type { GraphNode } from './model.ts'

const NOTHING = { requestRate: 0, bytesRate: 0 }
const nodeOf = (id: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id,
  type: 'workload',
  cluster: 'c1',
  namespace: 'shop',
  name: id.split('/').at(-1) ?? id,
  health: 'healthy',
  idle: false,
  inbound: NOTHING,
  outbound: NOTHING,
  ...more,
})
const service = (name: string) => nodeOf(`service:c1/shop/${name}`, { type: 'service' })
const rule = (name: string, spec: unknown, namespace = 'shop'): KubeResource =>
  ({ apiVersion: 'networking.istio.io/v1', kind: 'Rule', metadata: { name, namespace }, spec }) as KubeResource
const sources = (more: Partial<BadgeSources>): BadgeSources => ({
  virtualServices: [],
  destinationRules: [],
  found: [],
  ...more,
})
const badges = (more: Partial<BadgeSources>, node: GraphNode, services: readonly string[] = []) =>
  indexBadges(sources(more))(node, [{ cluster: 'c1', namespace: 'shop', name: 'cart-v1', services }])

describe('indexBadges', () => {
  it('knows faults and mirrors of the host that a rule is for, by short and by full name', () => {
    const fault = rule('cart', { hosts: ['cart'], http: [{}, { fault: { abort: { httpStatus: 500 } } }] })
    const mirror = rule(
      'web',
      { hosts: ['web.shop.svc.cluster.local'], http: [{ mirrors: [{ destination: { host: 'x' } }] }] },
      'other',
    )
    const all = { virtualServices: [fault, mirror] }
    expect(badges(all, service('cart'))).toEqual(['rule', 'fault'])
    expect(badges(all, service('web'))).toEqual(['rule', 'mirror'])
    expect(badges(all, service('mysql'))).toEqual([])
  })

  it('knows circuit breakers, wherever in the rule they stand', () => {
    const specs = [
      { trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } },
      { subsets: [{ name: 'v1', trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } }] },
      { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, outlierDetection: { interval: '1s' } }] } },
    ]
    for (const spec of specs) {
      expect(badges({ destinationRules: [rule('cart', { host: 'cart', ...spec })] }, service('cart'))).toEqual([
        'rule',
        'breaker',
      ])
    }
    const plain = rule('cart', { host: 'cart', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } })
    expect(badges({ destinationRules: [plain] }, service('cart'))).toEqual(['rule'])
  })

  it('reaches workloads through the services that select them, and hosts outside by name or wildcard', () => {
    const rules = { destinationRules: [rule('all', { host: '*.example.com' }), rule('cart', { host: 'cart' })] }
    expect(badges(rules, nodeOf('workload:c1/shop/cart-v1'), ['cart'])).toEqual(['rule'])
    expect(badges(rules, nodeOf('workload:c1/shop/cart-v1'))).toEqual([])
    const { namespace: _namespace, ...outside } = nodeOf('external:api.example.com', {
      type: 'external',
      name: 'api.example.com',
    })
    expect(badges(rules, outside)).toEqual(['rule'])
  })

  it('marks findings of the rules and of the objects themselves', () => {
    const found = [
      { kind: 'DestinationRule', namespace: 'shop', name: 'cart' },
      { kind: 'Deployment', namespace: 'shop', name: 'cart-v1' },
      { kind: 'Service', namespace: 'shop', name: 'web' },
    ] as const
    const all = { destinationRules: [rule('cart', { host: 'cart' })], found }
    expect(badges(all, service('cart'))).toContain('finding')
    expect(indexBadges(sources({ found }))(service('web'), [])).toEqual(['finding'])
    expect(badges({ found }, nodeOf('workload:c1/shop/cart-v1'))).toEqual(['finding'])
    expect(indexBadges(sources({ found }))(nodeOf('workload:c1/shop/other'), [])).toEqual([])
  })

  it('survives objects of any shape', () => {
    const odd = [undefined, 'x', { hosts: 7 }, { hosts: ['cart'], http: 'x' }, { host: ['cart'], subsets: [null] }].map(
      (spec) => rule('odd', spec),
    )
    expect(badges({ virtualServices: odd, destinationRules: odd }, service('cart'))).toEqual(['rule'])
  })
})
