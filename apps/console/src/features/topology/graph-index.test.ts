import { parseExpression } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { CART, MYSQL, WEB, BANK, edge, node, shopTopology } from './fixtures.ts'
import { findInGraph, indexGraph, serviceOfHost, servicesOf } from './graph-index.ts'

describe('findInGraph', () => {
  const graph = indexGraph(shopTopology())

  it('finds nothing to look for in an empty text', () => {
    expect(findInGraph(graph, parseExpression('  '))).toBeUndefined()
  })

  it('finds nodes by a part of the name, whatever the case, with the edges that touch them', () => {
    const found = findInGraph(graph, parseExpression('CAR'))
    expect([...(found?.nodes ?? [])]).toEqual([CART])
    expect(found?.edges.size).toBe(3)
  })

  it('finds by namespace, and by namespace and name', () => {
    expect([...(findInGraph(graph, parseExpression('backend'))?.nodes ?? [])]).toEqual([MYSQL])
    expect([...(findInGraph(graph, parseExpression('shop/web'))?.nodes ?? [])]).toEqual([WEB])
  })

  it('finds an edge by the host that was called', () => {
    const found = findInGraph(graph, parseExpression('cart.shop.svc'))
    expect(found?.nodes.size).toBe(0)
    expect([...(found?.edges ?? [])]).toEqual([`${WEB}->${CART}:http`])
  })
})

describe('services', () => {
  it('reads a service out of a host of the cluster', () => {
    expect(serviceOfHost('cart.shop.svc.cluster.local')).toEqual({ name: 'cart', namespace: 'shop' })
    expect(serviceOfHost('cart.shop.svc')).toEqual({ name: 'cart', namespace: 'shop' })
    expect(serviceOfHost('api.bank.example')).toBeUndefined()
    expect(serviceOfHost(undefined)).toBeUndefined()
  })

  it('names those through which a workload was called, each once', () => {
    const inbound = ['cart.shop.svc.cluster.local', 'cart.shop.svc.cluster.local', 'basket.shop.svc.cluster.local'].map(
      (host) => edge(WEB, CART, { host }),
    )
    expect(servicesOf(node(CART), inbound).map(({ name }) => name)).toEqual(['basket', 'cart'])
    expect(servicesOf(node('service:alpha/shop/cart', { type: 'service' }), [])).toEqual([
      { namespace: 'shop', name: 'cart' },
    ])
    expect(servicesOf(node(BANK), [])).toEqual([])
  })
})
