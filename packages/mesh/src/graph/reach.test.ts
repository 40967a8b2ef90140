import type { KindId, KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { reachesCall, reachesNode, reachOf, type ReachedNode } from './reach.ts'

const object = (kind: KindId, spec: object, metadata: { name?: string; namespace?: string } = {}): KubeResource => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'one', namespace: 'shop', ...metadata },
  spec,
})
const reach = (kind: KindId, spec: object, metadata?: { name?: string; namespace?: string }) =>
  reachOf(kind, object(kind, spec, metadata))

const workload = (name: string, namespace = 'shop', version = 'v1'): ReachedNode => ({
  id: `workload:c1/${namespace}/${name}-${version}`,
  type: 'workload',
  name: `${name}-${version}`,
  namespace,
  app: name,
  version,
})
const [web, cart, orders] = [workload('web'), workload('cart'), workload('orders', 'backend')]
const gateway: ReachedNode = {
  ...workload('istio-ingressgateway', 'istio-system'),
  type: 'gateway',
  name: 'istio-ingressgateway',
}
const external: ReachedNode = { id: 'external:cdn.example.com', type: 'external', name: 'cdn.example.com' }

describe('whom an object of configuration concerns', () => {
  it('are the hosts of a VirtualService and where it sends them, by their full names', () => {
    const route = [{ destination: { host: 'cart' } }, { destination: { host: 'orders.backend.svc.cluster.local' } }]
    expect(reach('VirtualService', { hosts: ['web'], http: [{ route, mirror: { host: 'shadow' } }] })).toEqual({
      hosts: ['web', 'cart', 'orders.backend', 'shadow'].map((name) =>
        name.includes('.') ? `${name}.svc.cluster.local` : `${name}.shop.svc.cluster.local`,
      ),
    })
  })

  it('are only the destinations of one that a gateway alone reads', () => {
    const spec = { hosts: ['*'], gateways: ['shop'], tcp: [{ route: [{ destination: { host: 'cart' } }] }] }
    expect(reach('VirtualService', spec).hosts).toEqual(['cart.shop.svc.cluster.local'])
  })

  it('are services and backends of a route of the Gateway API', () => {
    const spec = {
      parentRefs: [{ kind: 'Service', name: 'web' }, { name: 'door' }],
      rules: [{ backendRefs: [{ name: 'cart' }] }],
    }
    expect(reach('HTTPRoute', spec).hosts).toEqual(['web.shop.svc.cluster.local', 'cart.shop.svc.cluster.local'])
  })

  it('is nobody for what no proxy reads, whatever it holds', () => {
    expect(reach('ReferenceGrant', { from: [] })).toEqual({ hosts: [] })
    expect(reach('VirtualService', { hosts: 'web', http: { route: 1 } })).toEqual({ hosts: [] })
  })
})

describe('a call is concerned', () => {
  it('by rules for its host, and for what the target is called where no host is told', () => {
    const rule = reach('DestinationRule', { host: 'cart' })
    expect(reachesCall(rule, { source: web, target: cart, host: 'cart.shop.svc.cluster.local' })).toBe(true)
    expect(reachesCall(rule, { source: web, target: cart })).toBe(true)
    expect(reachesCall(rule, { source: cart, target: web, host: 'web.shop.svc.cluster.local' })).toBe(false)
  })

  it('by a wildcard, and by an entry for a host outside', () => {
    expect(reachesCall(reach('ServiceEntry', { hosts: ['*.example.com'] }), { source: web, target: external })).toBe(
      true,
    )
    expect(reachesCall(reach('ServiceEntry', { hosts: ['*.example.org'] }), { source: web, target: external })).toBe(
      false,
    )
  })

  it('by policies that select its server, not by those of its client', () => {
    const policy = reach('AuthorizationPolicy', { selector: { matchLabels: { app: 'cart' } } })
    expect(reachesCall(policy, { source: web, target: cart })).toBe(true)
    expect(reachesCall(policy, { source: cart, target: web })).toBe(false)
    expect(reachesCall(policy, { source: web, target: workload('cart', 'other') })).toBe(false)
  })

  it('by the Sidecar of its client', () => {
    const scope = reach('Sidecar', { workloadSelector: { labels: { app: 'web', version: 'v1' } } })
    expect(reachesCall(scope, { source: web, target: cart })).toBe(true)
    expect(reachesCall(scope, { source: workload('web', 'shop', 'v2'), target: cart })).toBe(false)
    expect(reachesCall(scope, { source: cart, target: web })).toBe(false)
  })

  it('by what is for a whole namespace, and by what is for the mesh', () => {
    const own = reach('PeerAuthentication', { mtls: { mode: 'STRICT' } })
    const all = reach('PeerAuthentication', { mtls: { mode: 'STRICT' } }, { namespace: 'istio-system' })
    expect([own, all].map((each) => reachesCall(each, { source: web, target: cart }))).toEqual([true, true])
    expect([own, all].map((each) => reachesCall(each, { source: web, target: orders }))).toEqual([false, true])
  })

  it('by what its gateway is told', () => {
    const rule = reach('Gateway', { selector: { istio: 'ingressgateway' } })
    expect(reachesCall(rule, { source: gateway, target: web })).toBe(true)
    expect(reachesCall(rule, { source: web, target: cart })).toBe(false)
    const policy = reach('AuthorizationPolicy', {
      targetRefs: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'door' }],
    })
    const door: ReachedNode = {
      id: 'workload:c1/shop/door-istio',
      type: 'gateway',
      name: 'door-istio',
      namespace: 'shop',
    }
    expect(reachesNode(policy, door)).toBe(true)
    expect(reachesNode(policy, web)).toBe(false)
  })

  it('not by a selector of labels that metrics do not tell of', () => {
    const policy = reach('AuthorizationPolicy', { selector: { matchLabels: { team: 'checkout' } } })
    expect(reachesCall(policy, { source: web, target: cart })).toBe(false)
  })

  it('in the view of namespaces by what is in them', () => {
    const namespace = (name: string): ReachedNode => ({
      id: `namespace:c1/${name}`,
      type: 'namespace',
      name,
      namespace: name,
    })
    const [shop, backend] = [namespace('shop'), namespace('backend')]
    const policy = reach('AuthorizationPolicy', { selector: { matchLabels: { app: 'cart' } } })
    expect(reachesCall(policy, { source: backend, target: shop })).toBe(true)
    expect(reachesCall(reach('DestinationRule', { host: 'cart' }), { source: backend, target: shop })).toBe(true)
    expect(reachesCall(reach('DestinationRule', { host: 'cart' }), { source: shop, target: backend })).toBe(false)
  })
})

it('a node has the rules of the hosts that are given for it', () => {
  const rule = reach('VirtualService', { hosts: ['reviews'] })
  expect(reachesNode(rule, cart)).toBe(false)
  expect(reachesNode(rule, cart, ['reviews.shop.svc.cluster.local'])).toBe(true)
})
