import type { Topology, TopologyEdge, TopologyNode } from '@meshdeck/contract'

/** A topology with its ends looked up. */
export interface GraphIndex {
  topology: Topology
  nodes: ReadonlyMap<string, TopologyNode>
  edges: ReadonlyMap<string, TopologyEdge>
  inbound: ReadonlyMap<string, readonly TopologyEdge[]>
  outbound: ReadonlyMap<string, readonly TopologyEdge[]>
}

/** Looks up once what every part of the page asks for. */
export function indexGraph(topology: Topology): GraphIndex {
  return {
    topology,
    nodes: new Map(topology.nodes.map((node) => [node.id, node])),
    edges: new Map(topology.edges.map((edge) => [edge.id, edge])),
    inbound: Map.groupBy(topology.edges, ({ target }) => target),
    outbound: Map.groupBy(topology.edges, ({ source }) => source),
  }
}

/** Bytes per second of a TCP edge, both directions. */
export const bytesRate = (edge: TopologyEdge): number => edge.sentRate + edge.receivedRate

/** What is found by a text: nodes whose names hold it, edges that touch them or call a host that holds it. */
export interface Found {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
}

/** Finds by a part of a name, namespace, cluster or host, whatever the case. Undefined when nothing is looked for. */
export function findInGraph({ topology }: GraphIndex, text: string): Found | undefined {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return undefined
  const holds = (...values: (string | undefined)[]): boolean =>
    values.some((value) => value?.toLowerCase().includes(wanted))
  const nodes = new Set(
    topology.nodes
      .filter(({ name, namespace, cluster, app }) => holds(name, namespace, cluster, app, `${namespace ?? ''}/${name}`))
      .map(({ id }) => id),
  )
  const edges = new Set(
    topology.edges
      .filter(({ source, target, host }) => nodes.has(source) || nodes.has(target) || holds(host))
      .map(({ id }) => id),
  )
  return { nodes, edges }
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
