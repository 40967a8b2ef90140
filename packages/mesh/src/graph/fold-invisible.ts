import { healthOf, type HealthThresholds } from '../health/health.ts'
import { share } from '../istio/numbers.ts'
import type { NodeIdentity } from './endpoints.ts'
import type { GraphEdge, MeshGraph } from './model.ts'
import { byId, finishNodes, trafficOf } from './node-sum.ts'

const OTHER: NodeIdentity = { id: 'other', type: 'other', name: 'other' }

/**
 * The graph for someone who may not see every namespace. Nodes of namespaces that `canSeeNamespace` refuses become one
 * node `other`; so does what lies outside the mesh and is talked to by them alone (its name would tell what they call).
 * Edges with `other` at an end lose their host; traffic among what is hidden is gone, from the totals as well.
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
  const groups = Map.groupBy(
    graph.edges
      .filter(({ source, target }) => seen.has(source) || seen.has(target))
      .map((edge) => hideEnds(edge, isShown)),
    ({ id }) => id,
  )
  const edges = [...groups.values()].map((group) => mergeEdges(group, thresholds)).toSorted(byId)
  const shown = graph.nodes
    .filter(({ id }) => isShown(id))
    .map(({ health: _health, idle: _idle, inbound: _inbound, outbound: _outbound, ...identity }) => identity)
  const folded = edges.some(({ source, target }) => source === OTHER.id || target === OTHER.id)
  return {
    view: graph.view,
    nodes: finishNodes(folded ? [...shown, OTHER] : shown, edges, thresholds),
    edges,
    totals: trafficOf(edges),
  }
}

function hideEnds(edge: GraphEdge, isShown: (id: string) => boolean): GraphEdge {
  const source = isShown(edge.source) ? edge.source : OTHER.id
  const target = isShown(edge.target) ? edge.target : OTHER.id
  if (source === edge.source && target === edge.target) return edge
  const { host: _host, ...rest } = edge
  return { ...rest, id: `${source}->${target}:${edge.protocol}`, source, target }
}

/** Edges that became one. Shares are weighted by traffic. */
function mergeEdges(group: readonly GraphEdge[], thresholds: HealthThresholds | undefined): GraphEdge {
  const [first, ...others] = group
  if (first === undefined) throw new RangeError('an edge is needed')
  return others.reduce((sum, edge) => {
    const requestRate = sum.requestRate + edge.requestRate
    const errors = sum.requestRate * (sum.errorRate ?? 0) + edge.requestRate * (edge.errorRate ?? 0)
    const errorRate = share(errors, requestRate)
    const mtlsShare = mergeMtls(sum, edge)
    const latencyMs = largest(sum.latencyMs, edge.latencyMs)
    const sentRate = sum.sentRate + edge.sentRate
    const receivedRate = sum.receivedRate + edge.receivedRate
    const signals = { requestRate, errorRate, latencyMs, bytesRate: sentRate + receivedRate }
    return {
      id: sum.id,
      source: sum.source,
      target: sum.target,
      protocol: sum.protocol,
      health: healthOf(signals, thresholds),
      requestRate,
      ...(errorRate !== undefined && { errorRate }),
      ...(latencyMs !== undefined && { latencyMs }),
      sentRate,
      receivedRate,
      ...(mtlsShare !== undefined && { mtlsShare }),
      codes: addRecords(sum.codes, edge.codes),
      flags: addRecords(sum.flags, edge.flags),
      reporter: sum.reporter === edge.reporter ? sum.reporter : 'source',
    }
  }, first)
}

function mergeMtls(a: GraphEdge, b: GraphEdge): number | undefined {
  if (a.mtlsShare === undefined || b.mtlsShare === undefined) return a.mtlsShare ?? b.mtlsShare
  return share(a.mtlsShare * weight(a) + b.mtlsShare * weight(b), weight(a) + weight(b))
}

const weight = (edge: GraphEdge): number =>
  edge.protocol === 'tcp' ? edge.sentRate + edge.receivedRate : edge.requestRate

function largest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

function addRecords(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = new Map(Object.entries(a))
  for (const [key, value] of Object.entries(b)) sum.set(key, (sum.get(key) ?? 0) + value)
  return Object.fromEntries([...sum].toSorted(([x], [y]) => (x < y ? -1 : 1)))
}
