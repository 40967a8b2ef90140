import { describe, expect, it } from 'vitest'
import { CART, WEB, edge } from '../fixtures.ts'
import { NODE_RADIUS } from '../layout/layout-request.ts'
import { edgeShape, edgeWidth, lanesOf } from './edge-geometry.ts'

const from = { x: 0, y: 0 }
const to = { x: 300, y: 0 }

describe('edgeShape', () => {
  it('begins and ends outside of the rings, and is straight in lane 0', () => {
    const { curve, head, middle } = edgeShape(from, to, 0)
    expect(curve.x1).toBeGreaterThan(NODE_RADIUS)
    expect(head[0]?.[0]).toBeLessThan(300 - NODE_RADIUS)
    expect([curve.y1, curve.cpy1, curve.y2]).toEqual([0, 0, 0])
    expect(middle.y).toBe(0)
  })

  it('has its head point at the target', () => {
    const [tip, left, right] = edgeShape(from, to, 0).head
    expect(tip?.[0]).toBeGreaterThan(left?.[0] ?? Infinity)
    expect((left?.[1] ?? 0) + (right?.[1] ?? 0)).toBeCloseTo(0)
  })

  it('leaves and enters the same ring as a loop', () => {
    const { curve } = edgeShape(from, from, 0)
    expect(curve.cpx2).toBeDefined()
    expect(Math.hypot(curve.x1, curve.y1)).toBeGreaterThan(NODE_RADIUS)
    expect(Math.hypot(curve.x2, curve.y2)).toBeGreaterThan(NODE_RADIUS)
  })
})

describe('lanesOf', () => {
  it('keeps a single edge straight and leads several beside each other', () => {
    const one = edge(WEB, CART)
    expect([...lanesOf([one]).values()].map(Math.abs)).toEqual([0])
    const both = [one, edge(WEB, CART, { protocol: 'grpc' })]
    expect([...lanesOf(both).values()].map(Math.abs)).toEqual([0.5, 0.5])
  })

  it('leads edges against each other on different sides', () => {
    const [there, back] = [edge(WEB, CART), edge(CART, WEB)]
    const lanes = lanesOf([there, back])
    const middleOf = (it: typeof there, a: typeof from, b: typeof to) => edgeShape(a, b, lanes.get(it.id) ?? 0).middle.y
    expect(Math.sign(middleOf(there, from, to))).toBe(-Math.sign(middleOf(back, to, from)))
    expect(middleOf(there, from, to)).not.toBe(0)
  })
})

describe('edgeWidth', () => {
  it('grows with what flows, within bounds', () => {
    expect(edgeWidth(0, 100)).toBe(1.5)
    expect(edgeWidth(100, 100)).toBe(6)
    expect(edgeWidth(25, 100)).toBeCloseTo(3.75)
    expect(edgeWidth(0, 0)).toBe(1.5)
  })
})
