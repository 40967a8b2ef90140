import type { GraphEdge, GraphNode, MeshGraph, Traffic } from './model.ts'

export const GRAPH_CHANGES = ['new', 'gone', 'more-errors', 'slower', 'fewer-errors', 'faster'] as const
export type GraphChange = (typeof GRAPH_CHANGES)[number]

/** The same thing at two moments, where something differs. */
export interface Changed<T> {
  /** The most important first; never empty. */
  changes: readonly GraphChange[]
  before?: T
  after?: T
}

/** What differs between two moments, by id; what stayed as it was is not in it. */
export interface GraphComparison {
  nodes: ReadonlyMap<string, Changed<GraphNode>>
  edges: ReadonlyMap<string, Changed<GraphEdge>>
}

type Moment = Pick<MeshGraph, 'nodes' | 'edges'> & {
  /** Seconds that the rates are averaged over: from few requests little can be told. */
  window: number
}

/** A share of errors has to move by so much. */
const LEAST_ERROR_SHARE = 0.01
/** And by so many standard deviations of what chance alone would do with as many requests. */
const DEVIATIONS = 3
const LEAST_LATENCY_MS = 20
const LEAST_LATENCY_FACTOR = 1.5

/** Compares two moments of the same view: what is new, gone, fails more or less often, is slower or faster. */
export function compareGraphs(before: Moment, after: Moment): GraphComparison {
  const windows = { before: before.window, after: after.window }
  const edges = compareAll(before.edges, after.edges, (one, other) => compareTraffic(one, other, windows))
  const isPresent = ({ idle }: GraphNode): boolean => !idle
  const nodes = compareAll(before.nodes.filter(isPresent), after.nodes.filter(isPresent), (one, other) =>
    compareTraffic(one.inbound, other.inbound, windows),
  )
  return { nodes, edges }
}

/** The later moment with what is gone since, its health unknown, so that it can be shown where it was. */
export function withGone<Moments extends Pick<MeshGraph, 'nodes' | 'edges'>>(
  after: Moments,
  { nodes, edges }: GraphComparison,
): Moments {
  const known = new Set(after.nodes.map(({ id }) => id))
  const goneNodes = [...nodes.values()].flatMap(({ before, after: now }) =>
    before !== undefined && now === undefined && !known.has(before.id) ? [withoutTraffic(before)] : [],
  )
  const goneEdges = [...edges.values()].flatMap(({ before, after: now }) =>
    before !== undefined && now === undefined ? [{ ...before, health: 'unknown' as const }] : [],
  )
  return { ...after, nodes: [...after.nodes, ...goneNodes], edges: [...after.edges, ...goneEdges] }
}

function compareAll<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  compare: (before: T, after: T) => GraphChange[],
): Map<string, Changed<T>> {
  const earlier = new Map(before.map((item) => [item.id, item]))
  const later = new Set(after.map(({ id }) => id))
  const changed = new Map<string, Changed<T>>()
  for (const item of after) {
    const was = earlier.get(item.id)
    const changes: readonly GraphChange[] = was === undefined ? ['new'] : compare(was, item)
    if (changes.length > 0) changed.set(item.id, { changes, ...(was !== undefined && { before: was }), after: item })
  }
  for (const item of before) if (!later.has(item.id)) changed.set(item.id, { changes: ['gone'], before: item })
  return changed
}

type Signals = Pick<Traffic, 'requestRate' | 'errorRate' | 'latencyMs'>

function compareTraffic(before: Signals, after: Signals, windows: { before: number; after: number }): GraphChange[] {
  const errors = errorChange(before, after, windows)
  const latency = latencyChange(before.latencyMs, after.latencyMs)
  const changes = [errors, latency].flatMap((change) => change ?? [])
  return changes.toSorted((a, b) => GRAPH_CHANGES.indexOf(a) - GRAPH_CHANGES.indexOf(b))
}

function errorChange(
  before: Signals,
  after: Signals,
  windows: { before: number; after: number },
): GraphChange | undefined {
  if (before.errorRate === undefined || after.errorRate === undefined) return undefined
  const [n, m] = [before.requestRate * windows.before, after.requestRate * windows.after]
  const pooled = (before.errorRate * n + after.errorRate * m) / (n + m)
  const byChance = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
  const difference = after.errorRate - before.errorRate
  if (!(Math.abs(difference) >= Math.max(LEAST_ERROR_SHARE, DEVIATIONS * byChance))) return undefined
  return difference > 0 ? 'more-errors' : 'fewer-errors'
}

function latencyChange(before: number | undefined, after: number | undefined): GraphChange | undefined {
  if (before === undefined || after === undefined) return undefined
  const [low, high] = before < after ? [before, after] : [after, before]
  if (high - low < LEAST_LATENCY_MS || high < low * LEAST_LATENCY_FACTOR) return undefined
  return after > before ? 'slower' : 'faster'
}

const NO_TRAFFIC: Traffic = { requestRate: 0, bytesRate: 0 }
const withoutTraffic = (node: GraphNode): GraphNode => ({
  ...node,
  health: 'unknown',
  idle: true,
  inbound: NO_TRAFFIC,
  outbound: NO_TRAFFIC,
})
