import { topologyPaths, type NodeConfiguration, type Topology, type TopologyEdge } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const CLUSTERS = ['east-1', 'east-2']
const VIEWS = ['workload', 'service', 'version', 'namespace', 'cluster'] as const

let fleet: SandboxHub
let app: BffApp
/** Some seconds back, so that the answer does not change any more. */
const at = Math.floor(Date.now() / 1000) - 30

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  const hub = fleet.client('hub')
  for (const name of CLUSTERS) {
    const record = clusterRecord(name)
    const url = fleet.sandbox.prometheus.get(name)?.url
    await hub.create('Cluster', { ...record, spec: { ...record.spec, ...(url ? { prometheus: { url } } : {}) } })
  }
  await hub.create('Mesh', meshRecord('shop', CLUSTERS))
  await fleet.client('east-1').create('VirtualService', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: 'shop', name: 'search-fault' },
    spec: {
      hosts: ['search'],
      http: [
        {
          fault: { abort: { httpStatus: 503, percentage: { value: 1 } } },
          mirror: { host: 'catalog' },
          route: [{ destination: { host: 'search' } }],
        },
      ],
    },
  })
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

async function topology(query: Record<string, string | number | boolean> = {}): Promise<Topology> {
  const text = new URLSearchParams(
    Object.entries({ at, ...query }).map(([key, value]): [string, string] => [key, String(value)]),
  )
  const answer = await app.inject({ url: `/api/v1/meshes/shop/topology?${text}`, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function nodeConfiguration(query: Record<string, string>): Promise<NodeConfiguration> {
  const answer = await app.inject({ url: topologyPaths.node('shop', query), headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('what is in force for a node', () => {
  const names = ({ rules }: NodeConfiguration): string[] => rules.map(({ kind, name }) => `${kind} ${name}`).toSorted()

  it('are the rules of its hosts and those that select it, with what the analysis says of them', async () => {
    const ratings = { type: 'workload', name: 'ratings-v1', app: 'ratings', namespace: 'shop', version: 'v1' }
    const answer = await nodeConfiguration({ ...ratings, hosts: 'ratings.shop.svc.cluster.local' })
    expect(names(answer)).toEqual(['VirtualService ratings'])
    expect(answer.findings.map(({ kind, name, level }) => [kind, name, level])).toContainEqual([
      'VirtualService',
      'ratings',
      'error',
    ])
    const payment = { type: 'service', name: 'payment', namespace: 'backend' }
    expect(names(await nodeConfiguration(payment))).toEqual([
      'AuthorizationPolicy payment-callers',
      'DestinationRule payment',
      'PeerAuthentication default',
    ])
  })

  it('refuses what is no node', async () => {
    const answer = await app.inject({ url: topologyPaths.node('shop', { type: 'moon', name: 'x' }), headers: LOCAL })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ fields: [{ field: 'type' }] })
  })
})

/** Prometheus asked without any of our code: the sum over both clusters. */
async function ask(promql: string): Promise<number> {
  const values = await Promise.all(
    CLUSTERS.map(async (name) => {
      const address = fleet.sandbox.prometheus.get(name)?.url
      const answer = await fetch(`${address}/api/v1/query?${new URLSearchParams({ query: promql, time: String(at) })}`)
      const body: unknown = await answer.json()
      const result = isRecord(body) && isRecord(body['data']) ? body['data']['result'] : undefined
      const [first] = Array.isArray(result) ? result : []
      return isRecord(first) && Array.isArray(first['value']) ? Number(first['value'][1]) : 0
    }),
  )
  return values.reduce((sum, value) => sum + value, 0)
}

const total = (edges: readonly TopologyEdge[], valueOf: (edge: TopologyEdge) => number = (edge) => edge.requestRate) =>
  edges.reduce((sum, edge) => sum + valueOf(edge), 0)
const callTo = ({ edges }: Topology, target: string): TopologyEdge => {
  const edge = edges.find((each) => each.target.endsWith(target) && each.source.endsWith('/frontend-v1'))
  if (edge === undefined) throw new Error(`nobody calls ${target}`)
  return edge
}

describe('the topology of a mesh', () => {
  it.each(VIEWS)('has every request once in the view of %s', async (view) => {
    const { edges, nodes, failures } = await topology({ view })
    expect(failures).toEqual([])
    const once =
      (await ask('sum(rate(istio_requests_total{reporter=~"source|waypoint"}[60s]))')) +
      (await ask('sum(rate(istio_requests_total{reporter="destination",source_workload="unknown"}[60s]))'))
    expect(total(edges)).toBeCloseTo(once, 6)
    const bytes = await ask('sum(rate(istio_tcp_sent_bytes_total{reporter="source"}[60s]))')
    expect(total(edges, (edge) => edge.sentRate)).toBeCloseTo(bytes, 4)
    expect(nodes.some(({ type }) => type === view)).toBe(true)
  })

  it('asks for no latency unless told to, and for that which it is told', async () => {
    const none = await topology()
    expect([none.latency, callTo(none, '/currency-v1').latencyMs]).toEqual(['none', undefined])
    const pair = 'source_workload="frontend-v1",destination_workload="currency-v1",reporter="source"'
    const part = (name: string) => `sum(rate(istio_request_duration_milliseconds_${name}{${pair}}[60s]))`
    const mean = callTo(await topology({ latency: 'mean' }), '/currency-v1').latencyMs
    expect(mean).toBeCloseTo((await ask(part('sum'))) / (await ask(part('count'))), 6)
    const buckets = `sum by (le) (rate(istio_request_duration_milliseconds_bucket{${pair}}[60s]))`
    for (const [latency, quantile] of [
      ['p50', 0.5],
      ['p90', 0.9],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      const shown = callTo(await topology({ latency }), '/currency-v1').latencyMs
      expect(shown, latency).toBeCloseTo(await ask(`histogram_quantile(${quantile}, ${buckets})`), 6)
    }
  })

  it('takes the report of the callee when that is preferred', async () => {
    const client = callTo(await topology(), '/currency-v1')
    const server = callTo(await topology({ reporter: 'destination' }), '/currency-v1')
    expect([client.reporter, server.reporter]).toEqual(['source', 'destination'])
  })

  it('tells what is in force only when asked to, once the watches have seen it', async () => {
    expect((await topology()).nodes.some(({ badges }) => badges !== undefined)).toBe(false)
    const search = 'service:east-1/shop/search'
    await vi.waitFor(
      async () => {
        const { nodes } = await topology({ view: 'service', badges: true })
        expect(nodes.find(({ id }) => id === search)?.badges).toEqual(
          expect.arrayContaining(['rule', 'fault', 'mirror']),
        )
      },
      { timeout: 20_000 },
    )
    const { nodes } = await topology({ view: 'workload', badges: true })
    expect(nodes.find(({ name }) => name === 'search-v1')?.badges).toEqual(expect.arrayContaining(['rule', 'fault']))
    expect(nodes.filter(({ type }) => type === 'unknown').every(({ badges }) => badges === undefined)).toBe(true)
  })

  it('shows what is idle, and what has no sidecar', async () => {
    const { nodes } = await topology({ idle: true })
    expect(nodes.filter(({ idle }) => idle).length).toBeGreaterThan(0)
    expect(nodes.some(({ injected }) => injected === false)).toBe(true)
  })

  it('names the field of a question that it does not understand', async () => {
    for (const [field, value] of [
      ['latency', 'p42'],
      ['reporter', 'waypoint'],
      ['view', 'pod'],
    ] as const) {
      const answer = await app.inject({ url: `/api/v1/meshes/shop/topology?${field}=${value}`, headers: LOCAL })
      expect(answer.statusCode).toBe(400)
      expect(answer.json()).toMatchObject({ code: 'invalid-input' })
      expect(answer.body).toContain(field)
    }
  })
})
