import type { HistoryEntry, TopologyEdge } from '@meshdeck/contract'
import { reachesCall } from '@meshdeck/mesh'
import type { GraphIndex } from '../graph-index.ts'

/** The calls that differ from the moment that is compared with and that a change may have to do with, the busiest first. */
export function concernedEdges({ reach = [] }: HistoryEntry, graph: GraphIndex): TopologyEdge[] {
  if (graph.comparison === undefined || reach.length === 0) return []
  return [...graph.comparison.edges.keys()]
    .flatMap((id) => graph.edges.get(id) ?? [])
    .filter((edge) => {
      const ends = { source: graph.nodes.get(edge.source), target: graph.nodes.get(edge.target) }
      const call = { ...ends, ...(edge.host !== undefined && { host: edge.host }) }
      return reach.some((each) => reachesCall(each, call))
    })
    .toSorted((a, b) => b.requestRate - a.requestRate)
}
