import { describe, expect, it } from 'vitest'
import { edge } from '../fixtures.ts'
import { dotLines, dotPlaces, pointAt } from './traffic-dots.ts'

const curve = { x1: 0, y1: 0, x2: 110, y2: 0, cpx1: 55, cpy1: 0 }
const shape = { curve, head: [], middle: { x: 55, y: 0 } }
const line = (more: Parameters<typeof edge>[2]) => dotLines([{ edge: edge('a', 'b', more), shape }])[0]

describe('dots of traffic', () => {
  it('are more for more requests, up to a bound', () => {
    const counts = [0.1, 1, 10, 100, 1e6].map((requestRate) => line({ requestRate })?.dots)
    expect(counts).toEqual([1, 1, 3, 5, 6])
  })

  it('show a failed one where any fails, and as many as fail', () => {
    expect(line({ requestRate: 100, errorRate: 0 })?.failed).toBe(0)
    expect(line({ requestRate: 100, errorRate: 0.001 })?.failed).toBe(1)
    expect(line({ requestRate: 100, errorRate: 0.6 })?.failed).toBe(3)
  })

  it('are none where nothing flows, nor on what is gone', () => {
    expect(line({ requestRate: 0 })).toBeUndefined()
    expect(line({ requestRate: 10, health: 'unknown' })).toBeUndefined()
    expect(line({ protocol: 'tcp', requestRate: 0, sentRate: 90_000, receivedRate: 9_000 })?.dots).toBe(5)
  })

  it('follow the line from its start to its end', () => {
    const moving = { ...shape, dots: 2, failed: 0, period: 2 }
    expect(dotPlaces(moving, 0).map(({ x }) => x)).toEqual([0, 55])
    expect(dotPlaces(moving, 0.5).map(({ x }) => x)).toEqual([27.5, 82.5])
    expect(dotPlaces(moving, 2)).toEqual(dotPlaces(moving, 0))
    const loop = { x1: 0, y1: 0, cpx1: 0, cpy1: 90, cpx2: 90, cpy2: 90, x2: 90, y2: 0 }
    expect([pointAt(loop, 0), pointAt(loop, 1)]).toEqual([
      { x: 0, y: 0 },
      { x: 90, y: 0 },
    ])
  })

  it('are only on what was found, where something is looked for', () => {
    const lines = ['b', 'c'].map((target) => ({ edge: edge('a', target, { requestRate: 1 }), shape }))
    expect(dotLines(lines)).toHaveLength(2)
    expect(dotLines(lines, { edges: new Set([lines[0]?.edge.id ?? '']) })).toHaveLength(1)
  })

  it('are on the busiest of many lines', () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      edge: edge('a', `${index}`, { requestRate: index }),
      shape,
    }))
    expect(dotLines(many)).toHaveLength(300)
  })
})
