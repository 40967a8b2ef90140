import {
  add,
  addFlags,
  addRequests,
  addSecurity,
  finishEdge,
  newEdgeSum,
  REPORTERS_BY_PREFERENCE,
  type EdgeSum,
} from './edge-sum.ts'
import { endpointsOf, inventoryNodes, type Endpoints, type NodeIdentity } from './endpoints.ts'
import { indexInventory, type InventoryIndex } from './inventory-index.ts'
import type { EdgeSample, GraphOptions, GraphProtocol, GraphSamples, MeshGraph, Reporter } from './model.ts'
import { byId, finishNodes, trafficOf } from './node-sum.ts'

interface Observation {
  endpoints: Endpoints
  /** Equal for reports of the same traffic. */
  pair: string
  /** Equal for what becomes one edge. */
  edge: string
  kind: keyof GraphSamples
  reporter: Reporter
  protocol: GraphProtocol
  sample: EdgeSample
}

/**
 * The graph of one instant. Each request is reported by its client and its server; reports are never added up. For every
 * pair of workloads (as fine as the samples' labels tell) one reporter is taken: the client, which sees failures that
 * never arrive, else the waypoint, else the server. What is known of mutual TLS comes from the server.
 * Ids and order do not depend on the order of the samples.
 *
 * Limits: two reports of the same traffic that name the peers differently (no metadata exchange) are two edges; the
 * namespace view takes one reporter for a pair of namespaces.
 */
export function assembleGraph(samples: GraphSamples, options: GraphOptions): MeshGraph {
  const inventory = indexInventory(options.inventory)
  const observations = observe(samples, options, inventory)
  const chosen = chooseReporters(observations)
  const identities = new Map<string, NodeIdentity>()
  const sums = new Map<string, EdgeSum>()
  for (const observation of observations) {
    if (observation.kind === 'latency' || observation.reporter !== chosen.get(observation.pair)) continue
    const { source, target } = observation.endpoints
    let sum = sums.get(observation.edge)
    if (sum === undefined) {
      sum = newEdgeSum(source.id, target.id, observation.protocol)
      sums.set(observation.edge, sum)
    }
    remember(identities, source)
    remember(identities, target)
    addTraffic(sum, observation)
  }
  for (const observation of observations) {
    const sum = sums.get(observation.edge)
    if (sum === undefined) continue
    const { kind, reporter, sample } = observation
    if (kind !== 'latency') addSecurity(sum, reporter, sample)
    else if (reporter === chosen.get(observation.pair)) {
      sum.latencyMs = Math.max(sum.latencyMs ?? 0, sample.value)
    }
  }
  if (options.idle === true) {
    for (const identity of inventoryNodes(options, inventory)) remember(identities, identity)
  }
  const edges = [...sums.values()].map((sum) => finishEdge(sum, options.thresholds)).toSorted(byId)
  const nodes = [...identities.values()].map((identity) => withInjection(identity, inventory))
  return {
    view: options.view,
    nodes: finishNodes(nodes, edges, options.thresholds),
    edges,
    totals: trafficOf(edges),
  }
}

function observe(samples: GraphSamples, options: GraphOptions, inventory: InventoryIndex): Observation[] {
  const context = { view: options.view, inventory, clusterOf: options.clusterOf ?? ((id: string | undefined) => id) }
  const kinds = ['requests', 'tcpSent', 'tcpReceived', 'latency'] as const
  return kinds.flatMap((kind) =>
    (samples[kind] ?? []).flatMap((sample) => {
      const reporter = reporterOf(sample)
      if (reporter === undefined || !(sample.value > 0) || !Number.isFinite(sample.value)) return []
      const tcp = kind === 'tcpSent' || kind === 'tcpReceived'
      const protocol = tcp ? 'tcp' : sample.metric['request_protocol'] === 'grpc' ? 'grpc' : 'http'
      const endpoints = endpointsOf(sample.metric, context)
      const pair = `${protocol} ${endpoints.pair}`
      const edge = `${protocol} ${endpoints.source.id} ${endpoints.target.id}`
      return [{ endpoints, pair, edge, kind, reporter, protocol, sample }]
    }),
  )
}

/** By pair and protocol, the best of the reporters that saw traffic. */
function chooseReporters(observations: readonly Observation[]): Map<string, Reporter> {
  const chosen = new Map<string, Reporter>()
  for (const observation of observations) {
    if (observation.kind === 'latency') continue
    const { pair, reporter } = observation
    const rival = chosen.get(pair)
    if (rival === undefined || rank(reporter) < rank(rival)) chosen.set(pair, reporter)
  }
  return chosen
}

function addTraffic(sum: EdgeSum, { kind, sample, endpoints: { host }, reporter }: Observation): void {
  sum.reporters.add(reporter)
  if (kind === 'requests') addRequests(sum, sample)
  else if (kind === 'tcpSent') sum.sent += sample.value
  else sum.received += sample.value
  addFlags(sum, sample)
  if (host !== undefined) add(sum.hosts, host, sample.value)
}

/** Keeps the most telling of several identities of one id (a service's node may be seen as a gateway only as caller). */
function remember(identities: Map<string, NodeIdentity>, identity: NodeIdentity): void {
  const seen = identities.get(identity.id)
  if (seen === undefined) identities.set(identity.id, identity)
  else if (seen.type !== 'gateway' && identity.type === 'gateway')
    identities.set(identity.id, { ...seen, type: 'gateway' })
  else if (preferred(identity.version, seen.version))
    identities.set(identity.id, { ...seen, ...identity, type: seen.type })
}

/** A workload whose pods differ in version shows the smallest, whatever came first. */
const preferred = (version: string | undefined, seen: string | undefined): boolean =>
  version !== undefined && (seen === undefined || version < seen)

function withInjection(identity: NodeIdentity, inventory: InventoryIndex): NodeIdentity & { injected?: boolean } {
  const { cluster, namespace, name, id } = identity
  if (namespace === undefined) return identity
  const item = id.startsWith('workload:')
    ? inventory.workload(cluster, namespace, name)
    : id.startsWith('service:')
      ? inventory.service(cluster, namespace, name)
      : undefined
  return item?.injected === undefined ? identity : { ...identity, injected: item.injected }
}

function reporterOf({ metric }: EdgeSample): Reporter | undefined {
  return REPORTERS_BY_PREFERENCE.find((reporter) => reporter === metric['reporter'])
}

const rank = (reporter: Reporter): number => REPORTERS_BY_PREFERENCE.indexOf(reporter)
