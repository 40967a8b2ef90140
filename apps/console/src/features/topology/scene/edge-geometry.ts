import type { TopologyEdge } from '@meshdeck/contract'
import { NODE_RADIUS, type Place } from '../layout/layout-request.ts'

/** An edge as drawn: a quadratic curve (cubic for a loop), where its head points and where its label stands. */
export interface EdgeShape {
  curve: { x1: number; y1: number; x2: number; y2: number; cpx1: number; cpy1: number; cpx2?: number; cpy2?: number }
  head: readonly (readonly [number, number])[]
  middle: Place
}

const GAP = 4
const HEAD = { length: 9, half: 4.5 }
/** How far beside each other several edges between two nodes run. */
const LANE = 34

/** Which lane each edge takes: 0 is straight; several between the same two nodes are spread to both sides. */
export function lanesOf(edges: readonly TopologyEdge[]): Map<string, number> {
  const pairs = Map.groupBy(edges, ({ source, target }) =>
    source < target ? `${source}\n${target}` : `${target}\n${source}`,
  )
  const lanes = new Map<string, number>()
  for (const group of pairs.values()) {
    for (const [index, edge] of group.entries()) {
      const offset = index - (group.length - 1) / 2
      // The side is told from the pair, not from the direction: two that run against each other must not share one.
      lanes.set(edge.id, edge.source < edge.target ? offset : -offset)
    }
  }
  return lanes
}

/** The shape of an edge between two rings. */
export function edgeShape(source: Place, target: Place, lane: number, headScale = 1): EdgeShape {
  const [dx, dy] = [target.x - source.x, target.y - source.y]
  const length = Math.hypot(dx, dy)
  if (length < 1) return loop(source, lane, headScale)
  const [nx, ny] = [-dy / length, dx / length]
  const control = {
    x: (source.x + target.x) / 2 + nx * lane * LANE * 2,
    y: (source.y + target.y) / 2 + ny * lane * LANE * 2,
  }
  const reach = NODE_RADIUS + GAP
  const start = towards(source, control, reach)
  const tip = towards(target, control, reach)
  const end = towards(tip, control, HEAD.length * headScale * 0.8)
  return {
    curve: { x1: start.x, y1: start.y, cpx1: control.x, cpy1: control.y, x2: end.x, y2: end.y },
    head: headAt(tip, control, headScale),
    middle: { x: (start.x + 2 * control.x + end.x) / 4, y: (start.y + 2 * control.y + end.y) / 4 },
  }
}

/** Out of the ring at its upper right and back into it; the next one at its upper left, and so on outwards. */
function loop({ x, y }: Place, lane: number, headScale: number): EdgeShape {
  const side = lane < 0 ? -1 : 1
  const grow = 1 + Math.floor(Math.abs(lane)) / 2
  const out = { x: x + side * 62 * grow, y: y - 20 * grow }
  const back = { x: x + side * 14 * grow, y: y - 66 * grow }
  const reach = NODE_RADIUS + GAP
  const start = towards({ x, y }, out, reach)
  const tip = towards({ x, y }, back, reach)
  const end = towards(tip, back, HEAD.length * headScale * 0.8)
  return {
    curve: { x1: start.x, y1: start.y, cpx1: out.x, cpy1: out.y, cpx2: back.x, cpy2: back.y, x2: end.x, y2: end.y },
    head: headAt(tip, back, headScale),
    // Two labels above one ring need to keep apart.
    middle: { x: x + side * (lane === 0 ? 34 : 66) * grow, y: y - 44 * grow },
  }
}

function towards(from: Place, to: Place, by: number): Place {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  return { x: from.x + ((to.x - from.x) / length) * by, y: from.y + ((to.y - from.y) / length) * by }
}

function headAt(tip: Place, from: Place, scale: number): [number, number][] {
  const base = towards(tip, from, HEAD.length * scale)
  const length = Math.hypot(base.x - tip.x, base.y - tip.y) || 1
  const [nx, ny] = [(-(base.y - tip.y) / length) * HEAD.half * scale, ((base.x - tip.x) / length) * HEAD.half * scale]
  return [
    [tip.x, tip.y],
    [base.x + nx, base.y + ny],
    [base.x - nx, base.y - ny],
  ]
}

const WIDTH = { min: 1.5, max: 6 }

/** Width of an edge by what flows, against the most that flows in the graph: the area tells, so the root is taken. */
export function edgeWidth(value: number, most: number): number {
  if (!(most > 0)) return WIDTH.min
  return WIDTH.min + (WIDTH.max - WIDTH.min) * Math.sqrt(Math.min(1, Math.max(0, value / most)))
}
