import type { GraphEdge, GraphNode, Traffic } from '../model.ts'
import type { GraphChange } from '../compare.ts'

/** One thing of a graph that an expression is asked about, with what can be said of it. */
export type GraphItem =
  | {
      kind: 'node'
      node: GraphNode
      badges?: readonly string[] | undefined
      changes?: readonly GraphChange[] | undefined
    }
  | {
      kind: 'edge'
      edge: GraphEdge
      source: GraphNode | undefined
      target: GraphNode | undefined
      changes?: readonly GraphChange[] | undefined
    }

/** What a number is counted in, which decides the units that it may be given in. */
export type Quantity = 'rate' | 'share' | 'duration' | 'bytes'

/** Words for texts of an item. Several values mean any of them. */
export const TEXT_OPERANDS = {
  name: (item) => ofNodes(item, ({ name }) => name),
  namespace: (item) => ofNodes(item, ({ namespace }) => namespace),
  cluster: (item) => ofNodes(item, ({ cluster }) => cluster),
  app: (item) => ofNodes(item, ({ app }) => app),
  version: (item) => ofNodes(item, ({ version }) => version),
  type: (item) => (item.kind === 'node' ? [item.node.type] : undefined),
  source: (item) => (item.kind === 'edge' ? present(item.source?.name) : undefined),
  target: (item) => (item.kind === 'edge' ? present(item.target?.name) : undefined),
  host: (item) => (item.kind === 'edge' ? present(item.edge.host) : undefined),
  protocol: (item) => (item.kind === 'edge' ? [item.edge.protocol] : undefined),
  code: (item) => (item.kind === 'edge' ? Object.keys(item.edge.codes) : undefined),
  flag: (item) => (item.kind === 'edge' ? Object.keys(item.edge.flags) : undefined),
  reporter: (item) => (item.kind === 'edge' ? [item.edge.reporter] : undefined),
  health: (item) => [item.kind === 'node' ? item.node.health : item.edge.health],
  change: ({ changes }) => changes,
} satisfies Record<string, (item: GraphItem) => readonly string[] | undefined>
export type TextOperand = keyof typeof TEXT_OPERANDS

/** Words for numbers of an item; of a node those of what it answers, or of what it calls when it answers nothing. */
export const NUMBER_OPERANDS = {
  rps: { quantity: 'rate', read: (item) => trafficOf(item)?.requestRate },
  error: { quantity: 'share', read: (item) => trafficOf(item)?.errorRate },
  latency: { quantity: 'duration', read: (item) => trafficOf(item)?.latencyMs },
  bytes: { quantity: 'bytes', read: (item) => trafficOf(item)?.bytesRate },
  '4xx': { quantity: 'share', read: (item) => shareOfCodes(item, /^4..$/) },
  '5xx': { quantity: 'share', read: (item) => shareOfCodes(item, /^5..$/) },
  mtls: { quantity: 'share', read: (item) => (item.kind === 'edge' ? item.edge.mtlsShare : undefined) },
  'in.rps': { quantity: 'rate', read: (item) => ofSide(item, 'inbound')?.requestRate },
  'in.error': { quantity: 'share', read: (item) => ofSide(item, 'inbound')?.errorRate },
  'out.rps': { quantity: 'rate', read: (item) => ofSide(item, 'outbound')?.requestRate },
  'out.error': { quantity: 'share', read: (item) => ofSide(item, 'outbound')?.errorRate },
} satisfies Record<string, { quantity: Quantity; read: (item: GraphItem) => number | undefined }>
export type NumberOperand = keyof typeof NUMBER_OPERANDS

/** Words that stand alone. */
export const STATES = {
  mtls: (item) => atLeast(item.kind === 'edge' ? item.edge.mtlsShare : undefined, 1),
  sidecar: (item) => (item.kind === 'node' ? item.node.injected : undefined),
  ambient: (item) => (item.kind === 'node' ? item.node.ambient === true : undefined),
  idle: (item) => (item.kind === 'node' ? item.node.idle : undefined),
  healthy: (item) => healthOf(item) === 'healthy',
  unhealthy: (item) => ['warning', 'critical'].includes(healthOf(item)),
  http: (item) => ofProtocol(item, 'http'),
  grpc: (item) => ofProtocol(item, 'grpc'),
  tcp: (item) => ofProtocol(item, 'tcp'),
  changed: ({ changes }) => changes && changes.length > 0,
  rule: (item) => hasBadge(item, 'rule'),
  finding: (item) => hasBadge(item, 'finding'),
  fault: (item) => hasBadge(item, 'fault'),
  mirror: (item) => hasBadge(item, 'mirror'),
  breaker: (item) => hasBadge(item, 'breaker'),
} satisfies Record<string, (item: GraphItem) => boolean | undefined>
export type StateWord = keyof typeof STATES

/** Short names. */
export const ALIASES: Readonly<Record<string, TextOperand | NumberOperand>> = {
  ns: 'namespace',
  errors: 'error',
  ms: 'latency',
  from: 'source',
  to: 'target',
}

/** What a plain word is looked for in: names of a node; of an edge the host, and names of both ends. */
export function searchedTexts(item: GraphItem): string[] {
  if (item.kind === 'node') return textsOf(item.node)
  const { edge, source, target } = item
  return [...present(edge.host), ...textsOf(source), ...textsOf(target)]
}

function textsOf(node: GraphNode | undefined): string[] {
  if (node === undefined) return []
  const { name, namespace, cluster, app } = node
  return [name, ...present(namespace), ...present(cluster), ...present(app), `${namespace ?? ''}/${name}`]
}

const present = (value: string | undefined): string[] => (value === undefined ? [] : [value])

/** Of a node its own; of an edge those of both ends. */
function ofNodes(item: GraphItem, read: (node: GraphNode) => string | undefined): string[] {
  const nodes = item.kind === 'node' ? [item.node] : [item.source, item.target]
  return nodes.flatMap((node) => (node ? present(read(node)) : []))
}

function trafficOf(item: GraphItem): Traffic | undefined {
  if (item.kind === 'edge') return { ...item.edge, bytesRate: item.edge.sentRate + item.edge.receivedRate }
  const { inbound, outbound } = item.node
  return inbound.requestRate > 0 || inbound.bytesRate > 0 ? inbound : outbound
}

const ofSide = (item: GraphItem, side: 'inbound' | 'outbound'): Traffic | undefined =>
  item.kind === 'node' ? item.node[side] : undefined

function shareOfCodes(item: GraphItem, pattern: RegExp): number | undefined {
  if (item.kind === 'node' || !(item.edge.requestRate > 0)) return undefined
  const matching = Object.entries(item.edge.codes).filter(([code]) => pattern.test(code))
  return matching.reduce((sum, [, rate]) => sum + rate, 0) / item.edge.requestRate
}

const healthOf = (item: GraphItem): string => (item.kind === 'node' ? item.node.health : item.edge.health)
const ofProtocol = (item: GraphItem, protocol: string): boolean | undefined =>
  item.kind === 'edge' ? item.edge.protocol === protocol : undefined
const hasBadge = (item: GraphItem, badge: string): boolean | undefined =>
  item.kind === 'node' ? item.badges?.includes(badge) : undefined
const atLeast = (value: number | undefined, bound: number): boolean | undefined =>
  value === undefined ? undefined : value >= bound
