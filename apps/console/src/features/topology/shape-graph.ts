import type { Topology, TopologyNode } from '@meshdeck/contract'
import {
  clusterNode,
  collapseGroups,
  compareGraphs,
  focusOn,
  withGone,
  type Expression,
  type FocusDirection,
  type GroupNode,
} from '@meshdeck/mesh'
import { hideFromGraph, indexGraph, type GraphIndex } from './graph-index.ts'

/** How a reader looks at a topology. */
export interface GraphShape {
  /** Ids of clusters and namespaces that are shown as one node. */
  collapsed: readonly string[]
  /** Id of the node whose surroundings are shown; all is when empty. */
  focus: string
  hops: number
  direction: FocusDirection
  hide: Expression | undefined
}

/** The graph as its reader wants to see it, compared with an earlier one if there is one: picture and table show this. */
export function shapeGraph(topology: Topology, before: Topology | undefined, shape: GraphShape): GraphIndex {
  const groups = new Set(shape.collapsed)
  const collapsed = (whole: Topology): Topology => collapseGroups(whole, (node) => groupOf(node, groups))
  const after = collapsed(topology)
  const comparison = before && compareGraphs(collapsed(before), after)
  const all = comparison ? withGone(after, comparison) : after
  const shown = shape.focus === '' ? all : focusOn(all, shape.focus, shape)
  return hideFromGraph(indexGraph(shown, comparison), shape.hide)
}

/** Id of the group of a namespace; that of a cluster is `cluster:<name>`. */
export const namespaceGroupId = (cluster: string | undefined, namespace: string): string =>
  `namespace:${cluster ?? ''}/${namespace}`

/** The outermost collapsed group that a node is in. Nodes that are namespaces or clusters already have no namespace of their own. */
function groupOf({ type, cluster, namespace }: TopologyNode, groups: ReadonlySet<string>): GroupNode | undefined {
  if (groups.size === 0 || type === 'cluster' || type === 'other') return undefined
  if (cluster !== undefined && groups.has(clusterNode(cluster).id)) return clusterNode(cluster)
  if (namespace === undefined || type === 'namespace') return undefined
  const id = namespaceGroupId(cluster, namespace)
  if (!groups.has(id)) return undefined
  return { id, type: 'namespace', ...(cluster !== undefined && { cluster }), namespace, name: namespace }
}

/** Ids of all namespaces whose nodes could be shown as one. */
export function namespaceGroups({ nodes }: Topology): string[] {
  const ids = nodes.flatMap(({ type, cluster, namespace }) =>
    namespace === undefined || type === 'namespace' ? [] : [namespaceGroupId(cluster, namespace)],
  )
  return [...new Set(ids)].toSorted()
}
