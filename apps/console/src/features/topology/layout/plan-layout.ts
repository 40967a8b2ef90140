import { parsePlain, toDot, type Draw, type Engine } from './dot.ts'
import { type LayoutNode, type LayoutRequest, type Place } from './layout-request.ts'
import { spread } from './place-freely.ts'

/** Up to here `dot` takes well below a second. */
const DOT_NODES = 500
/** A flat group above this size takes `dot` many seconds, boxes or not. */
const DOT_GROUP = 200
/** A small drawing may have any shape; a large one that is a thin column cannot be read on a screen. */
const ANY_SHAPE_NODES = 40
const MAX_COLUMN = 1.8
/** Room around a box, and for its title. */
const BOX_GAP = { x: 70, y: 70 }
/** Width to height of what is packed: that of a window. */
const ASPECT = 1.7

/** Places all nodes: `dot` with boxes where that is quick and fits a screen, else box by box, packed in shelves. */
export function planLayout(request: LayoutRequest, draw: Draw): Map<string, Place> {
  if (request.nodes.length === 0) return new Map()
  const groups = Map.groupBy(request.nodes, ({ group }) => group.join('\n'))
  const largest = Math.max(...[...groups.values()].map((members) => members.length))
  if (request.nodes.length <= DOT_NODES && largest <= DOT_GROUP) {
    const places = run(request, 'dot', draw)
    if (request.nodes.length <= ANY_SHAPE_NODES || !isColumn(boundsOf(request.nodes, places))) return places
  }
  return packGroups(request, groups, draw)
}

function run(request: LayoutRequest, engine: Engine, draw: Draw): Map<string, Place> {
  const places = parsePlain(draw(toDot(request, engine), engine), request)
  return engine === 'sfdp' ? spread(places) : places
}

interface Block {
  places: Map<string, Place>
  bounds: Bounds
}
interface Bounds {
  left: number
  top: number
  width: number
  height: number
}

function packGroups(request: LayoutRequest, groups: ReadonlyMap<string, LayoutNode[]>, draw: Draw): Map<string, Place> {
  const engine: Engine = request.nodes.length <= DOT_NODES ? 'dot' : 'sfdp'
  const clusters = new Map<string, Block[]>()
  for (const members of groups.values()) {
    const part = within(request, members)
    const places = run(part, members.length <= DOT_GROUP ? engine : 'sfdp', draw)
    const cluster = members[0]?.group[0] ?? ''
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), { places, bounds: boundsOf(members, places) }])
  }
  return packClusters([...clusters.values()])
}

/** The part of a request that lies among some of its nodes. */
function within({ nodes, edges }: LayoutRequest, members: readonly LayoutNode[]): LayoutRequest {
  const order = new Map(members.map((node, index) => [node, index]))
  return {
    nodes: members.map((node) => ({ ...node, group: [] })),
    edges: edges.flatMap(([from, to]) => {
      const [source, target] = [nodes[from], nodes[to]]
      const a = source && order.get(source)
      const b = target && order.get(target)
      return a === undefined || b === undefined ? [] : [[a, b] as const]
    }),
  }
}

/** Widths to heights that are tried for shelves. */
const SHELF_ASPECTS = [0.5, 0.8, 1.2, 1.7, 2.5, 4]

/** Packs namespaces into clusters, and those into a window: of some ways to do so, the one that can be shown largest. */
function packClusters(clusters: readonly (readonly Block[])[]): Map<string, Place> {
  const ways = SHELF_ASPECTS.flatMap((inner) => {
    const packed = clusters.map((blocks) => pack(blocks, inner))
    return SHELF_ASPECTS.map((outer) => pack(packed, outer))
  })
  const size = ({ bounds }: Block): number => Math.max(bounds.width / ASPECT, bounds.height)
  return ways.reduce((best, way) => (size(way) < size(best) ? way : best)).places
}

/** Puts blocks on shelves, the highest first. */
function pack(blocks: readonly Block[], aspect: number): Block {
  const area = blocks.reduce((sum, { bounds }) => sum + (bounds.width + BOX_GAP.x) * (bounds.height + BOX_GAP.y), 0)
  const limit = Math.max(Math.sqrt(area * aspect), ...blocks.map(({ bounds }) => bounds.width))
  const places = new Map<string, Place>()
  let [x, y, shelf, right] = [0, 0, 0, 0]
  for (const { places: own, bounds } of blocks.toSorted((a, b) => b.bounds.height - a.bounds.height)) {
    if (x > 0 && x + bounds.width > limit) [x, y, shelf] = [0, y + shelf, 0]
    for (const [id, place] of own) places.set(id, { x: place.x - bounds.left + x, y: place.y - bounds.top + y })
    x += bounds.width + BOX_GAP.x
    shelf = Math.max(shelf, bounds.height + BOX_GAP.y)
    right = Math.max(right, x)
  }
  return { places, bounds: { left: 0, top: 0, width: right, height: y + shelf } }
}

function boundsOf(nodes: readonly LayoutNode[], places: ReadonlyMap<string, Place>): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { id, width, height, above } of nodes) {
    const place = places.get(id)
    if (!place) continue
    left = Math.min(left, place.x - width / 2)
    right = Math.max(right, place.x + width / 2)
    top = Math.min(top, place.y - above)
    bottom = Math.max(bottom, place.y - above + height)
  }
  return { left, top, width: right - left, height: bottom - top }
}

const isColumn = ({ width, height }: Bounds): boolean => height > width * MAX_COLUMN
