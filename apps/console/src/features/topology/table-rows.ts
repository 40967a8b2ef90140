import type { HealthLevel, TopologyEdge, TopologyNode } from '@meshdeck/contract'
import { GRAPH_CHANGES, mtlsShareOf, type Changed } from '@meshdeck/mesh'
import type { Found, GraphIndex } from './graph-index.ts'

/** One call path of the graph, with the very numbers that the picture has. */
export interface EdgeRow {
  id: string
  edge: TopologyEdge
  source: TopologyNode | undefined
  target: TopologyNode | undefined
  /** What differs from the moment that is compared with. */
  changed: Changed<TopologyEdge> | undefined
}

/** One node of the graph. */
export interface NodeRow {
  id: string
  node: TopologyNode
  /** Share of what it receives under mutual TLS. */
  mtlsShare: number | undefined
  changed: Changed<TopologyNode> | undefined
}

/** A value of a row: for sorting and for the file; numbers are whole, as the server sent them. */
export type Cell = string | number | boolean | undefined
export type CellReaders<Row> = Readonly<Record<string, (row: Row) => Cell>>

/** From good to bad, so that sorting downwards shows the worst first. */
const HEALTH_ORDER: Record<HealthLevel, number> = { unknown: 0, healthy: 1, warning: 2, critical: 3 }

/** From the least to the most important, so that sorting downwards shows the gravest first. */
const changeOrder = (changed: Changed<unknown> | undefined): Cell => {
  const [first] = changed?.changes ?? []
  return first && GRAPH_CHANGES.length - GRAPH_CHANGES.indexOf(first)
}

/** Rates by code or flag in one cell: `200=7.5 503=1`. */
const ratesText = (rates: Readonly<Record<string, number>>): Cell =>
  Object.entries(rates)
    .map(([name, rate]) => `${name}=${rate}`)
    .join(' ') || undefined

const nameOf = (node: TopologyNode | undefined): Cell => node && [node.name, node.namespace, node.cluster].join(' ')

/** What edges are sorted by, by column. */
export const EDGE_SORTS: CellReaders<EdgeRow> = {
  source: ({ source }) => nameOf(source),
  target: ({ target }) => nameOf(target),
  protocol: ({ edge }) => edge.protocol,
  health: ({ edge }) => HEALTH_ORDER[edge.health],
  rate: ({ edge }) => edge.requestRate,
  errors: ({ edge }) => edge.errorRate,
  latency: ({ edge }) => edge.latencyMs,
  sent: ({ edge }) => edge.sentRate,
  received: ({ edge }) => edge.receivedRate,
  mtls: ({ edge }) => edge.mtlsShare,
  change: ({ changed }) => changeOrder(changed),
}

/** What nodes are sorted by, by column. */
export const NODE_SORTS: CellReaders<NodeRow> = {
  name: ({ node }) => node.name,
  where: ({ node }) => [node.cluster, node.namespace].join(' '),
  type: ({ node }) => node.type,
  health: ({ node }) => HEALTH_ORDER[node.health],
  rate: ({ node }) => node.inbound.requestRate,
  errors: ({ node }) => node.inbound.errorRate,
  latency: ({ node }) => node.inbound.latencyMs,
  bytes: ({ node }) => node.inbound.bytesRate,
  outRate: ({ node }) => node.outbound.requestRate,
  outErrors: ({ node }) => node.outbound.errorRate,
  mtls: ({ mtlsShare }) => mtlsShare,
  sidecar: ({ node }) => node.injected,
  badges: ({ node }) => node.badges?.length,
  change: ({ changed }) => changeOrder(changed),
}

/** Columns of the file of edges. Names are for machines: the same in every language. */
export const EDGE_FILE: CellReaders<EdgeRow> = {
  source: ({ edge, source }) => source?.name ?? edge.source,
  source_namespace: ({ source }) => source?.namespace,
  source_cluster: ({ source }) => source?.cluster,
  target: ({ edge, target }) => target?.name ?? edge.target,
  target_namespace: ({ target }) => target?.namespace,
  target_cluster: ({ target }) => target?.cluster,
  host: ({ edge }) => edge.host,
  protocol: ({ edge }) => edge.protocol,
  health: ({ edge }) => edge.health,
  requests_per_second: ({ edge }) => edge.requestRate,
  error_share: ({ edge }) => edge.errorRate,
  latency_milliseconds: ({ edge }) => edge.latencyMs,
  sent_bytes_per_second: ({ edge }) => edge.sentRate,
  received_bytes_per_second: ({ edge }) => edge.receivedRate,
  mtls_share: ({ edge }) => edge.mtlsShare,
  reporter: ({ edge }) => edge.reporter,
  codes: ({ edge }) => ratesText(edge.codes),
  flags: ({ edge }) => ratesText(edge.flags),
  change: ({ changed }) => changed?.changes.join(' '),
}

/** Columns of the file of nodes. */
export const NODE_FILE: CellReaders<NodeRow> = {
  name: ({ node }) => node.name,
  namespace: ({ node }) => node.namespace,
  cluster: ({ node }) => node.cluster,
  type: ({ node }) => node.type,
  health: ({ node }) => node.health,
  sidecar: ({ node }) => node.injected,
  in_requests_per_second: ({ node }) => node.inbound.requestRate,
  in_error_share: ({ node }) => node.inbound.errorRate,
  in_latency_milliseconds: ({ node }) => node.inbound.latencyMs,
  in_bytes_per_second: ({ node }) => node.inbound.bytesRate,
  in_mtls_share: ({ mtlsShare }) => mtlsShare,
  out_requests_per_second: ({ node }) => node.outbound.requestRate,
  out_error_share: ({ node }) => node.outbound.errorRate,
  out_latency_milliseconds: ({ node }) => node.outbound.latencyMs,
  out_bytes_per_second: ({ node }) => node.outbound.bytesRate,
  badges: ({ node }) => node.badges?.join(' '),
  change: ({ changed }) => changed?.changes.join(' '),
}

/** Edges of the graph as rows, as far as a search finds them. */
export function edgeRows({ topology, nodes, comparison }: GraphIndex, found: Found | undefined): EdgeRow[] {
  return topology.edges
    .filter(({ id }) => found === undefined || found.edges.has(id))
    .map((edge) => ({
      id: edge.id,
      edge,
      source: nodes.get(edge.source),
      target: nodes.get(edge.target),
      changed: comparison?.edges.get(edge.id),
    }))
}

/** Nodes of the graph as rows, as far as a search finds them. */
export function nodeRows({ topology, inbound, comparison }: GraphIndex, found: Found | undefined): NodeRow[] {
  return topology.nodes
    .filter(({ id }) => found === undefined || found.nodes.has(id))
    .map((node) => ({
      id: node.id,
      node,
      mtlsShare: mtlsShareOf(inbound.get(node.id) ?? []),
      changed: comparison?.nodes.get(node.id),
    }))
}

/** Sorts by a column, downwards with a leading `-`; what has no value comes last either way, equals stay in their order. */
export function sortRows<Row>(rows: readonly Row[], sort: string, readers: CellReaders<Row>): Row[] {
  const down = sort.startsWith('-')
  const read = readers[down ? sort.slice(1) : sort]
  if (!read) return [...rows]
  return rows.toSorted((a, b) => {
    const [x, y] = [read(a), read(b)]
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1
    const order = typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y)
    return down ? -order : order
  })
}
