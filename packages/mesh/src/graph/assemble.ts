import { addAmount } from './amounts.ts'
import { addFlags, addReporter, addRequests, addSecurity, finishEdge, newEdgeSum, type EdgeSum } from './edge-sum.ts'
import { carrierTest, type Report } from './carriers.ts'
import { endpointsReader, inventoryNodes, type End, type NodeIdentity } from './endpoints.ts'
import { indexInventory, type InventoryIndex } from './inventory-index.ts'
import type { EdgeSample, GraphNode, GraphOptions, GraphProtocol, GraphSamples, MeshGraph, Reporter } from './model.ts'
import { byId, finishNodes, trafficOf } from './node-sum.ts'

/** A waypoint stands between the two: it sees more than the one, and less than the other. */
const PREFERENCES: Readonly<Record<NonNullable<GraphOptions['prefer']>, readonly Reporter[]>> = {
  source: ['source', 'waypoint', 'destination'],
  destination: ['destination', 'waypoint', 'source'],
}
const PROTOCOLS: readonly GraphProtocol[] = ['http', 'grpc', 'tcp']
const SAMPLE_KINDS = ['requests', 'tcpSent', 'tcpReceived', 'latency', 'durationSum', 'durationCount'] as const

type DataPlane = Pick<GraphNode, 'injected' | 'ambient'>

interface Observation extends Report {
  target: End
  /** Equal for reports of the same traffic in one protocol. */
  pair: number
  /** Equal for what becomes one edge. */
  edge: number
}

/**
 * The graph of one instant. Each request is reported by its client and its server; reports are never added up. For every
 * pair of workloads (as fine as the samples' labels tell) one reporter is taken: the client, which sees failures that
 * never arrive, else the waypoint, else the server; or the other way round (`prefer`). What is known of mutual TLS comes
 * from the server. Reports of how requests were carried are left out (`carrierTest`). Ids and order do not depend on the
 * order of the samples.
 *
 * Limits: two reports of the same traffic that name the peers differently (no metadata exchange) are two edges. Samples
 * without the workloads' labels have one reporter for a pair of namespaces: see `needsWorkloads`.
 */
export function assembleGraph(samples: GraphSamples, options: GraphOptions): MeshGraph {
  const inventory = indexInventory(options.inventory)
  const preference = PREFERENCES[options.prefer ?? 'source']
  const latency = options.latency ?? 'none'
  const reports = observe(samples, options, inventory)
  const isCarrier = carrierTest(reports, inventory)
  const observations = reports.filter((report) => !isCarrier(report))
  const chosen = chooseReporters(observations, preference)
  const ends = new Set<End>()
  const sums = new Map<number, EdgeSum>()
  for (const observation of observations) {
    if (isDuration(observation) || observation.reporter !== chosen.get(observation.pair)) continue
    const { source, target } = observation
    let sum = sums.get(observation.edge)
    if (sum === undefined) {
      sum = newEdgeSum(source.node.id, target.node.id, observation.protocol)
      sums.set(observation.edge, sum)
    }
    ends.add(source).add(target)
    addTraffic(sum, observation)
  }
  for (const observation of observations) {
    const sum = sums.get(observation.edge)
    if (sum === undefined) continue
    const { reporter, sample } = observation
    if (!isDuration(observation)) addSecurity(sum, reporter, sample)
    else if (reporter === chosen.get(observation.pair)) addDuration(sum, observation)
  }
  addCarriedSecurity(sums, reports.filter(isCarrier))
  const identities = new Map<string, NodeIdentity>()
  for (const { node } of ends) remember(identities, node)
  if (options.idle === true) {
    for (const identity of inventoryNodes(options, inventory)) remember(identities, identity)
  }
  const edges = [...sums.values()].map((sum) => finishEdge(sum, preference, options.thresholds)).toSorted(byId)
  const nodes = [...identities.values()].map((identity) => withDataPlane(identity, inventory))
  return {
    view: options.view,
    latency,
    nodes: finishNodes(nodes, edges, { latency, thresholds: options.thresholds }),
    edges,
    totals: trafficOf(edges, latency),
  }
}

function observe(samples: GraphSamples, options: GraphOptions, inventory: InventoryIndex): Observation[] {
  const clusterOf = options.clusterOf ?? ((id: string | undefined) => id)
  const endpointsOf = endpointsReader({ view: options.view, inventory, clusterOf })
  const observations: Observation[] = []
  for (const kind of SAMPLE_KINDS) {
    for (const sample of samples[kind] ?? []) {
      const reporter = reporterOf(sample)
      if (reporter === undefined || !(sample.value > 0) || !Number.isFinite(sample.value)) continue
      const tcp = kind === 'tcpSent' || kind === 'tcpReceived'
      const protocol = tcp ? 'tcp' : sample.metric['request_protocol'] === 'grpc' ? 'grpc' : 'http'
      const { source, target, host } = endpointsOf(sample.metric)
      const parties = numberOfTwo(source.party, target.party)
      const pair = inProtocol(parties, protocol)
      const edge = inProtocol(numberOfTwo(source.index, target.index), protocol)
      observations.push({ source, target, host, parties, pair, edge, kind, reporter, protocol, sample })
    }
  }
  return observations
}

