import type { Place } from './layout-request.ts'

/** Room of one node with its label. */
const CELL = { width: 132, height: 84 }
/** Two nodes may come as near as this to each other, in either direction. */
const NEAREST = { x: 105, y: 70 }

/** Places that are taken, found quickly by where they are. */
export class TakenPlaces {
  readonly #cells = new Map<string, Place[]>()

  take(place: Place): void {
    const key = keyOf(cellOf(place))
    this.#cells.set(key, [...(this.#cells.get(key) ?? []), place])
  }

  /** Takes the free place that is nearest to a wish, in whole steps from it, and returns it. */
  takeNearest(wish: Place): Place {
    for (let ring = 0; ; ring += 1) {
      const free = ringAround(ring)
        .map(({ x, y }) => ({ x: wish.x + x * CELL.width, y: wish.y + y * CELL.height }))
        .toSorted((a, b) => distance(a, wish) - distance(b, wish))
        .find((place) => this.#isFree(place))
      if (!free) continue
      this.take(free)
      return free
    }
  }

  #isFree(place: Place): boolean {
    const { x, y } = cellOf(place)
    for (let column = x - 1; column <= x + 1; column += 1) {
      for (let row = y - 1; row <= y + 1; row += 1) {
        const near = this.#cells.get(keyOf({ x: column, y: row })) ?? []
        const taken = near.some(
          (other) => Math.abs(other.x - place.x) < NEAREST.x && Math.abs(other.y - place.y) < NEAREST.y,
        )
        if (taken) return false
      }
    }
    return true
  }
}

const cellOf = ({ x, y }: Place): Place => ({ x: Math.floor(x / CELL.width), y: Math.floor(y / CELL.height) })
const keyOf = ({ x, y }: Place): string => `${x} ${y}`
/** Sideways counts double: calls run from left to right, and a node beside its caller would stand in their way. */
const distance = (a: Place, b: Place): number => Math.hypot((a.x - b.x) * 2, a.y - b.y)

/** Steps to the cells that lie `ring` cells around the middle. */
function ringAround(ring: number): Place[] {
  if (ring === 0) return [{ x: 0, y: 0 }]
  const steps: Place[] = []
  for (let step = -ring; step < ring; step += 1) {
    steps.push({ x: step, y: -ring }, { x: ring, y: step }, { x: -step, y: ring }, { x: -ring, y: -step })
  }
  return steps
}

/** How much room a force layout gets, in cells for each node. */
const ROOM = 2.4

/** Spreads places until each has room for itself: the shape of the layout stays, nothing overlaps. */
export function spread(places: ReadonlyMap<string, Place>): Map<string, Place> {
  const points = [...places.values()]
  const span = (axis: 'x' | 'y'): number =>
    points.length === 0
      ? 0
      : Math.max(...points.map((point) => point[axis])) - Math.min(...points.map((point) => point[axis]))
  const room = Math.sqrt(points.length * ROOM)
  const scale = (extent: number, cell: number): number => (extent > 0 ? (room * cell) / extent : 1)
  const [byX, byY] = [scale(span('x'), CELL.width), scale(span('y'), CELL.height)]
  const taken = new TakenPlaces()
  return new Map([...places].map(([id, { x, y }]) => [id, taken.takeNearest({ x: x * byX, y: y * byY })]))
}
