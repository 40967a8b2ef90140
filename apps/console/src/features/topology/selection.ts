import type { GraphIndex } from './graph-index.ts'
import type { Target } from './scene/scene-model.ts'

/** What an id in the address means; of something that is not in the graph (any more) its form tells whether it was an edge. */
export function targetOf(id: string, graph: GraphIndex | undefined): Target | undefined {
  if (id === '') return undefined
  if (graph?.nodes.has(id)) return { kind: 'node', id }
  return { kind: graph?.edges.has(id) || id.includes('->') ? 'edge' : 'node', id }
}
