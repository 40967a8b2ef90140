import type { ClusterFailure } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import {
  assembleGraph,
  foldInvisible,
  mergeIntoClusters,
  uniteSamples,
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
  return {
    answers,
    failures: [
      ...[...failures, ...failed].map(({ cluster, error }) => ({
        cluster,
        problem: request.problemOf(error, cluster),
      })),
      ...answers.flatMap(({ source }) => notesOf(source)),
    ],
  }
}

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
  const { windowSeconds, at, namespaces, latency = 'none', prefer = 'source' } = question
  // Rights are by namespace: clusters are made of what is left.
  const view = question.view === 'cluster' ? 'namespace' : question.view
  const query = { view, windowSeconds, latency, ...(namespaces ? { namespaces: [...namespaces] } : {}) }
  const [{ answers, failures }, read] = await Promise.all([
    askSources(request, clusters, async ({ client }) => {
      const rates = recordedRates(client)
      // What is remembered of a server is remembered by its own client.
      const replicas = await replicaLabels(client, at)
      return { samples: await fetchGraphSamples(rates.client, { ...query, replicas }, at), recorded: rates.used() }
    }),
    snapshotsOf(request, clusters, 'Service'),
  ])
  const only = clusters.length === 1 ? clusters[0] : undefined
  const inventory = toInventory(read.snapshots, namespaces)
  const samples = answers.map(({ source, answer }) => ({ source, answer: answer.samples }))
  const graph = assembleGraph(mergeSamples(samples, members), {
    view,
    latency,
    prefer,
    inventory,
    idle: question.idle ?? false,
    clusterOf: (id) => id ?? only,
  })
  const seen = foldInvisible(graph, await visibleNamespaces(request, clusters, graph))
  return {
    graph: question.view === 'cluster' ? mergeIntoClusters(seen) : seen,
    inventory,
    recorded: answers.some(({ answer }) => answer.recorded),
    failures: [...read.failures, ...failures],
  }
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
