import { describe, expect, it } from 'vitest'
import { CART, MYSQL, WEB, edge, node, shopTopology } from '../fixtures.ts'
import { keepPlaces, needsLayout } from './keep-places.ts'
import { layoutRequest, type Place } from './layout-request.ts'

const NEW = 'workload:alpha/shop/reviews'
const before = shopTopology()
const grown = shopTopology({ nodes: [...before.nodes, node(NEW)], edges: [...before.edges, edge(WEB, NEW)] })
const known = new Map<string, Place>(before.nodes.map(({ id }, index) => [id, { x: index * 300, y: 1000 }]))

describe('needsLayout', () => {
  it('asks for nothing after a refresh, nor when edges come or nodes go', () => {
    expect(needsLayout(layoutRequest(before), known)).toBe(false)
    expect(needsLayout(layoutRequest(shopTopology({ edges: [edge(MYSQL, WEB)] })), known)).toBe(false)
    expect(needsLayout(layoutRequest(shopTopology({ nodes: before.nodes.slice(1) })), known)).toBe(false)
  })

  it('asks for a layout when a node has no place', () => {
    expect(needsLayout(layoutRequest(grown), known)).toBe(true)
  })
})

describe('keepPlaces', () => {
  const fresh = new Map<string, Place>(grown.nodes.map(({ id }, index) => [id, { x: index * 150, y: 0 }]))
  fresh.set(NEW, { x: 450, y: 90 })

  it('moves nothing that had a place', () => {
    const places = keepPlaces(known, fresh, layoutRequest(grown))
    for (const [id, place] of known) expect(places.get(id)).toEqual(place)
  })

  it('puts a newcomer to its neighbour as the new layout has it', () => {
    const web = known.get(WEB)
    const freshWeb = fresh.get(WEB)
    const place = keepPlaces(known, fresh, layoutRequest(grown)).get(NEW)
    expect(place).toEqual({ x: (web?.x ?? 0) + 450 - (freshWeb?.x ?? 0), y: 1090 })
  })

  it('never puts a newcomer on top of another node', () => {
    const crowded = new Map(fresh).set(NEW, fresh.get(CART) ?? { x: 0, y: 0 })
    crowded.set(WEB, fresh.get(CART) ?? { x: 0, y: 0 })
    const places = keepPlaces(known, crowded, layoutRequest(grown))
    const place = places.get(NEW)
    for (const { id } of before.nodes) {
      const other = places.get(id)
      expect(place && other && (Math.abs(place.x - other.x) > 100 || Math.abs(place.y - other.y) > 60)).toBe(true)
    }
  })

  it('leaves room where a node that is gone may come back', () => {
    const gone = new Map(known).set('workload:alpha/shop/gone', { x: 900, y: 1090 })
    expect(keepPlaces(known, fresh, layoutRequest(grown)).get(NEW)).toEqual({ x: 900, y: 1090 })
    expect(keepPlaces(gone, fresh, layoutRequest(grown)).get(NEW)).not.toEqual({ x: 900, y: 1090 })
  })

  it('takes the new layout as it is when most nodes are new', () => {
    expect(keepPlaces(new Map([[CART, { x: 9, y: 9 }]]), fresh, layoutRequest(grown))).toEqual(fresh)
  })
})
