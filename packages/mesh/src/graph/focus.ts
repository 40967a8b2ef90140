import type { GraphParts } from './collapse-groups.ts'
import type { GraphEdge } from './model.ts'

export type FocusDirection = 'both' | 'up' | 'down'

/**
 * The part of a graph around a node: what it calls (`down`), what calls it (`up`), or both, over so many hops, with the
 * calls among them. Numbers of nodes stay those of the whole graph. Empty when there is no such node.
 */
export function focusOn<Parts extends Pick<GraphParts, 'nodes' | 'edges'>>(
  graph: Parts,
  id: string,
  { hops, direction }: { hops: number; direction: FocusDirection },
): Parts {
  const near = new Set(graph.nodes.some((node) => node.id === id) ? [id] : [])
  if (direction !== 'up')
    reach(
      near,
      id,
      hops,
      Map.groupBy(graph.edges, ({ source }) => source),
      ({ target }) => target,
    )
  if (direction !== 'down')
    reach(
      near,
      id,
      hops,
      Map.groupBy(graph.edges, ({ target }) => target),
      ({ source }) => source,
    )
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => near.has(node.id)),
    edges: graph.edges.filter(({ source, target }) => near.has(source) && near.has(target)),
  }
}

function reach(
  near: Set<string>,
  from: string,
  hops: number,
  edges: ReadonlyMap<string, readonly GraphEdge[]>,
  endOf: (edge: GraphEdge) => string,
): void {
  if (!near.has(from)) return
  const seen = new Set([from])
  let border = [from]
  for (let hop = 0; hop < hops && border.length > 0; hop += 1) {
    border = border.flatMap((id) => (edges.get(id) ?? []).map(endOf)).filter((id) => !seen.has(id))
    for (const id of border) {
      seen.add(id)
      near.add(id)
    }
  }
}
