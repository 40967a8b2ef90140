import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import { mergeIntoClusters } from './collapse-groups.ts'
import { parseExpression } from './expression/parse-expression.ts'
import { evaluateExpression } from './expression/evaluate-expression.ts'
import type { AssembledView, EdgeSample, GraphInventory, GraphSamples, MeshGraph } from './model.ts'
import { needsWorkloads } from './unite-samples.ts'
import { sample, samplesOf, type Call } from './sample-fixtures.ts'

/** What ztunnel says of connections: no codes, and of mutual TLS what it knows. */
const ztunnel = (bytes: number, call: Call): EdgeSample =>
  sample(bytes, {
    ...call,
    labels: { request_protocol: 'tcp', connection_security_policy: 'mutual_tls', ...call.labels },
  })

const inventory: GraphInventory = {
  workloads: [
    { cluster: 'c1', namespace: 'shop', name: 'frontend-v1', app: 'frontend', injected: true, services: ['frontend'] },
    { cluster: 'c1', namespace: 'shop', name: 'cart-v1', app: 'cart', ambient: true, services: ['cart'] },
    { cluster: 'c1', namespace: 'shop', name: 'reviews-v1', app: 'reviews', ambient: true, services: ['reviews'] },
    { cluster: 'c1', namespace: 'shop', name: 'waypoint', app: 'waypoint', gateway: true, waypoint: true },
    { cluster: 'c1', namespace: 'old', name: 'batch', injected: false },
  ],
  services: [
    { cluster: 'c1', namespace: 'shop', name: 'cart', ambient: true },
    { cluster: 'c1', namespace: 'shop', name: 'reviews', ambient: true },
  ],
}
const VIEWS = ['workload', 'version', 'service', 'namespace'] as const

const graphOf = (samples: Partial<GraphSamples>, view: AssembledView = 'workload'): MeshGraph =>
  assembleGraph(samplesOf(samples), { view, inventory })
const inEveryView = (samples: Partial<GraphSamples>): MeshGraph[] => {
  const graphs = VIEWS.map((view) => graphOf(samples, view))
  return [...graphs, mergeIntoClusters(graphOf(samples, 'namespace'))]
}
const edgesOf = ({ edges }: MeshGraph): string[] =>
  edges.map(({ source, target, protocol }) => `${nameOf(source)} ${protocol} ${nameOf(target)}`)
const nameOf = (id: string): string => id.split('/').at(-1) ?? id

const WAYPOINT = { to: 'waypoint', host: 'reviews.shop.svc.cluster.local' }
const FROM_CART = { from: 'cart-v1' }
/** An ambient client calls reviews through the waypoint: two connections, and the requests in them. */
const throughWaypoint: Partial<GraphSamples> = {
  requests: [sample(7, { ...FROM_CART, reporter: 'waypoint' })],
  tcpSent: [
    ztunnel(700, { ...FROM_CART, ...WAYPOINT, reporter: 'source' }),
    ztunnel(700, { from: 'waypoint', reporter: 'destination' }),
  ],
}

