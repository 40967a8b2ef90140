import { Graphviz } from '@hpcc-js/wasm-graphviz'
import { beforeAll, describe, expect, it } from 'vitest'
import { BANK, CART, MYSQL, WEB, edge, node, shopTopology } from '../fixtures.ts'
import type { Draw, Engine } from './dot.ts'
import { groupBoxes } from './group-boxes.ts'
import { layoutRequest, type LayoutRequest, type Place } from './layout-request.ts'
import { planLayout } from './plan-layout.ts'

const engines: Engine[] = []
let draw: Draw

// The real Graphviz: what it writes is what the parser must read.
beforeAll(async () => {
  const graphviz = await Graphviz.load()
  draw = (dot, engine) => {
    engines.push(engine)
    return graphviz.layout(dot, 'plain', engine)
  }
})

function synthetic(nodes: number, edges: number, groups: number): LayoutRequest {
  let seed = 7
  const random = (below: number) => (seed = (seed * 16_807) % 2_147_483_647) % below
  return {
    nodes: Array.from({ length: nodes }, (_, index) => ({
      id: `n${index}`,
      group: ['alpha', `ns${index % groups}`],
      width: 80,
      height: 64,
      above: 24,
    })),
    edges: Array.from({ length: edges }, () => [random(nodes), random(nodes)] as const),
  }
}

function overlaps(request: LayoutRequest, places: ReadonlyMap<string, Place>): number {
  const rings = request.nodes.map(({ id }) => places.get(id))
  let count = 0
  for (const [index, a] of rings.entries()) {
    for (const b of rings.slice(index + 1))
      if (a && b && Math.abs(a.x - b.x) < 60 && Math.abs(a.y - b.y) < 60) count += 1
  }
  return count
}

describe('layoutRequest', () => {
  it('groups by cluster and namespace, and knows each pair once', () => {
    const topology = shopTopology({
      edges: [edge(WEB, CART), edge(CART, WEB), edge(WEB, CART, { protocol: 'tcp' }), edge(WEB, WEB)],
    })
    const request = layoutRequest(topology)
    expect(request.nodes.map(({ group }) => group)).toEqual([
      [],
      ['alpha', 'backend'],
      ['alpha', 'shop'],
      ['alpha', 'shop'],
    ])
    expect(request.edges).toEqual([[3, 2]])
    const [, , cart, web] = request.nodes
    expect(web?.above).toBeGreaterThan(cart?.above ?? Infinity)
  })

  it('does not depend on anything that changes with a refresh', () => {
    const later = shopTopology({
      at: 1,
      edges: shopTopology().edges.map((it) => ({ ...it, requestRate: it.requestRate * 2 })),
    })
    expect(layoutRequest(later)).toEqual(layoutRequest(shopTopology()))
  })
})

describe('planLayout', () => {
  it('lays calls out from left to right, each box for itself', () => {
    const request = layoutRequest(shopTopology())
    const places = planLayout(request, draw)
    const x = (id: string) => places.get(id)?.x ?? Number.NaN
    expect(x(WEB)).toBeLessThan(x(CART))
    expect(x(CART)).toBeLessThan(x(MYSQL))
    expect(places.size).toBe(4)
    const boxes = groupBoxes(request.nodes, places)
    expect(boxes.map(({ id }) => id)).toEqual(['cluster:alpha', 'namespace:alpha/backend', 'namespace:alpha/shop'])
    const [cluster] = boxes
    const bank = places.get(BANK)
    const outside =
      bank &&
      cluster &&
      (bank.x > cluster.x + cluster.width ||
        bank.x < cluster.x ||
        bank.y > cluster.y + cluster.height ||
        bank.y < cluster.y)
    expect(outside).toBe(true)
  })

  it('needs no quoting: names are never written', () => {
    const odd = layoutRequest(shopTopology({ nodes: [node('a"];b', { name: 'a"];b' }), node('x\ny')], edges: [] }))
    expect([...planLayout(odd, draw).keys()]).toEqual(['a"];b', 'x\ny'])
  })

  it('has nothing to do for an empty graph', () => {
    expect(planLayout({ nodes: [], edges: [] }, draw).size).toBe(0)
  })

  it('takes sfdp for large graphs, places every node and lets none overlap', () => {
    engines.length = 0
    const request = synthetic(600, 1200, 6)
    const places = planLayout(request, draw)
    expect(new Set(engines)).toEqual(new Set(['sfdp']))
    expect(places.size).toBe(600)
    expect(overlaps(request, places)).toBe(0)
  })

  it('takes sfdp for a large flat group, where dot would need half a minute', () => {
    engines.length = 0
    planLayout(synthetic(400, 1200, 1), draw)
    expect(new Set(engines)).toEqual(new Set(['sfdp']))
  })

  it('keeps boxes apart when it packs them', () => {
    const request = synthetic(600, 1200, 6)
    const boxes = groupBoxes(request.nodes, planLayout(request, draw)).filter(({ kind }) => kind === 'namespace')
    const crossing = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
    )
    expect(boxes).toHaveLength(6)
    expect(crossing).toEqual([])
  })
})
