import type { Topology, TopologyEdge, TopologyNode } from '@meshdeck/contract'

export interface PictureSize {
  nodes: number
  edges: number
}

const NAMESPACE_SIZE = 50
const CLUSTERS = ['east-1', 'west-1']
/** One edge in so many has failing requests, one in so many is TCP. */
const FAILING = 12
const TCP = 10

/**
 * What the BFF would answer for a mesh of that size: most calls stay in their namespace, some go to its neighbours, and few
 * hubs are called by many. Rates differ from `turn` to `turn`, as they do from refresh to refresh; names do not.
 */
export function topologyOf({ nodes: count, edges: calls }: PictureSize, turn: number): Topology {
  const edges = Array.from({ length: calls }, (_, index) => edgeOf(index, count, turn))
  const nodes = Array.from({ length: count }, (_, index) => nodeOf(index, turn))
  return { at: Math.floor(Date.now() / 5_000) * 5 + turn * 5, window: 60, latency: 'none', nodes, edges, failures: [] }
}

function edgeOf(index: number, count: number, turn: number): TopologyEdge {
  const from = index % count
  const round = Math.floor(index / count)
  const namespace = Math.floor(from / NAMESPACE_SIZE) * NAMESPACE_SIZE
  const inside =
    namespace + ((from - namespace + 1 + round * 7 + (from % 3)) % Math.min(NAMESPACE_SIZE, count - namespace))
  const to =
    index % 17 === 0 ? (namespace + NAMESPACE_SIZE + (from % 5)) % count : index % 23 === 0 ? from % 10 : inside
  const tcp = index % TCP === 0
  const failing = index % FAILING === 1
  const rate = tcp ? 0 : 1 + ((index * 7 + turn * 3) % 50)
  const errorRate = failing ? 0.01 * (1 + (turn % 9)) : 0
  const protocol = tcp ? 'tcp' : index % 4 === 0 ? 'grpc' : 'http'
  return {
    id: `${idOf(from)}->${idOf(to)}:${protocol}:${index}`,
    source: idOf(from),
    target: idOf(to),
    protocol,
    host: `${nameOf(to)}.${namespaceOf(to)}.svc.cluster.local`,
    health: tcp ? 'unknown' : failing ? 'critical' : 'healthy',
    requestRate: rate,
    ...(!tcp && { errorRate }),
    sentRate: tcp ? 900 + turn : 0,
    receivedRate: tcp ? 450 + turn : 0,
    mtlsShare: index % 9 === 0 ? 0 : 1,
    codes: tcp ? {} : { '200': rate * (1 - errorRate), ...(failing && { '503': rate * errorRate }) },
    flags: {},
    reporter: 'source',
  }
}

function nodeOf(index: number, turn: number): TopologyNode {
  const traffic = { requestRate: 10 + ((index + turn) % 90), errorRate: 0, bytesRate: 0 }
  return {
    id: idOf(index),
    type: 'service',
    cluster: clusterOf(index),
    namespace: namespaceOf(index),
    name: nameOf(index),
    health: index % FAILING === 1 ? 'warning' : 'healthy',
    injected: index % 20 !== 0,
    idle: false,
    inbound: traffic,
    outbound: traffic,
  }
}

const nameOf = (index: number): string => `service-${index}`
const namespaceOf = (index: number): string => `team-${Math.floor(index / NAMESPACE_SIZE)}`
const clusterOf = (index: number): string => CLUSTERS[Math.floor(index / NAMESPACE_SIZE) % CLUSTERS.length] ?? ''
const idOf = (index: number): string => `service:${clusterOf(index)}/${namespaceOf(index)}/${nameOf(index)}`
