import { isRecord } from '@meshdeck/kube'
import { labState, type LabState } from '@meshdeck/lab'
import { assembleGraph, isFailure, type GraphEdge, type AssembledView, type MeshGraph } from '@meshdeck/mesh'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { fetchGolden, mergeGolden } from './golden-queries.ts'
import { fetchGraphSamples } from './graph-queries.ts'
import { fetchOverview } from './overview-queries.ts'
import { alignedNow, createPrometheusClient, type PrometheusClient } from './prometheus-client.ts'
import { oneOf, selector } from '@meshdeck/mesh/promql'

const WINDOW_SECONDS = 60

type Raw = { labels: Record<string, string>; value: number }[]

/** Prometheus asked without any of our code, one series each. */
async function ask(url: string, query: string, at: number): Promise<Raw> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query, time: String(at) })}`)
  const body: unknown = await response.json()
  if (!isRecord(body) || !isRecord(body['data']) || !Array.isArray(body['data']['result'])) throw new Error(query)
  return body['data']['result'].filter(isRecord).map(({ metric, value }) => ({
    labels: Object.fromEntries(
      Object.entries(isRecord(metric) ? metric : {}).map(([name, text]) => [name, String(text)]),
    ),
    value: Array.isArray(value) ? Number(value[1]) : Number.NaN,
  }))
}

/** Sum over the series that a plain predicate takes. */
const total = (raw: Raw, take: (labels: Record<string, string>) => boolean): number =>
  raw.filter(({ labels }) => take(labels)).reduce((sum, { value }) => sum + value, 0)

// The second cluster of the lab has no TCP traffic.
describe.each([
  { index: 0, tcp: true },
  { index: 1, tcp: false },
])('the graph of cluster $index of the lab', ({ index, tcp }) => {
  let cluster: LabState['clusters'][number]
  let client: PrometheusClient
  let at: number
  let requests: Raw
  let sent: Raw

  beforeAll(async () => {
    const found = (await labState()).clusters[index]
    if (found === undefined) throw new Error('the lab has no such cluster')
    cluster = found
    client = createPrometheusClient({ url: cluster.prometheusUrl, policy: { allowLoopback: true } })
    // Some seconds back, so that no scrape can still change the answer. A lab that came up just now has to be scraped
    // twice before there is a rate, and nothing would be compared without.
    await vi.waitFor(
      async () => {
        at = alignedNow() - 10
        requests = await ask(cluster.prometheusUrl, `rate(istio_requests_total[${WINDOW_SECONDS}s])`, at)
        sent = await ask(cluster.prometheusUrl, `rate(istio_tcp_sent_bytes_total[${WINDOW_SECONDS}s])`, at)
        expect(total(requests, () => true)).toBeGreaterThan(0)
        expect(total(sent, () => true) > 0).toBe(tcp)
      },
      { timeout: 55_000, interval: 1_000 },
    )
  })

  afterAll(() => client.close())

  async function graphOf(view: AssembledView): Promise<MeshGraph> {
    const query = { view, windowSeconds: WINDOW_SECONDS, latency: 'p95' } as const
    return assembleGraph(await fetchGraphSamples(client, query, at), { view, latency: 'p95' })
  }

  it('has the requests of every service in the overview, and nothing of what nobody measures', async () => {
    const range = { from: at - 300, to: at, step: 60 }
    const { services, series } = await fetchOverview(client, range, WINDOW_SECONDS)
    // What its clients report is all there is to a service here; nobody calls the lab from outside.
    for (const host of new Set(requests.map(({ labels }) => labels['destination_service'] ?? ''))) {
      const once = total(
        requests,
        ({ destination_service, reporter, source_workload }) =>
          destination_service === host && (reporter !== 'destination' ? true : source_workload === 'unknown'),
      )
      const own = services.requests.filter(({ metric }) => metric['destination_service'] === host)
      expect(own.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(once)
    }
    expect(services.latency.length).toBeGreaterThan(0)
    // The lab has no kubelet whose containers could be measured.
    expect([series.proxyCpu, series.proxyMemory]).toEqual([[], []])
  })

  it('has the rates, errors and mutual TLS of every edge between workloads that Prometheus has', async () => {
    const { nodes, edges } = await graphOf('workload')
    const nodeById = new Map(nodes.map((node) => [node.id, node]))
    let compared = 0
    for (const edge of edges) {
      const source = nodeById.get(edge.source)
      const target = nodeById.get(edge.target)
      if (target?.type !== 'workload' && target?.type !== 'gateway') continue
      const reported = (reporter: string, raw: Raw, also: (labels: Record<string, string>) => boolean = () => true) =>
        total(
          raw,
          (labels) =>
            labels['reporter'] === reporter &&
            labels['request_protocol'] === edge.protocol &&
            labels['source_workload'] === source?.name &&
            labels['source_workload_namespace'] === (source?.namespace ?? 'unknown') &&
            labels['destination_workload'] === target.name &&
            labels['destination_workload_namespace'] === target.namespace &&
            also(labels),
        )
      const raw = edge.protocol === 'tcp' ? sent : requests
      const atClient = reported('source', raw)
      const shown = edge.protocol === 'tcp' ? edge.sentRate : edge.requestRate
      expect(edge.reporter, edge.id).toBe(atClient > 0 ? 'source' : 'destination')
      expect(shown, edge.id).toBeCloseTo(atClient > 0 ? atClient : reported('destination', raw), 9)
      if (edge.protocol !== 'tcp') {
        const failed = reported(edge.reporter, raw, (labels) =>
          isFailure(labels['response_code'], labels['grpc_response_status']),
        )
        expect(edge.errorRate, edge.id).toBeCloseTo(failed / shown, 9)
      }
      const atServer = reported('destination', raw)
      const mutual = reported('destination', raw, (labels) => labels['connection_security_policy'] === 'mutual_tls')
      if (atServer > 0 && edge.protocol !== 'tcp') expect(edge.mtlsShare, edge.id).toBeCloseTo(mutual / atServer, 9)
      if (atServer === 0) expect(edge, edge.id).not.toHaveProperty('mtlsShare')
      compared += 1
    }
    expect(compared).toBeGreaterThan(1)
  })

  it('has an edge for every pair of workloads that Prometheus has, and no more traffic than was reported', async () => {
    const { edges, totals } = await graphOf('workload')
    const pairs = new Set(
      requests
        .filter(({ labels, value }) => value > 0 && labels['destination_workload'] !== 'unknown')
        .map(({ labels }) =>
          ['source_workload', 'destination_workload', 'request_protocol'].map((name) => labels[name]).join(' '),
        ),
    )
    const shown = new Set(
      edges.filter(({ target, protocol }) => target.startsWith('workload:') && protocol !== 'tcp').map(pairOf),
    )
    expect(shown).toEqual(pairs)
    expect(totals.requestRate).toBeLessThan(total(requests, () => true))
  })

  it('has the same total in every view, and in the golden signals', async () => {
    const graphs = await Promise.all((['workload', 'service', 'version', 'namespace'] as const).map(graphOf))
    const golden = mergeGolden([
      await fetchGolden(client, { kind: 'mesh' }, { from: at, to: at, step: 5 }, WINDOW_SECONDS),
    ])
    const requestRate = golden.requestRate[0]?.[1] ?? Number.NaN
    for (const { totals, view } of graphs) {
      expect(totals.requestRate, view).toBeCloseTo(requestRate, 9)
      expect(totals.errorRate, view).toBeCloseTo(golden.errorRate[0]?.[1] ?? Number.NaN, 9)
    }
    expect(golden.latencyP99[0]?.[1]).toBeGreaterThan(golden.latencyP50[0]?.[1] ?? Number.NaN)
  })

  it('holds for a namespace what the whole graph has of it', async () => {
    const whole = await graphOf('workload')
    const [namespace] = whole.nodes.flatMap((node) =>
      node.idle || node.namespace === undefined ? [] : [node.namespace],
    )
    const namespaces = [namespace ?? '']
    const query = { view: 'workload', windowSeconds: WINDOW_SECONDS, namespaces, latency: 'p95' } as const
    const part = assembleGraph(await fetchGraphSamples(client, query, at), { view: 'workload' })
    const within = new Set(whole.nodes.filter((node) => node.namespace === namespace).map(({ id }) => id))
    const touching = whole.edges.filter(({ source, target }) => within.has(source) || within.has(target))
    const foreign = part.edges.filter(({ source, target }) => !within.has(source) && !within.has(target))
    // A declared host outside belongs to the namespace that declares it.
    expect(foreign.filter(({ target }) => target.startsWith('workload:'))).toEqual([])
    expect(part.edges.map(({ id }) => id)).toEqual(expect.arrayContaining(touching.map(({ id }) => id)))
    for (const edge of touching) {
      expect(part.edges.find(({ id }) => id === edge.id)?.requestRate).toBeCloseTo(edge.requestRate, 9)
    }
  })

  it('is understood by the real parser, whatever the label', async () => {
    const nasty = [
      '"',
      '\\',
      '\n',
      '\\n',
      '"}) or vector(1) #',
      '.*',
      'a|b',
      '[',
      '(?i)x',
      'ä\0\r\u2028',
      '$',
      '{',
      '`',
    ]
    for (const value of nasty) {
      const promql = selector('up', { job: value, instance: oneOf([value, 'other']) })
      expect(await client.query(promql, at), JSON.stringify(value)).toEqual({ samples: [], warnings: [] })
    }
  })

  it('says what Prometheus said of a bad query', async () => {
    await expect(client.query('up{', at)).rejects.toMatchObject({
      kind: 'bad-query',
      message: expect.stringMatching(/parse error/),
    })
  })
})

/** `frontend cart http` of `workload:alpha/shop/frontend->workload:alpha/shop/cart:http`. */
function pairOf({ source, target, protocol }: GraphEdge): string {
  return `${source.split('/').at(-1)} ${target.split('/').at(-1)} ${protocol}`
}
