import type { TopologyEdge } from '@meshdeck/contract'
import { bytesRate } from '../graph-index.ts'
import type { Place } from '../layout/layout-request.ts'
import type { EdgeShape } from '../scene/edge-geometry.ts'

/** Traffic of one line as dots that follow it. */
export interface DotLine {
  curve: EdgeShape['curve']
  /** Where its label stands. */
  middle: Place
  /** Dots on the line at once. */
  dots: number
  /** How many of them have failed. */
  failed: number
  /** Seconds from one end to the other. */
  period: number
}

/** Lines that are drawn with dots; of more the busiest. */
const MOST_LINES = 300
const MOST_DOTS = 6
/** Units of the drawing per second, at any rate: the number of dots tells the rate. */
const SPEED = 55
const LEAST_SECONDS = 0.8

/**
 * How the calls of a graph move: more dots for more requests, by orders of magnitude; a failed one where any fails.
 * Where something is looked for, only what was found moves.
 */
export function dotLines(
  lines: Iterable<{ edge: TopologyEdge; shape: EdgeShape }>,
  found?: { edges: ReadonlySet<string> },
): DotLine[] {
  return [...lines]
    .filter(({ edge }) => found === undefined || found.edges.has(edge.id))
    .toSorted((a, b) => weightOf(b.edge) - weightOf(a.edge))
    .slice(0, MOST_LINES)
    .flatMap(({ edge, shape: { curve, middle } }) => {
      const weight = weightOf(edge)
      // What is gone since another moment has no health, and does not move.
      if (!(weight > 0) || edge.health === 'unknown') return []
      const dots = Math.min(MOST_DOTS, 1 + Math.floor(Math.log10(1 + weight) * 2))
      const share = edge.errorRate ?? 0
      const failed = share > 0 ? Math.max(1, Math.round(dots * share)) : 0
      return [{ curve, middle, dots, failed, period: Math.max(LEAST_SECONDS, lengthOf(curve) / SPEED) }]
    })
}

/** Requests per second; of TCP kilobytes. */
const weightOf = (edge: TopologyEdge): number => (edge.protocol === 'tcp' ? bytesRate(edge) / 1000 : edge.requestRate)

/** Where the dots of a line are after so many seconds: those that have failed first. */
export function dotPlaces({ curve, dots, period }: DotLine, seconds: number): Place[] {
  return Array.from({ length: dots }, (_, index) => pointAt(curve, (seconds / period + index / dots) % 1))
}

/** A point of a quadratic or cubic curve, from 0 at its start to 1 at its end. */
export function pointAt({ x1, y1, x2, y2, cpx1, cpy1, cpx2, cpy2 }: EdgeShape['curve'], t: number): Place {
  const s = 1 - t
  if (cpx2 === undefined || cpy2 === undefined)
    return { x: s * s * x1 + 2 * s * t * cpx1 + t * t * x2, y: s * s * y1 + 2 * s * t * cpy1 + t * t * y2 }
  return {
    x: s ** 3 * x1 + 3 * s * s * t * cpx1 + 3 * s * t * t * cpx2 + t ** 3 * x2,
    y: s ** 3 * y1 + 3 * s * s * t * cpy1 + 3 * s * t * t * cpy2 + t ** 3 * y2,
  }
}

function lengthOf(curve: EdgeShape['curve']): number {
  let [length, from] = [0, pointAt(curve, 0)]
  for (const t of [0.25, 0.5, 0.75, 1]) {
    const to = pointAt(curve, t)
    length += Math.hypot(to.x - from.x, to.y - from.y)
    from = to
  }
  return length
}
