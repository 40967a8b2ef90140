import type { HealthThresholds } from '../health/health.ts'
import type { NodeIdentity } from './endpoints.ts'
import { mergeParallel, withEnds } from './merge-edges.ts'
import type { GraphEdge, MeshGraph } from './model.ts'
import { finishNodes, trafficOf } from './node-sum.ts'

const OTHER: NodeIdentity = { id: 'other', type: 'other', name: 'other' }

/**
 * The graph for someone who may not see every namespace. Nodes of namespaces that `canSeeNamespace` refuses become one
 * node `other`; so does what lies outside the mesh and is talked to by them alone (its name would tell what they call).
 * Edges with `other` at an end lose their host; traffic among what is hidden is gone, from the totals as well. Where nothing
 * is hidden it is the graph itself. `thresholds` are those that it was assembled with.
 */
export function foldInvisible(
  graph: MeshGraph,
  canSeeNamespace: (namespace: string, cluster: string | undefined) => boolean,
  thresholds?: HealthThresholds,
): MeshGraph {
  const seen = new Set(
    graph.nodes
      .filter(({ namespace, cluster }) => namespace !== undefined && canSeeNamespace(namespace, cluster))
      .map(({ id }) => id),
  )
  const outside = new Set(graph.nodes.filter(({ namespace }) => namespace === undefined).map(({ id }) => id))
  const metOutside = new Set(
    graph.edges.flatMap(({ source, target }) => {
      if (seen.has(source) && outside.has(target)) return [target]
      return seen.has(target) && outside.has(source) ? [source] : []
    }),
  )
  const isShown = (id: string): boolean => seen.has(id) || metOutside.has(id)
  const isWhole =
    graph.nodes.every(({ id }) => isShown(id)) &&
    graph.edges.every(({ source, target }) => seen.has(source) || seen.has(target))
  if (isWhole) return graph
  const rules = { latency: graph.latency, thresholds }
  const edges = mergeParallel(
    graph.edges
      .filter(({ source, target }) => seen.has(source) || seen.has(target))
      .map((edge) => hideEnds(edge, isShown)),
    rules,
  )
  const shown = graph.nodes
    .filter(({ id }) => isShown(id))
    .map(({ health: _health, idle: _idle, inbound: _inbound, outbound: _outbound, ...identity }) => identity)
  const folded = edges.some(({ source, target }) => source === OTHER.id || target === OTHER.id)
  return {
    view: graph.view,
    latency: graph.latency,
    nodes: finishNodes(folded ? [...shown, OTHER] : shown, edges, rules),
    edges,
    totals: trafficOf(edges, graph.latency),
  }
}

function hideEnds(edge: GraphEdge, isShown: (id: string) => boolean): GraphEdge {
  const source = isShown(edge.source) ? edge.source : OTHER.id
  const target = isShown(edge.target) ? edge.target : OTHER.id
  if (source === edge.source && target === edge.target) return edge
  // Even towards something that is seen: the host may be of a namespace that is not.
  const { host: _host, ...rest } = withEnds(edge, source, target)
  return rest
}
