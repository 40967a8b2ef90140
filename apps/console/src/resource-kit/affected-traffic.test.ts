import type { Topology } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { affectedTraffic, hasTraffic } from './affected-traffic.ts'

const node = (id: string, name: string, namespace: string, requestRate: number): Topology['nodes'][number] => ({
  id,
  type: 'service',
  name,
  namespace,
  health: 'healthy',
  idle: false,
  inbound: { requestRate, bytesRate: 0, ...(requestRate > 0 ? { errorRate: 0.1 } : {}) },
  outbound: { requestRate: 0, bytesRate: 0 },
})
// The boundary: only what is read of an edge.
const edge = (source: string, target: string, requestRate: number) =>
  ({ source, target, requestRate }) as Topology['edges'][number]
const topology = {
  nodes: [node('a', 'reviews', 'shop', 5), node('b', 'ratings', 'shop', 9), node('c', 'page', 'front', 0)],
  edges: [edge('c', 'a', 5), edge('a', 'b', 9), edge('c', 'b', 1)],
}
const object = (spec: object, namespace = 'shop'): KubeResource => ({
  apiVersion: 'x/v1',
  kind: 'X',
  metadata: { name: 'x', namespace },
  spec,
})

describe('affected traffic', () => {
  it('is that of the hosts that a rule names, also those that it sends to, with their callers', () => {
    const rule = object({ hosts: ['reviews'], http: [{ route: [{ destination: { host: 'ratings' } }] }] })
    expect(affectedTraffic('VirtualService', rule, topology)).toEqual([
      { name: 'ratings', namespace: 'shop', requestRate: 9, errorRate: 0.1, callers: ['reviews', 'page'] },
      { name: 'reviews', namespace: 'shop', requestRate: 5, errorRate: 0.1, callers: ['page'] },
    ])
  })

  it('is that of a pattern’s hosts, and of a namespace for policies', () => {
    const wide = object({ host: '*.shop.svc.cluster.local' }, 'other')
    expect(affectedTraffic('DestinationRule', wide, topology).map(({ name }) => name)).toEqual(['ratings', 'reviews'])
    expect(affectedTraffic('AuthorizationPolicy', object({}), topology)).toHaveLength(2)
    expect(affectedTraffic('AuthorizationPolicy', object({}, 'front'), topology)).toEqual([])
  })

  it('is that of the services alone that a selector can reach', () => {
    const services = [
      { namespace: 'shop', name: 'reviews', selector: { app: 'reviews' } },
      { namespace: 'shop', name: 'ratings', selector: { app: 'ratings' } },
    ]
    const policy = object({ selector: { matchLabels: { app: 'ratings', version: 'v1' } } })
    const of = (known: typeof services) =>
      affectedTraffic('AuthorizationPolicy', policy, topology, known).map(({ name }) => name)
    expect(of(services)).toEqual(['ratings'])
    expect(of(services.slice(1))).toEqual(['ratings', 'reviews'])
    expect(affectedTraffic('AuthorizationPolicy', object({}), topology, services)).toHaveLength(2)
  })

  it('stumbles over nothing', () => {
    expect(affectedTraffic('VirtualService', object({ hosts: 'text', http: [null] }), topology)).toEqual([])
    expect([hasTraffic('VirtualService'), hasTraffic('EnvoyFilter')]).toEqual([true, false])
  })
})
