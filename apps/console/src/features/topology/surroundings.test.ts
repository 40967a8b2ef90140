import { expect, it } from 'vitest'
import { edge, node, shopTopology } from './fixtures.ts'
import { nodesOfService, surroundingsOf } from './surroundings.ts'

const [WEB, CART, FAR, OTHER] = [
  'service:alpha/shop/web',
  'service:alpha/shop/cart',
  'service:beta/shop/cart',
  'service:alpha/shop/other',
] as const
const topology = shopTopology({
  nodes: [WEB, CART, FAR, OTHER, 'service:beta/shop/mail'].map((id) => node(id, { type: 'service' })),
  edges: [edge(WEB, CART), edge(FAR, 'service:beta/shop/mail'), edge(OTHER, WEB)],
})

it('finds a service in each cluster that has it', () => {
  expect(nodesOfService(topology, { namespace: 'shop', name: 'cart' })).toEqual([CART, FAR])
  expect(nodesOfService(topology, { namespace: 'bank', name: 'cart' })).toEqual([])
})

it('shows what is around it in all of them, and nothing of what is farther away', () => {
  const { nodes, edges } = surroundingsOf(topology, [CART, FAR], { hops: 1, direction: 'both' })
  expect(nodes.map(({ id }) => id)).toEqual([WEB, CART, FAR, 'service:beta/shop/mail'])
  expect(edges).toHaveLength(2)
  expect(surroundingsOf(topology, [CART, FAR], { hops: 2, direction: 'up' }).nodes.map(({ id }) => id)).toEqual([
    WEB,
    CART,
    FAR,
    OTHER,
  ])
})

it('is empty around what is not there', () => {
  expect(surroundingsOf(topology, [], { hops: 3, direction: 'both' }).nodes).toEqual([])
})
