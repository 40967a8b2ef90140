import type { ClusterFailure } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import {
  assembleGraph,
  foldInvisible,
  mergeIntoClusters,
  uniteSamples,
  type AssembledView,
  type EdgeSample,
  type GraphInventory,
  type GraphSamples,
  type GraphView,
  type LatencyStatistic,
  type MeshGraph,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { fetchGraphSamples } from '../../../lib/prometheus/graph-queries.ts'
import { recordedRates } from '../../../lib/prometheus/recorded-rates.ts'
import { replicaLabels } from '../../../lib/prometheus/replica-labels.ts'
import type { SharedGraph } from '../../../lib/shared-graphs.ts'
import { toInventory } from '../../../lib/views/inventory.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'
import { notesOf } from './answer-notes.ts'
import { clustersOf, snapshotsOf } from './mesh-scope.ts'

/** Asks every Prometheus of some clusters; those that fail are named, and the others' answers stand. */
export async function askSources<Result>(
  request: FastifyRequest,
  clusters: readonly string[],
  ask: (source: MetricsSource) => Promise<Result>,
): Promise<{ answers: { source: MetricsSource; answer: Result }[]; failures: ClusterFailure[] }> {
  const { sources, failures } = await request.server.metricsSources(clusters, request.asker())
  const asked = await askEach(request, sources, ask)
  return { answers: asked.answers, failures: [...told(request, failures), ...asked.failures] }
}

/** Asks each of some Prometheus servers, as above. */
async function askEach<Result>(
  request: FastifyRequest,
  sources: readonly MetricsSource[],
  ask: (source: MetricsSource) => Promise<Result>,
): Promise<{ answers: { source: MetricsSource; answer: Result }[]; failures: ClusterFailure[] }> {
  const asked = await Promise.allSettled(sources.map(ask))
  const answers = sources.flatMap((source, index) => {
    const result = asked[index]
    return result?.status === 'fulfilled' ? [{ source, answer: result.value }] : []
  })
  const failed = sources.flatMap((source, index) => {
    const result = asked[index]
    return result?.status === 'rejected'
      ? source.clusters.map((cluster) => ({ cluster, error: result.reason as unknown }))
      : []
  })
  return { answers, failures: [...told(request, failed), ...answers.flatMap(({ source }) => notesOf(source))] }
}

/** What failed, as it is told to the caller. */
const told = (request: FastifyRequest, failed: readonly { cluster: string; error: unknown }[]): ClusterFailure[] =>
  failed.map(({ cluster, error }) => ({ cluster, problem: request.problemOf(error, cluster) }))

export interface GraphQuestion {
  view: GraphView
  windowSeconds: number
  at: number
  clusters?: ReadonlySet<string> | undefined
  namespaces?: ReadonlySet<string> | undefined
  idle?: boolean
  latency?: LatencyStatistic
  prefer?: 'source' | 'destination'
}

/** The graph of a mesh at an instant, as far as the caller may see it. */
export async function meshGraph(
  request: FastifyRequest,
  mesh: Mesh,
  question: GraphQuestion,
): Promise<{ graph: MeshGraph; inventory: GraphInventory; recorded: boolean; failures: ClusterFailure[] }> {
  const members = clustersOf(mesh)
  const clusters = members.filter((cluster) => question.clusters === undefined || question.clusters.has(cluster))
  const { at, windowSeconds, namespaces, latency = 'none', prefer = 'source', idle = false } = question
  // Rights are by namespace: clusters are made of what is left.
  const view = question.view === 'cluster' ? 'namespace' : question.view
  const asker = request.asker()
  // Others may wait for the same when this caller has gone.
  const work = new AbortController()
  const [{ sources, failures }, read] = await Promise.all([
    request.server.metricsSources(clusters, { ...asker, signal: work.signal }),
    snapshotsOf(request, clusters, 'Service'),
  ])
  const { inventory, mark } = toInventory(read.snapshots, namespaces)
  const asked = { at, view, windowSeconds, namespaces, latency, prefer, idle, members, clusters }
  const shared = await request.server.sharedGraphs.ask({
    // Who sees less of the clusters has another inventory, and so another graph.
    key: JSON.stringify({
      ...asked,
      namespaces: namespaces && [...namespaces].toSorted(),
      inventory: mark,
      live: asker.live,
      sources: sources.map((source) => [numberOf(source.client.server ?? source.client), source.clusters]),
    }),
    at,
    signal: asker.signal,
    assemble(abandoned) {
      abandoned.addEventListener('abort', () => work.abort(abandoned.reason), { once: true })
      return assembleWhole(request, sources, { ...asked, inventory })
    },
  })
  const seen = foldInvisible(shared.graph, await visibleNamespaces(request, clusters, shared.graph))
  return {
    graph: question.view === 'cluster' ? mergeIntoClusters(seen) : seen,
    inventory,
    recorded: shared.recorded,
    failures: [...read.failures, ...told(request, failures), ...shared.failures],
  }
}

/** Tells Prometheus servers apart, with the tenant and the credential that they are asked with. */
const numbers = new WeakMap<object, number>()
let lastNumber = 0
function numberOf(server: object): number {
  const known = numbers.get(server) ?? ++lastNumber
  numbers.set(server, known)
  return known
}

interface AskedGraph extends Required<Pick<GraphQuestion, 'windowSeconds' | 'at' | 'idle' | 'latency' | 'prefer'>> {
  view: AssembledView
  namespaces: ReadonlySet<string> | undefined
  /** All clusters of the mesh. */
  members: readonly string[]
  /** Those that are asked about. */
  clusters: readonly string[]
  inventory: GraphInventory
}

/** The graph before rights are applied to it. */
async function assembleWhole(
  request: FastifyRequest,
  sources: readonly MetricsSource[],
  { at, windowSeconds, namespaces, members, clusters, ...options }: AskedGraph,
): Promise<SharedGraph> {
  const { view, latency } = options
  const query = { view, windowSeconds, latency, ...(namespaces ? { namespaces: [...namespaces] } : {}) }
  const { answers, failures } = await askEach(request, sources, async ({ client }) => {
    const rates = recordedRates(client)
    // What is remembered of a server is remembered by its own client.
    const replicas = await replicaLabels(client, at)
    return { samples: await fetchGraphSamples(rates.client, { ...query, replicas }, at), recorded: rates.used() }
  })
  const only = clusters.length === 1 ? clusters[0] : undefined
  const samples = answers.map(({ source, answer }) => ({ source, answer: answer.samples }))
  const graph = assembleGraph(mergeSamples(samples, members), { ...options, clusterOf: (id) => id ?? only })
  return { graph, recorded: answers.some(({ answer }) => answer.recorded), failures }
}

/** Which namespaces' traffic the caller may see: those whose services may be listed. */
async function visibleNamespaces(request: FastifyRequest, clusters: readonly string[], graph: MeshGraph) {
  const names = new Set(graph.nodes.flatMap(({ namespace }) => namespace ?? []))
  const visible = new Map(
    await Promise.all(
      clusters.map(async (cluster) => {
        const listable = await request
          .rights(cluster)
          .listable('Service', names)
          .catch(() => new Set<string>())
        return [cluster, listable] as const
      }),
    ),
  )
  return (namespace: string, cluster: string | undefined): boolean => {
    // Where the metrics do not say the cluster, or name one that Meshdeck does not know, every one must agree.
    const asked = cluster !== undefined && visible.has(cluster) ? [visible.get(cluster)] : [...visible.values()]
    return asked.length > 0 && asked.every((listable) => listable === 'all' || listable?.has(namespace) === true)
  }
}

/**
 * Istio names clusters by ids of its own (`Kubernetes` unless configured). In a Prometheus that serves one cluster, an
 * id that is not a name of ours means that cluster.
 */
function mergeSamples(
  answers: readonly { source: MetricsSource; answer: GraphSamples }[],
  members: readonly string[],
): GraphSamples {
  const gather = (kind: keyof GraphSamples): EdgeSample[] =>
    uniteSamples(
      answers.map(({ source, answer }) => {
        const owner = source.clusters.length === 1 ? source.clusters[0] : undefined
        const samples = answer[kind] ?? []
        return {
          owner,
          samples: owner === undefined ? samples : samples.map((one) => withClusters(one, owner, members)),
        }
      }),
    )
  return {
    requests: gather('requests'),
    tcpSent: gather('tcpSent'),
    tcpReceived: gather('tcpReceived'),
    latency: gather('latency'),
    durationSum: gather('durationSum'),
    durationCount: gather('durationCount'),
  }
}

function withClusters(sample: EdgeSample, owner: string, members: readonly string[]): EdgeSample {
  const named = (label: string): Record<string, string> => {
    const id = sample.metric[label]
    return id === undefined || id === '' || id === 'unknown' || members.includes(id) ? {} : { [label]: owner }
  }
  const labels = { ...named('source_cluster'), ...named('destination_cluster') }
  return Object.keys(labels).length === 0 ? sample : { ...sample, metric: { ...sample.metric, ...labels } }
}
