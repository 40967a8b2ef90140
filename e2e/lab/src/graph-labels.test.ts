import { describe, expect, it } from 'vitest'
import { findWorkload, labelsOf, type Reporter } from './graph-labels.ts'
import type { GraphEdge } from './graph.ts'
import { shop } from './graphs/shop.ts'

const edge = (from: string, to: string): GraphEdge => {
  const found = shop.edges.find((one) => one.from === from && JSON.stringify(one.to).includes(`"${to}"`))
  if (!found) throw new Error(`no edge ${from} → ${to}`)
  return found
}
const labels = (from: string, to: string, reporter: Reporter) => labelsOf(shop, edge(from, to), 'alpha', reporter)

describe('labels of a call', () => {
  it('name both ends and their identities when both have a proxy', () => {
    expect(labels('shop/cart', 'backend/checkout', 'destination')).toEqual({
      reporter: 'destination',
      source_workload: 'cart',
      source_workload_namespace: 'shop',
      source_principal: 'spiffe://cluster.local/ns/shop/sa/cart',
      source_app: 'cart',
      source_version: 'v1',
      source_cluster: 'alpha',
      source_canonical_service: 'cart',
      source_canonical_revision: 'v1',
      destination_workload: 'checkout',
      destination_workload_namespace: 'backend',
      destination_principal: 'spiffe://cluster.local/ns/backend/sa/checkout',
      destination_app: 'checkout',
      destination_version: 'v1',
      destination_cluster: 'alpha',
      destination_canonical_service: 'checkout',
      destination_canonical_revision: 'v1',
      destination_service: 'checkout.backend.svc.cluster.local',
      destination_service_name: 'checkout',
      destination_service_namespace: 'backend',
      request_protocol: 'http',
      connection_security_policy: 'mutual_tls',
    })
  })

  it('say nothing of mTLS at the source, as Istio’s do', () => {
    expect(labels('shop/cart', 'backend/checkout', 'source')['connection_security_policy']).toBe('unknown')
  })

  it('do not know a caller without a proxy', () => {
    expect(labels('legacy/batch', 'backend/orders', 'destination')).toMatchObject({
      source_workload: 'unknown',
      source_principal: 'unknown',
      source_cluster: 'unknown',
      connection_security_policy: 'none',
    })
  })

  it('tell a declared host outside from an undeclared one', () => {
    expect(labels('backend/payment', 'api.bank.example', 'source')).toMatchObject({
      destination_service: 'api.bank.example',
      destination_service_namespace: 'backend',
      destination_workload: 'unknown',
    })
    expect(labels('backend/payment', 'undeclared', 'source')).toMatchObject({
      destination_service: 'PassthroughCluster',
      destination_service_namespace: 'unknown',
    })
  })
})

it('a workload has a proxy by injection, or by being a gateway of Istio’s own', () => {
  const proxies = ['shop/cart', 'legacy/batch', 'istio-system/istio-ingressgateway'].map(
    (key) => findWorkload(shop, key).hasProxy,
  )
  expect(proxies).toEqual([true, false, true])
  expect(() => findWorkload(shop, 'shop/nobody')).toThrow('no workload shop/nobody')
})
