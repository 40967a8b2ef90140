import { parseExpression } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { BANK, CART, MYSQL, WEB, edge, node, shopTopology } from './fixtures.ts'
import { changedIn } from './graph-index.ts'
import { namespaceGroups, shapeGraph, type GraphShape } from './shape-graph.ts'

const PLAIN: GraphShape = { collapsed: [], focus: '', hops: 2, direction: 'both', hide: undefined }
const SHOP = 'namespace:alpha/shop'
const shaped = (change: Partial<GraphShape>, before = undefined as ReturnType<typeof shopTopology> | undefined) =>
  shapeGraph(shopTopology(), before, { ...PLAIN, ...change })
const nodeIds = (graph: ReturnType<typeof shaped>) => graph.topology.nodes.map(({ id }) => id)

describe('shapeGraph', () => {
  it('changes nothing unless told to', () => {
    expect(shaped({}).topology).toEqual(shopTopology())
  })

  it('shows a namespace, or a cluster, as one node', () => {
    const { topology } = shaped({ collapsed: [SHOP] })
    expect(topology.nodes.map(({ id }) => id)).toEqual([BANK, SHOP, MYSQL])
    expect(topology.edges.map(({ source, target }) => [source, target])).toEqual([
      [SHOP, BANK],
      [SHOP, SHOP],
      [SHOP, MYSQL],
    ])
    expect(nodeIds(shaped({ collapsed: [SHOP, 'cluster:alpha'] }))).toEqual(['cluster:alpha', BANK])
  })

  it('knows which namespaces could be', () => {
    expect(namespaceGroups(shopTopology())).toEqual(['namespace:alpha/backend', SHOP])
  })

  it('shows what is around a node', () => {
    expect(nodeIds(shaped({ focus: MYSQL, hops: 1, direction: 'up' }))).toEqual([MYSQL, CART])
    expect(nodeIds(shaped({ focus: WEB, hops: 1, direction: 'down' }))).toEqual([CART, WEB])
    expect(nodeIds(shaped({ focus: 'gone' }))).toEqual([])
  })

  it('hides nodes with their calls, and what hidden calls alone had kept', () => {
    const hidden = shaped({ hide: parseExpression('name = mysql') })
    expect(nodeIds(hidden)).toEqual([BANK, CART, WEB])
    expect(hidden.edges.size).toBe(2)
    expect(nodeIds(shaped({ hide: parseExpression('tcp') }))).toEqual([BANK, CART, WEB])
  })

  it('keeps what has no calls when calls are hidden', () => {
    const idle = node('workload:alpha/shop/idle', { idle: true })
    const topology = shopTopology({ nodes: [...shopTopology().nodes, idle] })
    const { topology: left } = shapeGraph(topology, undefined, { ...PLAIN, hide: parseExpression('http or tcp') })
    expect(left.nodes).toEqual([idle])
  })
})

describe('shapeGraph, compared', () => {
  const before = shopTopology({
    edges: [
      ...shopTopology().edges.map((each) =>
        each.target === CART ? { ...each, errorRate: 0, health: 'healthy' as const } : each,
      ),
      edge(WEB, MYSQL, { protocol: 'tcp', requestRate: 0 }),
    ],
  })

  it('shows what is gone, and names what changed', () => {
    const graph = shaped({}, before)
    const changes = [...(graph.comparison?.edges ?? [])].map(([id, change]) => [id, change.changes])
    expect(changes).toEqual([
      [`${WEB}->${CART}:http`, ['more-errors']],
      [`${WEB}->${MYSQL}:tcp`, ['gone']],
    ])
    expect(graph.edges.get(`${WEB}->${MYSQL}:tcp`)?.health).toBe('unknown')
    expect([...(changedIn(graph)?.ends ?? [])]).toEqual([WEB, CART, MYSQL])
  })

  it('compares groups with groups', () => {
    const graph = shaped({ collapsed: [SHOP] }, before)
    expect([...(graph.comparison?.edges.keys() ?? [])]).toEqual([`${SHOP}->${SHOP}:http`])
  })
})
