/** The lab's clusters, people and services as a fleet of the sandbox, so that the same journeys walk through both. */
import { GRAPHS, graphObjects, PEOPLE, playgroundObjects, rbacObjects } from '@meshdeck/lab'
import type { GraphEdge, ServiceGraph } from '@meshdeck/lab'
import { gatewayApiCrds, istioCrds, istioObjects, KUBERNETES_VERSION, nodeObjects } from '@meshdeck/sandbox'
import type { Behaviour, Call, Fleet, FleetCluster } from '@meshdeck/sandbox'

const ISTIO_VERSION = '1.30.3'
const MESH = 'lab'
const UNDECLARED = 'elsewhere.example'

const CLUSTERS = [
  { name: 'alpha', graph: GRAPHS['shop'], nodes: 3 },
  { name: 'beta', graph: GRAPHS['stock'], nodes: 2 },
] as const

export function labFleet(): Fleet {
  const graphs = CLUSTERS.flatMap(({ name, graph }) => (graph === undefined ? [] : [{ name, graph }]))
  return {
    name: MESH,
    hub: 'alpha',
    people: Object.entries(PEOPLE).map(([id, { name, groups }]) => ({ id, username: name, groups })),
    clusters: CLUSTERS.map(({ name, graph, nodes }) => fleetCluster(name, graph, nodes)),
    traffic: {
      behaviours: Object.assign({}, ...graphs.map(({ graph }) => behavioursOf(graph))) as Record<string, Behaviour>,
      calls: graphs.flatMap(({ name, graph }) => callsOf(name, graph)),
    },
  }
}

function fleetCluster(name: string, graph: ServiceGraph | undefined, nodes: number): FleetCluster {
  return {
    name,
    version: KUBERNETES_VERSION,
    mesh: MESH,
    objects: [
      ...istioCrds(),
      ...gatewayApiCrds(),
      ...nodeObjects(name, `${name}-region`, nodes, KUBERNETES_VERSION),
      ...istioObjects({
        version: ISTIO_VERSION,
        cluster: name,
        meshId: MESH,
        network: `${name}-network`,
        gateways: ['istio-ingressgateway'],
      }),
      ...rbacObjects(),
      ...(graph === undefined ? [] : graphObjects(graph)),
      ...playgroundObjects(),
    ],
  }
}

/** Edges to versions of one service are one call: who gets how much is for the rules to say. */
function callsOf(cluster: string, graph: ServiceGraph): readonly Call[] {
  const calls = new Map<string, Call>()
  for (const edge of graph.edges) {
    const to = targetOf(graph, edge)
    const key = `${edge.from} ${to}`
    const perSecond = rateOf(edge) + (calls.get(key)?.perSecond ?? 0)
    const bytes = edge.protocol === 'tcp' ? { bytesPerConnection: edge.sentBytesPerSecond / rateOf(edge) } : {}
    calls.set(key, { cluster, from: edge.from, to, protocol: edge.protocol, perSecond, ...bytes })
  }
  return [...calls.values()]
}

function targetOf(graph: ServiceGraph, { to }: GraphEdge): string {
  if ('host' in to) return to.host
  if ('undeclared' in to) return UNDECLARED
  const workload = graph.workloads.find(({ namespace, name }) => `${namespace}/${name}` === to.workload)
  if (workload === undefined) throw new Error(`no workload ${to.workload} in the graph`)
  return `${workload.app}.${workload.namespace}`
}

const rateOf = (edge: GraphEdge): number =>
  edge.protocol === 'tcp' ? edge.connectionsPerSecond : edge.requestsPerSecond

/** How the called ones answer; failures that come from the way there are the sandbox's own to make. */
function behavioursOf(graph: ServiceGraph): Record<string, Behaviour> {
  return Object.fromEntries(
    graph.edges.flatMap((edge) => {
      if (edge.protocol === 'tcp' || !('workload' in edge.to)) return []
      const failure = edge.failures?.find(({ arrived }) => arrived)
      const { latencyMs, responseBytes } = edge
      return [
        [
          edge.to.workload,
          {
            latencyMs,
            ...(responseBytes === undefined ? {} : { responseBytes }),
            ...(failure === undefined
              ? {}
              : {
                  failures: {
                    share: failure.share,
                    code: failure.code,
                    ...(failure.grpcStatus === undefined ? {} : { grpcStatus: failure.grpcStatus }),
                  },
                }),
          },
        ],
      ]
    }),
  )
}