describe('ztunnel', () => {
  it('counts connections once, though it reports them at both ends', () => {
    const ends = (['source', 'destination'] as const).map((reporter) => ztunnel(100, { ...FROM_CART, reporter }))
    for (const { view, totals } of inEveryView({ tcpSent: ends })) expect(totals.bytesRate, view).toBe(100)
  })

  it('does not show connections again whose requests the sidecar at the other end reports', () => {
    const toAmbient = {
      requests: [sample(10)],
      tcpSent: [ztunnel(900, { reporter: 'destination' })],
    }
    const fromAmbient = {
      requests: [sample(10, { ...FROM_CART, to: 'frontend-v1', reporter: 'destination' })],
      tcpSent: [ztunnel(900, { ...FROM_CART, to: 'frontend-v1', reporter: 'source' })],
    }
    for (const samples of [toAmbient, fromAmbient]) {
      for (const { view, totals, edges } of inEveryView(samples)) {
        expect(totals, view).toMatchObject({ requestRate: 10, bytesRate: 0 })
        expect(edges, view).toHaveLength(1)
      }
    }
  })

  it('tells of mutual TLS for requests that nobody else knows it of', () => {
    const tcpSent = [ztunnel(900, { reporter: 'destination' })]
    expect(graphOf({ requests: [sample(10)], tcpSent }).edges).toMatchObject([{ protocol: 'http', mtlsShare: 1 }])
  })

  it('needs the workloads told apart for that, where namespaces are all that is asked for', () => {
    const tcpSent = [ztunnel(900, { reporter: 'destination' })]
    expect(needsWorkloads({ requests: [sample(10)], tcpSent })).toBe(true)
    expect(needsWorkloads({ requests: [sample(10)], tcpSent: [...tcpSent, sample(50)] })).toBe(false)
    expect(needsWorkloads({ requests: [], tcpSent })).toBe(false)
  })

  it('shows connections that the sidecar reports as such, beside requests', () => {
    const graph = graphOf({
      requests: [sample(10)],
      tcpSent: [sample(50), ztunnel(900, { reporter: 'destination' })],
    })
    expect(edgesOf(graph)).toEqual(['frontend-v1 http reviews-v1', 'frontend-v1 tcp reviews-v1'])
    expect(graph.totals.bytesRate).toBe(50)
  })

  it('knows callers that are not in the mesh, and nothing of whom nobody names', () => {
    const plain = { labels: { connection_security_policy: 'unknown' }, reporter: 'destination' as const }
    const graph = graphOf({
      tcpSent: [
        ztunnel(10, { ...plain, from: 'batch', fromNamespace: 'old' }),
        ztunnel(5, { ...plain, from: 'unknown' }),
      ],
    })
    expect(edgesOf(graph)).toEqual(['unknown tcp reviews-v1', 'batch tcp reviews-v1'])
    expect(graph.edges.map(({ mtlsShare }) => mtlsShare)).toEqual([0, 0])
  })

  it('sends what the mesh does not know to PassthroughCluster, and what it refuses to BlackHoleCluster', () => {
    const outside = (host: string): EdgeSample => ztunnel(5, { ...FROM_CART, to: 'unknown', host })
    const graph = graphOf({ tcpSent: [outside('PassthroughCluster'), outside('BlackHoleCluster')] })
    expect(graph.nodes.map(({ type }) => type)).toEqual(['blackhole', 'passthrough', 'workload'])
  })
})

describe('a waypoint', () => {
  it('is a node of its own between the connections, and its requests are those of client and server', () => {
    const graph = graphOf(throughWaypoint)
    expect(edgesOf(graph)).toEqual(['cart-v1 http reviews-v1', 'cart-v1 tcp waypoint', 'waypoint tcp reviews-v1'])
    expect(graph.nodes.find(({ name }) => name === 'waypoint')).toMatchObject({ type: 'waypoint' })
    expect(graph.edges[0]).toMatchObject({ requestRate: 7, reporter: 'waypoint', mtlsShare: 1 })
  })

  it('counts each request once in every view, and bytes on each of the two hops', () => {
    for (const { view, totals } of inEveryView(throughWaypoint)) {
      expect(totals, view).toMatchObject({ requestRate: 7, bytesRate: 1400 })
    }
  })

  it('is a node of the view of services as well', () => {
    expect(edgesOf(graphOf(throughWaypoint, 'service'))).toEqual([
      'cart http reviews',
      'cart tcp waypoint',
      'waypoint tcp reviews',
    ])
  })

  it('reports the requests of a sidecar that goes through it, which are not counted on the way there', () => {
    const requests = [
      sample(5, { ...WAYPOINT, reporter: 'source' }),
      sample(4, { reporter: 'waypoint' }),
      sample(1, { to: 'reviews-v2', reporter: 'waypoint' }),
    ]
    for (const { view, totals } of inEveryView({ requests })) expect(totals.requestRate, view).toBe(5)
    expect(edgesOf(graphOf({ requests }))).toEqual(['frontend-v1 http reviews-v1', 'frontend-v1 http reviews-v2'])
  })

  it('that is not scraped leaves what its client reports', () => {
    const graph = graphOf({ requests: [sample(5, { ...WAYPOINT, reporter: 'source' })] })
    expect(edgesOf(graph)).toEqual(['frontend-v1 http waypoint'])
  })
})

describe('how a node is in the mesh', () => {
  it('is told of what ztunnel carries, and no sidecar is missed there', () => {
    const { nodes } = graphOf({ ...throughWaypoint, requests: [sample(7, { reporter: 'waypoint' })] })
    const told = Object.fromEntries(nodes.map(({ name, ambient, injected }) => [name, { ambient, injected }]))
    expect(told['reviews-v1']).toEqual({ ambient: true, injected: undefined })
    expect(told['frontend-v1']).toEqual({ ambient: undefined, injected: true })
    expect(told['waypoint']).toEqual({ ambient: undefined, injected: undefined })
  })

  it('is found by a word', () => {
    const expression = parseExpression('ambient')
    const { nodes } = graphOf(throughWaypoint)
    const found = nodes.filter((node) => expression && evaluateExpression(expression, { kind: 'node', node }) === true)
    expect(found.map(({ name }) => name)).toEqual(['cart-v1', 'reviews-v1'])
  })
})
