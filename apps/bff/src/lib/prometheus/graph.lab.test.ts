/** Every edge of every view at ten instants beside what a real Prometheus gives for it by a query of its own. */
import { isRecord } from '@meshdeck/kube'
import { labState } from '@meshdeck/lab'
import { assembleGraph, type AssembledView, type GraphEdge, type GraphNode, type MeshGraph } from '@meshdeck/mesh'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fetchGraphSamples } from './graph-queries.ts'
import { alignedNow, createPrometheusClient, type PrometheusClient } from './prometheus-client.ts'

const WINDOW = 60
const INSTANTS = 10
const BETWEEN_SECONDS = 5
const FAILED = 'response_code=~"5..|0"'

describe.each([0, 1])('the graph of cluster %i of the lab', (index) => {
  let url: string
  let client: PrometheusClient
  let instants: number[]

  beforeAll(async () => {
    url = (await labState()).clusters[index]?.prometheusUrl ?? ''
    client = createPrometheusClient({ url, policy: { allowLoopback: true } })
    // A lab that came up just now has to be scraped for a while first.
    await vi.waitFor(
      async () => {
        const last = alignedNow() - 10
        instants = Array.from({ length: INSTANTS }, (_, step) => last - step * BETWEEN_SECONDS)
        expect(await ask('sum(rate(istio_requests_total[60s]))', instants.at(-1) ?? 0)).toBeGreaterThan(0)
      },
      { timeout: 110_000, interval: 1_000 },
    )
  }, 120_000)
  afterAll(() => client.close())

  /** One number, without any of our code; 0 when there is none. */
  async function ask(query: string, at: number): Promise<number> {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at) })}`)
    const body: unknown = await response.json()
    const result = isRecord(body) && isRecord(body['data']) ? body['data']['result'] : undefined
    if (!Array.isArray(result)) throw new Error(`${query}: ${JSON.stringify(body)}`)
    const [first]: unknown[] = result
    return isRecord(first) && Array.isArray(first['value']) ? Number(first['value'][1]) : 0
  }

  /** The rate of what an edge stands for, each call once: as its client says, or its server where the client is not known. */
  async function rateOf(metric: string, labels: readonly string[], at: number): Promise<number> {
    const sum = async (reports: string): Promise<number> =>
      ask(`sum(rate(${metric}{${[...labels, reports].join(',')}}[${WINDOW}s]))`, at)
    return (await sum('reporter="source"')) + (await sum('reporter="destination",source_workload="unknown"'))
  }

  async function graphOf(view: AssembledView, at: number): Promise<MeshGraph> {
    const query = { view, windowSeconds: WINDOW, latency: 'mean' } as const
    return assembleGraph(await fetchGraphSamples(client, query, at), { view, latency: 'mean' })
  }

  it.each(['workload', 'version', 'service', 'namespace'] as const)(
    'has in the view of %s what Prometheus has for every edge',
    { timeout: 120_000 },
    async (view) => {
      let compared = 0
      for (const at of instants) {
        const { nodes, edges } = await graphOf(view, at)
        const byId = new Map(nodes.map((node) => [node.id, node]))
        await Promise.all(edges.map((edge) => compare(edge, labelsOf(edge, byId, view), at)))
        compared += edges.length
        const all = await rateOf('istio_requests_total', [], at)
        expect(
          edges.reduce((sum, edge) => sum + edge.requestRate, 0),
          `total at ${at}`,
        ).toBeCloseTo(all, 9)
      }
      process.stdout.write(`graph: cluster ${index}, view of ${view}: ${compared} edges at ${INSTANTS} instants\n`)
      expect(compared).toBeGreaterThan(INSTANTS)
    },
  )

  async function compare(edge: GraphEdge, labels: readonly string[], at: number): Promise<void> {
    const what = `${edge.id} at ${at}`
    if (edge.protocol === 'tcp') {
      expect(edge.sentRate, what).toBeCloseTo(await rateOf('istio_tcp_sent_bytes_total', labels, at), 6)
      expect(edge.receivedRate, what).toBeCloseTo(await rateOf('istio_tcp_received_bytes_total', labels, at), 6)
      return
    }
    const rate = await rateOf('istio_requests_total', labels, at)
    expect(edge.requestRate, what).toBeCloseTo(rate, 9)
    const failed = await rateOf('istio_requests_total', [...labels, FAILED], at)
    const refused = await rateOf(
      'istio_requests_total',
      [...labels, 'response_code!~"5..|0"', 'grpc_response_status!~"|0"'],
      at,
    )
    expect(edge.errorRate, what).toBeCloseTo((failed + refused) / rate, 9)
    const duration = 'istio_request_duration_milliseconds'
    const mean = (await rateOf(`${duration}_sum`, labels, at)) / (await rateOf(`${duration}_count`, labels, at))
    if (mean > 0) expect(edge.latencyMs, what).toBeCloseTo(mean, 6)
    const codes = Object.values(edge.codes).reduce((sum, each) => sum + each, 0)
    expect(codes, what).toBeCloseTo(rate, 9)
  }
})

/** By which labels a person would ask for the calls of an edge. */
function labelsOf(edge: GraphEdge, nodes: ReadonlyMap<string, GraphNode>, view: AssembledView): string[] {
  const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)]
  if (!source || !target) throw new Error(`an end of ${edge.id} is missing`)
  return [...sourceLabels(source), ...targetLabels(target, view), `request_protocol="${edge.protocol}"`]
}

function sourceLabels({ id, namespace, name, version }: GraphNode): string[] {
  const [kind] = id.split(':')
  if (kind === 'unknown') return ['source_workload="unknown"']
  const within = `source_workload_namespace="${namespace}"`
  if (kind === 'workload') return [within, `source_workload="${name}"`]
  if (kind === 'namespace') return [within]
  const canonical = `source_canonical_service="${name}"`
  return kind === 'version'
    ? [within, canonical, `source_canonical_revision="${version ?? 'latest'}"`]
    : [within, canonical]
}

function targetLabels({ id, namespace, name, version }: GraphNode, view: AssembledView): string[] {
  const [kind] = id.split(':')
  const within = `destination_workload_namespace="${namespace}"`
  switch (kind) {
    case 'workload':
      return [within, `destination_workload="${name}"`]
    case 'version':
      return [
        within,
        `destination_canonical_service="${name}"`,
        `destination_canonical_revision="${version ?? 'latest'}"`,
      ]
    case 'namespace':
      // Calls that never arrived know the namespace of the service only.
      return [`destination_service_namespace="${namespace}"`]
    case 'service': {
      const host = `destination_service="${name}.${namespace}.svc.cluster.local"`
      return view === 'service' ? [host] : [host, 'destination_workload="unknown"']
    }
    case 'external':
      // Namespaces have no hosts: all that lie in none are one.
      return view === 'namespace'
        ? ['destination_workload_namespace="unknown"', 'destination_service_namespace="unknown"']
        : [`destination_service="${name}"`]
    case 'passthrough':
      return ['destination_service_name="PassthroughCluster"']
    default:
      throw new Error(`${id} is not looked for`)
  }
}
