import type { HealthThresholds } from '../health/health.ts'
import { mergeParallel, withEnds } from './merge-edges.ts'
import type { GraphNode, MeshGraph } from './model.ts'
import { finishNodes, trafficOf } from './node-sum.ts'

/** A node that stands for others. */
export type GroupNode = Pick<GraphNode, 'id' | 'type' | 'cluster' | 'namespace' | 'name'>

/** What of a graph is needed to draw it. */
export type GraphParts = Pick<MeshGraph, 'latency' | 'nodes' | 'edges'>

/**
 * The graph with some nodes put together: all that `groupOf` gives the same id become one. What goes on among them becomes
 * a call of the group to itself, so that the totals stay what they were.
 */
export function collapseGroups<Parts extends GraphParts>(
  graph: Parts,
  groupOf: (node: GraphNode) => GroupNode | undefined,
  thresholds?: HealthThresholds,
): Parts {
  const groups = new Map<string, GroupNode>()
  const idOf = new Map<string, string>()
  for (const node of graph.nodes) {
    const group = groupOf(node)
    if (group === undefined) continue
    groups.set(group.id, group)
    idOf.set(node.id, group.id)
  }
  if (groups.size === 0) return graph
  const end = (id: string): string => idOf.get(id) ?? id
  const rules = { latency: graph.latency, thresholds }
  const edges = mergeParallel(
    graph.edges.map((edge) => withEnds(edge, end(edge.source), end(edge.target))),
    rules,
  )
  const others = graph.nodes
    .filter(({ id }) => !idOf.has(id))
    .map(({ health: _health, idle: _idle, inbound: _inbound, outbound: _outbound, ...identity }) => identity)
  return { ...graph, edges, nodes: finishNodes([...others, ...groups.values()], edges, rules) }
}

/** The view of clusters, from that of namespaces as far as its reader may see them. */
export function mergeIntoClusters(graph: MeshGraph, thresholds?: HealthThresholds): MeshGraph {
  const merged = collapseGroups(
    graph,
    ({ type, cluster }) => (type === 'namespace' ? clusterNode(cluster) : undefined),
    thresholds,
  )
  return { ...merged, view: 'cluster', totals: trafficOf(merged.edges, graph.latency) }
}

/** The node of a cluster; of one that no metric names as well. */
export const clusterNode = (cluster: string | undefined): GroupNode => ({
  id: `cluster:${cluster ?? ''}`,
  type: 'cluster',
  ...(cluster !== undefined && { cluster }),
  name: cluster ?? 'unknown',
})