/** One number for two below 2^25; numbers are much cheaper to look up than texts. */
const numberOfTwo = (one: number, other: number): number => one * 2 ** 25 + other

/** Tells such numbers apart by protocol. */
const inProtocol = (both: number, protocol: GraphProtocol): number =>
  both * PROTOCOLS.length + PROTOCOLS.indexOf(protocol)

/** By pair and protocol, the best of the reporters that saw traffic. */
function chooseReporters(observations: readonly Observation[], preference: readonly Reporter[]): Map<number, Reporter> {
  const rank = (reporter: Reporter): number => preference.indexOf(reporter)
  const chosen = new Map<number, Reporter>()
  for (const observation of observations) {
    if (isDuration(observation)) continue
    const { pair, reporter } = observation
    const rival = chosen.get(pair)
    if (rival === undefined || rank(reporter) < rank(rival)) chosen.set(pair, reporter)
  }
  return chosen
}

function addTraffic(sum: EdgeSum, { kind, sample, host, reporter }: Observation): void {
  addReporter(sum, reporter)
  if (kind === 'requests') addRequests(sum, sample)
  else if (kind === 'tcpSent') sum.sent += sample.value
  else sum.received += sample.value
  addFlags(sum, sample)
  if (host !== undefined) addAmount(sum.hosts, host, sample.value)
}

/** A ztunnel at the server knows of mutual TLS where nobody does who reports the requests. */
function addCarriedSecurity(sums: ReadonlyMap<number, EdgeSum>, carriers: readonly Observation[]): void {
  const untold = new Set([...sums.values()].filter(({ mtls }) => mtls.server.all === 0))
  for (const { source, target, reporter, sample, protocol } of carriers) {
    if (protocol !== 'tcp' || reporter !== 'destination') continue
    for (const spoken of PROTOCOLS) {
      const sum = sums.get(inProtocol(numberOfTwo(source.index, target.index), spoken))
      if (sum !== undefined && untold.has(sum)) addSecurity(sum, reporter, sample)
    }
  }
}

const isDuration = ({ kind }: Observation): boolean =>
  kind === 'latency' || kind === 'durationSum' || kind === 'durationCount'

function addDuration(sum: EdgeSum, { kind, sample: { value } }: Observation): void {
  if (kind === 'durationSum') sum.durations.sum += value
  else if (kind === 'durationCount') sum.durations.count += value
  else sum.latencyMs = Math.max(sum.latencyMs ?? 0, value)
}

/** Keeps the most telling of several identities of one id (a service's node may be seen as a gateway only as caller). */
function remember(identities: Map<string, NodeIdentity>, identity: NodeIdentity): void {
  const seen = identities.get(identity.id)
  if (seen === undefined) identities.set(identity.id, identity)
  else if (!isDoor(seen) && isDoor(identity)) identities.set(identity.id, { ...seen, type: identity.type })
  else if (preferred(identity.version, seen.version))
    identities.set(identity.id, { ...seen, ...identity, type: seen.type })
}

const isDoor = ({ type }: NodeIdentity): boolean => type === 'gateway' || type === 'waypoint'

/** A workload whose pods differ in version shows the smallest, whatever came first. */
const preferred = (version: string | undefined, seen: string | undefined): boolean =>
  version !== undefined && (seen === undefined || version < seen)

/** With how it is in the mesh: by sidecars, or by ztunnel. */
function withDataPlane(identity: NodeIdentity, inventory: InventoryIndex): NodeIdentity & DataPlane {
  const items = inventoryOf(identity, inventory)
  const told = items.flatMap(({ injected }) => injected ?? [])
  return {
    ...identity,
    ...(told.length > 0 && { injected: told.every(Boolean) }),
    ...(items.length > 0 && items.every(({ ambient }) => ambient === true) && { ambient: true as const }),
  }
}

function inventoryOf(
  { cluster, namespace, name, id, version }: NodeIdentity,
  inventory: InventoryIndex,
): readonly DataPlane[] {
  if (namespace === undefined) return []
  if (id.startsWith('workload:')) return [inventory.workload(cluster, namespace, name) ?? []].flat()
  if (id.startsWith('service:')) return [inventory.service(cluster, namespace, name) ?? []].flat()
  return id.startsWith('version:') ? inventory.versioned(cluster, namespace, name, version) : []
}

function reporterOf({ metric }: EdgeSample): Reporter | undefined {
  return PREFERENCES.source.find((reporter) => reporter === metric['reporter'])
}
