import type { Topology, TopologyNode } from '@meshdeck/contract'

/** Where a node's ring stands, in pixels of the drawing at its natural size; y grows downwards. */
export interface Place {
  x: number
  y: number
}
export type Places = ReadonlyMap<string, Place>

export interface LayoutNode {
  id: string
  /** Boxes around it, outermost first: cluster, then namespace. */
  group: readonly string[]
  width: number
  height: number
  /** From the top of the box to the middle of the ring. */
  above: number
}

/** What a layout is made of: nothing that changes with every refresh. Crosses to the worker by structured clone. */
export interface LayoutRequest {
  nodes: readonly LayoutNode[]
  /** Pairs of indices into `nodes`. */
  edges: readonly (readonly [number, number])[]
}

/** Radius of a node's ring. */
export const NODE_RADIUS = 18
const ABOVE = 24
/** Room that calls to oneself take: they leave the ring at its top and come back. */
const LOOP = { width: 150, above: 44 }
const NODE_HEIGHT = 64
const MIN_WIDTH = 64
/** Mean width of a letter at the size of labels. */
const LETTER_WIDTH = 6.6
export const LABEL_LETTERS = 24

/** The boxes that a node stands in. */
function groupOf({ type, cluster, namespace }: TopologyNode): readonly string[] {
  if (type === 'cluster') return []
  if (cluster === undefined) return namespace === undefined || type === 'namespace' ? [] : ['', namespace]
  return namespace === undefined || type === 'namespace' ? [cluster] : [cluster, namespace]
}

/** Describes a topology for the layout. Edges between the same two nodes count once; loops only take room. */
export function layoutRequest({ nodes, edges }: Topology): LayoutRequest {
  const loops = new Set(edges.flatMap(({ source, target }) => (source === target ? [source] : [])))
  const order = new Map(nodes.map(({ id }, index) => [id, index]))
  const pairs = new Map<string, readonly [number, number]>()
  for (const { source, target } of edges) {
    const from = order.get(source)
    const to = order.get(target)
    if (from === undefined || to === undefined || from === to) continue
    if (!pairs.has(`${to} ${from}`)) pairs.set(`${from} ${to}`, [from, to])
  }
  return {
    nodes: nodes.map((node) => {
      const name = Math.min(node.name.length, LABEL_LETTERS) * LETTER_WIDTH + 10
      const loop = loops.has(node.id) ? LOOP : { width: 0, above: 0 }
      return {
        id: node.id,
        group: groupOf(node),
        width: Math.max(MIN_WIDTH, name, loop.width),
        height: NODE_HEIGHT + loop.above,
        above: ABOVE + loop.above,
      }
    }),
    edges: [...pairs.values()],
  }
}
