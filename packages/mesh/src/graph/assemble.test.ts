import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import type { EdgeSample, GraphOptions, GraphSamples, MeshGraph } from './model.ts'
import { sample, samplesOf, unresolved } from './sample-fixtures.ts'

const graphOf = (samples: Partial<GraphSamples>, options: Partial<GraphOptions> = {}): MeshGraph =>
  assembleGraph(samplesOf(samples), { view: 'workload', ...options })
const edgeIds = (graph: MeshGraph) => graph.edges.map(({ id }) => id)
const nodeTypes = (graph: MeshGraph) => Object.fromEntries(graph.nodes.map(({ id, type }) => [id, type]))

const FRONTEND = 'workload:c1/shop/frontend-v1'
const REVIEWS = 'workload:c1/shop/reviews-v1'

describe('assembleGraph: reporters', () => {
  it('takes the client of an edge that both report, and mTLS from the server', () => {
    const server = { reporter: 'destination' } as const
    const plain = { ...server, labels: { connection_security_policy: 'none' } }
    const { edges } = graphOf({ requests: [sample(10), sample(6, server), sample(2, plain)] })
    expect(edges).toHaveLength(1)
    expect(edges[0]).toMatchObject({
      id: `${FRONTEND}->${REVIEWS}:http`,
      requestRate: 10,
      errorRate: 0,
      mtlsShare: 0.75,
      reporter: 'source',
      host: 'reviews.shop.svc.cluster.local',
    })
  })

  it('falls back to the server where no client reports, and marks it', () => {
    const { edges } = graphOf({ requests: [sample(3, { reporter: 'destination' })] })
    expect(edges[0]).toMatchObject({ requestRate: 3, mtlsShare: 1, reporter: 'destination' })
  })

  it('prefers the waypoint to the server', () => {
    const { edges } = graphOf({
      requests: [sample(3, { reporter: 'destination' }), sample(4, { reporter: 'waypoint' })],
    })
    expect(edges[0]).toMatchObject({ requestRate: 4, reporter: 'waypoint' })
  })

  it('does not know mTLS from a client alone', () => {
    expect(graphOf({ requests: [sample(10)] }).edges[0]).not.toHaveProperty('mtlsShare')
  })

  it("believes a ztunnel client that says mutual TLS, and takes a ztunnel server's unknown for plain text", () => {
    const labels = { connection_security_policy: 'mutual_tls', request_protocol: 'tcp' }
    const client = graphOf({ tcpSent: [sample(10, { labels })] })
    expect(client.edges[0]).toMatchObject({ protocol: 'tcp', mtlsShare: 1 })
    const unknown = { reporter: 'destination', labels: { connection_security_policy: 'unknown' } } as const
    expect(graphOf({ tcpSent: [sample(10, unknown)] }).edges[0]?.mtlsShare).toBe(0)
  })

  it('does not count a call twice when client and server name different hosts for one workload', () => {
    const server = sample(10, { reporter: 'destination', host: 'reviews-canary.shop.svc.cluster.local' })
    for (const view of ['workload', 'service'] as const) {
      expect(graphOf({ requests: [sample(10), server] }, { view }).totals.requestRate).toBe(10)
    }
  })

  it('chooses by pair of workloads, so that a service view loses no client', () => {
    const reported = [sample(10, { from: 'frontend-v1' }), sample(10, { from: 'frontend-v1', reporter: 'destination' })]
    const silent = sample(5, { from: 'frontend-v2', reporter: 'destination' })
    const { edges } = graphOf({ requests: [...reported, silent] }, { view: 'service' })
    expect(edges).toHaveLength(1)
    expect(edges[0]?.requestRate).toBe(15)
  })

  it('leaves out reporters it does not know, zeros, and what is no number', () => {
    const values = [0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((value) => sample(value))
    const foreign = { ...sample(1), metric: { ...sample(1).metric, reporter: 'spy' } }
    expect(graphOf({ requests: [...values, foreign] })).toMatchObject({ nodes: [], edges: [] })
  })
})

describe('assembleGraph: numbers', () => {
  it('adds codes and flags, and counts 5xx and no answer as errors', () => {
    const code = (response_code: string, response_flags = '-') => ({ labels: { response_code, response_flags } })
    const { edges, nodes, totals } = graphOf({
      requests: [sample(5), sample(1, code('404')), sample(1, code('503', 'UF,URX')), sample(1, code('0', 'DC'))],
    })
    expect(edges[0]).toMatchObject({
      requestRate: 8,
      errorRate: 0.25,
      codes: { '0': 1, '200': 5, '404': 1, '503': 1 },
      flags: { DC: 1, UF: 1, URX: 1 },
      health: 'critical',
    })
    expect(totals).toEqual({ requestRate: 8, errorRate: 0.25, bytesRate: 0 })
    expect(nodes.find(({ id }) => id === REVIEWS)).toMatchObject({ inbound: { requestRate: 8 }, health: 'critical' })
  })

  it('judges gRPC by its status', () => {
    const status = (grpc_response_status: string) => ({ labels: { request_protocol: 'grpc', grpc_response_status } })
    const failed = { labels: { request_protocol: 'grpc', response_code: '503', grpc_response_status: '' } }
    const { edges } = graphOf({ requests: [sample(7, status('0')), sample(2, status('14')), sample(1, failed)] })
    expect(edges[0]).toMatchObject({ protocol: 'grpc', codes: { '503': 1, 'grpc-0': 7, 'grpc-14': 2 } })
    expect(edges[0]?.errorRate).toBeCloseTo(0.3)
  })

  it('keeps TCP apart, with both directions and no error rate', () => {
    const { edges } = graphOf({ requests: [sample(1)], tcpSent: [sample(100)], tcpReceived: [sample(40)] })
    expect(edges.map(({ protocol }) => protocol)).toEqual(['http', 'tcp'])
    expect(edges[1]).toMatchObject({ sentRate: 100, receivedRate: 40, requestRate: 0, health: 'healthy' })
    expect(edges[1]).not.toHaveProperty('errorRate')
  })

  it('takes latency from the reporter whose requests are shown, the slowest part', () => {
    const latency = [sample(80), sample(150), sample(900, { reporter: 'destination' }), sample(Number.NaN)]
    const { edges, nodes } = graphOf({ requests: [sample(1), sample(1, { reporter: 'destination' })], latency })
    expect(edges[0]).toMatchObject({ latencyMs: 150, health: 'warning' })
    expect(nodes.find(({ id }) => id === FRONTEND)?.outbound.latencyMs).toBe(150)
  })
})

describe('assembleGraph: who it is', () => {
  it('sends a call that never arrived to its service', () => {
    const graph = graphOf({ requests: [sample(9), sample(1, unresolved)] })
    expect(nodeTypes(graph)).toEqual({
      [FRONTEND]: 'workload',
      [REVIEWS]: 'workload',
      'service:c1/shop/reviews': 'service',
    })
    const byService = graphOf({ requests: [sample(9), sample(1, unresolved)] }, { view: 'service' })
    expect(edgeIds(byService)).toEqual(['service:c1/shop/frontend->service:c1/shop/reviews:http'])
    expect(byService.edges[0]).toMatchObject({ requestRate: 10, errorRate: 0.1, flags: { UH: 1 } })
  })

  it("looks for the service of a failed call in the caller's cluster, else where the inventory has it", () => {
    const services = [{ cluster: 'c2', namespace: 'shop', name: 'reviews' }]
    const { edges } = graphOf({ requests: [sample(1, unresolved)] }, { view: 'service', inventory: { services } })
    expect(edges[0]?.target).toBe('service:c2/shop/reviews')
  })

  it.each([
    ['PassthroughCluster', 'passthrough'],
    ['BlackHoleCluster', 'blackhole'],
  ])('knows %s', (name, type) => {
    for (const view of ['workload', 'service'] as const) {
      const call = { to: 'unknown', host: name, labels: { destination_service_name: name } }
      const graph = graphOf({ requests: [sample(1, call)] }, { view })
      expect(Object.values(nodeTypes(graph)).toSorted()).toEqual([type, view].toSorted())
      expect(graph.edges[0]).not.toHaveProperty('host')
    }
  })

  it('knows external services and unknown clients', () => {
    const external = sample(1, { to: 'unknown', host: 'api.example.com' })
    const client = sample(1, { from: 'unknown', reporter: 'destination' })
    const graph = graphOf({ requests: [external, client] })
    expect(nodeTypes(graph)).toMatchObject({ 'external:api.example.com': 'external', 'unknown:c1/unknown': 'unknown' })
  })

  it('finds gateways by name and by inventory', () => {
    const inventory = {
      workloads: [{ cluster: 'c1', namespace: 'edge', name: 'front', gateway: true, services: ['front'] }],
    }
    const requests = [
      sample(1, {
        from: 'istio-ingressgateway',
        fromNamespace: 'istio-system',
        labels: { source_canonical_service: 'istio-ingressgateway' },
      }),
      sample(1, { from: 'front', fromNamespace: 'edge' }),
    ]
    for (const view of ['workload', 'service'] as const) {
      expect(nodeTypes(graphOf({ requests }, { view, inventory }))).toMatchObject({
        [`${view}:c1/istio-system/istio-ingressgateway`]: 'gateway',
        [`${view}:c1/edge/front`]: 'gateway',
      })
    }
  })

  it('names the caller of a service view by the service that selects it', () => {
    const inventory = { workloads: [{ cluster: 'c1', namespace: 'shop', name: 'frontend-v1', services: ['web'] }] }
    const { edges } = graphOf({ requests: [sample(1)] }, { view: 'service', inventory })
    expect(edges[0]?.source).toBe('service:c1/shop/web')
  })

  it("falls back to the workload's name when a pod is called by its address", () => {
    const call = { reporter: 'destination', host: 'InboundPassthroughCluster' } as const
    const { edges } = graphOf({ requests: [sample(1, call)] }, { view: 'service' })
    expect(edges[0]).toMatchObject({ target: 'service:c1/shop/reviews' })
    expect(edges[0]).not.toHaveProperty('host')
  })

  it('groups by namespace, from four labels', () => {
    const { metric } = sample(1, { toNamespace: 'books' })
    const few = (reporter: string): EdgeSample => ({
      value: 4,
      metric: {
        reporter,
        source_cluster: 'c1',
        destination_cluster: 'c1',
        source_workload_namespace: metric['source_workload_namespace'] ?? '',
        destination_workload_namespace: 'books',
      },
    })
    const { edges } = graphOf({ requests: [few('source'), few('destination')] }, { view: 'namespace' })
    expect(edges).toHaveLength(1)
    expect(edges[0]).toMatchObject({ id: 'namespace:c1/shop->namespace:c1/books:http', requestRate: 4 })
  })

  it("translates Istio's cluster ids", () => {
    const clusterOf = (id: string | undefined) => (id === 'Kubernetes' || id === undefined ? 'east' : id)
    const { nodes } = graphOf({ requests: [sample(1, { cluster: 'Kubernetes', toCluster: 'west' })] }, { clusterOf })
    expect(nodes.map(({ cluster }) => cluster)).toEqual(['east', 'west'])
  })

  it('takes versions and sidecars from the inventory, else from the labels', () => {
    const inventory = {
      workloads: [{ cluster: 'c1', namespace: 'shop', name: 'reviews-v1', version: '7', injected: false }],
    }
    const { nodes } = graphOf({ requests: [sample(1)] }, { inventory })
    expect(nodes.map(({ version, injected, app }) => ({ version, injected, app }))).toEqual([
      { version: 'v1', injected: undefined, app: 'frontend' },
      { version: '7', injected: false, app: 'reviews' },
    ])
  })

  it('adds what is idle when asked', () => {
    const inventory = {
      workloads: [{ cluster: 'c1', namespace: 'shop', name: 'ratings-v1' }],
      services: [{ cluster: 'c2', namespace: 'books', name: 'ratings' }],
    }
    const idle = (view: GraphOptions['view'], wanted = true) =>
      graphOf({ requests: [sample(1)] }, { view, inventory, idle: wanted }).nodes.filter((node) => node.idle)
    expect(idle('workload')).toMatchObject([{ id: 'workload:c1/shop/ratings-v1', health: 'unknown' }])
    expect(idle('service').map(({ id }) => id)).toEqual(['service:c2/books/ratings'])
    expect(idle('namespace').map(({ id }) => id)).toEqual(['namespace:c2/books'])
    expect(idle('workload', false)).toEqual([])
  })
})

const names = fc.constantFrom('frontend-v1', 'reviews-v1', 'reviews-v2', 'unknown')
const anySample = fc
  .record({
    // Whole numbers add up alike in any order.
    value: fc.integer({ min: 0, max: 50 }),
    reporter: fc.constantFrom('source', 'destination', 'waypoint'),
    from: names,
    to: names,
    cluster: fc.constantFrom('c1', 'c2'),
    code: fc.constantFrom('200', '503', '0', '__proto__'),
    policy: fc.constantFrom('mutual_tls', 'none', 'unknown'),
  })
  .map(({ value, code, policy, ...call }) =>
    sample(value, { ...call, labels: { response_code: code, connection_security_policy: policy } }),
  )
const views = fc.constantFrom('workload', 'service', 'version', 'namespace')
const many = fc.array(anySample, { maxLength: 30 })

describe('assembleGraph, always', () => {
  it('does not depend on the order of the samples', () => {
    const shuffled = many.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, views, ([list, other], view) => {
        expect(graphOf({ requests: other, tcpSent: other }, { view })).toEqual(
          graphOf({ requests: list, tcpSent: list }, { view }),
        )
      }),
    )
  })

  it('has shares between 0 and 1, ends that exist, and never counts more than the reports', () => {
    fc.assert(
      fc.property(many, views, (list, view) => {
        const graph = graphOf({ requests: list }, { view })
        const ids = new Set(graph.nodes.map(({ id }) => id))
        for (const edge of graph.edges) {
          expect(ids.has(edge.source) && ids.has(edge.target)).toBe(true)
          for (const part of [edge.errorRate, edge.mtlsShare]) {
            if (part !== undefined) expect(part >= 0 && part <= 1).toBe(true)
          }
        }
        const reported = list.reduce((sum, { value }) => sum + value, 0)
        expect(graph.totals.requestRate).toBeLessThanOrEqual(reported)
        expect(JSON.stringify(graph)).not.toMatch(/null|NaN/)
      }),
    )
  })
})
