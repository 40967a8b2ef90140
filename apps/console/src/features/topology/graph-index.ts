import type { Topology, TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { evaluateExpression, type Expression, type GraphComparison, type GraphItem } from '@meshdeck/mesh'

/** A topology with its ends looked up. */
export interface GraphIndex {
  topology: Topology
  /** What differs from another moment, when one is compared with. */
  comparison?: GraphComparison | undefined
  nodes: ReadonlyMap<string, TopologyNode>
  edges: ReadonlyMap<string, TopologyEdge>
  inbound: ReadonlyMap<string, readonly TopologyEdge[]>
  outbound: ReadonlyMap<string, readonly TopologyEdge[]>
}

/** Looks up once what every part of the page asks for. */
export function indexGraph(topology: Topology, comparison?: GraphComparison): GraphIndex {
  return {
    topology,
    comparison,
    nodes: new Map(topology.nodes.map((node) => [node.id, node])),
    edges: new Map(topology.edges.map((edge) => [edge.id, edge])),
    inbound: Map.groupBy(topology.edges, ({ target }) => target),
    outbound: Map.groupBy(topology.edges, ({ source }) => source),
  }
}

/** Bytes per second of a TCP edge, both directions. */
export const bytesRate = (edge: TopologyEdge): number => edge.sentRate + edge.receivedRate

/** What an expression finds. */
export interface Found {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
  /** Ends of the edges that are found: shown with them, though not found themselves. */
  ends: ReadonlySet<string>
}

/** Finds by an expression. Undefined when nothing is looked for. */
export function findInGraph(graph: GraphIndex, expression: Expression | undefined): Found | undefined {
  if (expression === undefined) return undefined
  const isFound = (item: GraphItem): boolean => evaluateExpression(expression, item) === true
  const { nodes, edges } = graph.topology
  const found = edges.filter((edge) => isFound(edgeItem(graph, edge)))
  return {
    nodes: new Set(nodes.filter((node) => isFound(nodeItem(graph, node))).map(({ id }) => id)),
    edges: new Set(found.map(({ id }) => id)),
    ends: new Set(found.flatMap(({ source, target }) => [source, target])),
  }
}

/** What changed since the moment that is compared with, if anything. */
export function changedIn({ comparison, topology }: GraphIndex): Found | undefined {
  // Nothing stands out where all is as it was.
  if (comparison === undefined || comparison.edges.size + comparison.nodes.size === 0) return undefined
  const edges = topology.edges.filter(({ id }) => comparison.edges.has(id))
  return {
    nodes: new Set(comparison.nodes.keys()),
    edges: new Set(comparison.edges.keys()),
    ends: new Set(edges.flatMap(({ source, target }) => [source, target])),
  }
}

const nodeItem = ({ comparison }: GraphIndex, node: TopologyNode): GraphItem => ({
  kind: 'node',
  node,
  badges: node.badges,
  changes: comparison && (comparison.nodes.get(node.id)?.changes ?? []),
})

const edgeItem = ({ comparison, nodes }: GraphIndex, edge: TopologyEdge): GraphItem => ({
  kind: 'edge',
  edge,
  source: nodes.get(edge.source),
  target: nodes.get(edge.target),
  changes: comparison && (comparison.edges.get(edge.id)?.changes ?? []),
})

/** The graph without what an expression hides: with nodes go their edges, and nodes whose edges are all hidden. */
export function hideFromGraph(graph: GraphIndex, expression: Expression | undefined): GraphIndex {
  const hidden = findInGraph(graph, expression)
  if (hidden === undefined || hidden.nodes.size + hidden.edges.size === 0) return graph
  const { topology, comparison } = graph
  const edges = topology.edges.filter(
    ({ id, source, target }) => !hidden.edges.has(id) && !hidden.nodes.has(source) && !hidden.nodes.has(target),
  )
  const touched = new Set(edges.flatMap(({ source, target }) => [source, target]))
  const hadEdges = ({ id }: TopologyNode): boolean => graph.inbound.has(id) || graph.outbound.has(id)
  const nodes = topology.nodes.filter((node) => !hidden.nodes.has(node.id) && (touched.has(node.id) || !hadEdges(node)))
  return indexGraph({ ...topology, nodes, edges }, comparison)
}

/** A service that calls were made to. */
export interface CalledService {
  namespace: string
  name: string
}

/** The services that a node stands for: itself, or those through which a workload was called (`name.namespace.svc…`). */
export function servicesOf(node: TopologyNode, inbound: readonly TopologyEdge[]): CalledService[] {
  if (node.type === 'namespace') return []
  if (node.id.startsWith('service:'))
    return node.namespace === undefined ? [] : [{ namespace: node.namespace, name: node.name }]
  const found = new Map<string, CalledService>()
  for (const { host } of inbound) {
    const service = serviceOfHost(host)
    if (service) found.set(`${service.namespace}/${service.name}`, service)
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}

/** The service behind a host of the cluster's DNS; undefined for every other host. */
export function serviceOfHost(host: string | undefined): CalledService | undefined {
  const match = /^([^.]+)\.([^.]+)\.svc(\.|$)/.exec(host ?? '')
  return match?.[1] !== undefined && match[2] !== undefined ? { name: match[1], namespace: match[2] } : undefined
}
