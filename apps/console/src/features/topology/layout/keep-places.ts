import type { LayoutRequest, Place, Places } from './layout-request.ts'
import { TakenPlaces } from './place-freely.ts'

/** Above this share of newcomers nothing is left to recognise, and the new layout is taken as it is. */
const MOSTLY_NEW = 0.5

/** Whether there is a node that has no place yet. What is gone, and edges alone, never move anything. */
export function needsLayout({ nodes }: LayoutRequest, known: Places): boolean {
  return nodes.some(({ id }) => !known.has(id))
}

/**
 * Takes a new layout without moving what people look at: nodes that had a place keep it, and newcomers stand to their
 * neighbours (or to those in the same box) as the new layout has it, in the nearest free spot.
 */
export function keepPlaces(known: Places, fresh: Places, request: LayoutRequest): Map<string, Place> {
  const { nodes } = request
  const newcomers = nodes.filter(({ id }) => !known.has(id))
  if (newcomers.length > nodes.length * MOSTLY_NEW) return new Map(fresh)
  const places = new Map(known)
  const taken = new TakenPlaces()
  // Those of nodes that are gone as well: they may come back.
  for (const place of known.values()) taken.take(place)
  const neighbours = neighboursOf(request)
  const byGroup = Map.groupBy(nodes, ({ group }) => group.join('\n'))
  for (const { id, group } of newcomers) {
    const place = fresh.get(id)
    if (!place) continue
    const sameBox = (byGroup.get(group.join('\n')) ?? []).map((node) => node.id)
    const anchors = [neighbours.get(id) ?? [], sameBox, nodes.map((node) => node.id)]
      .map((ids) => ids.filter((other) => known.has(other)))
      .find((ids) => ids.length > 0)
    places.set(id, taken.takeNearest(shifted(place, anchors ?? [], known, fresh)))
  }
  return places
}

/** Moves a place as its anchors were moved, in the mean. */
function shifted(place: Place, anchors: readonly string[], known: Places, fresh: Places): Place {
  let [x, y, count] = [0, 0, 0]
  for (const id of anchors) {
    const [old, now] = [known.get(id), fresh.get(id)]
    if (!old || !now) continue
    x += old.x - now.x
    y += old.y - now.y
    count += 1
  }
  return count === 0 ? place : { x: place.x + x / count, y: place.y + y / count }
}

function neighboursOf({ nodes, edges }: LayoutRequest): Map<string, string[]> {
  const neighbours = new Map<string, string[]>()
  const add = (from: string, to: string) => neighbours.set(from, [...(neighbours.get(from) ?? []), to])
  for (const [from, to] of edges) {
    const [source, target] = [nodes[from]?.id, nodes[to]?.id]
    if (source === undefined || target === undefined) continue
    add(source, target)
    add(target, source)
  }
  return neighbours
}
