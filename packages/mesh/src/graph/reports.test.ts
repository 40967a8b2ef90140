import { describe, expect, it } from 'vitest'
import { assembleGraph } from './assemble.ts'
import { mergeIntoClusters } from './collapse-groups.ts'
import type { AssembledView, EdgeSample, GraphOptions, GraphSamples, MeshGraph } from './model.ts'
import { sample, samplesOf, type Call } from './sample-fixtures.ts'
import { needsWorkloads, uniteSamples } from './unite-samples.ts'

const VIEWS = ['workload', 'version', 'service', 'namespace'] as const

/** The same traffic in every view, clusters included, as Prometheus would give it. */
function graphsOf(samples: Partial<GraphSamples>, options: Partial<GraphOptions> = {}): MeshGraph[] {
  const graphs = VIEWS.map((view) => assembleGraph(samplesOf(samples), { ...options, view }))
  const [namespaces] = graphs.slice(-1)
  return namespaces === undefined ? graphs : [...graphs, mergeIntoClusters(namespaces)]
}
const both = (value: number, call: Call = {}): EdgeSample[] => [
  sample(value, call),
  sample(value, { ...call, reporter: 'destination' }),
]

/** Issue 7, "Double counting": in each of these meshes so many requests per second are made. */
const MESHES: readonly { name: string; requests: readonly EdgeSample[]; total: number }[] = [
  { name: 'both ends report', requests: both(10), total: 10 },
  {
    name: 'a client without a proxy, and one whose proxy is not scraped',
    requests: [
      ...both(10),
      sample(4, { from: 'unknown', reporter: 'destination' }),
      sample(3, { from: 'frontend-v2', fromNamespace: 'web', reporter: 'destination' }),
    ],
    total: 17,
  },
  {
    name: 'a server without a proxy',
    requests: [...both(10), sample(2, { to: 'unknown', host: 'reviews.shop.svc.cluster.local' })],
    total: 12,
  },
  {
    name: 'waypoints: a gateway reports what its waypoint reports too, an ambient client reports nothing',
    requests: [
      sample(5, { from: 'edge-v1' }),
      sample(5, { from: 'edge-v1', reporter: 'waypoint' }),
      sample(7, { from: 'ambient-v1', reporter: 'waypoint' }),
      ...both(10, { from: 'sidecar-v1' }),
    ],
    total: 22,
  },
  {
    name: 'two clusters, with calls within and across',
    requests: [...both(10), ...both(3, { toCluster: 'c2' }), ...both(8, { cluster: 'c2' })],
    total: 21,
  },
  {
    name: 'gRPC beside HTTP',
    requests: [...both(10), ...both(6, { labels: { request_protocol: 'grpc', grpc_response_status: '0' } })],
    total: 16,
  },
]

describe('every request counts once', () => {
  it.each(MESHES)('$name', ({ requests, total }) => {
    for (const { view, totals } of graphsOf({ requests })) expect(totals.requestRate, view).toBe(total)
  })

  it.each(MESHES)('whichever report is preferred: $name', ({ requests, total }) => {
    for (const { view, totals } of graphsOf({ requests }, { prefer: 'destination' })) {
      expect(totals.requestRate, view).toBe(total)
    }
  })

  it.each(MESHES)(
    'when a pair for high availability, or two servers, hold every series: $name',
    ({ requests, total }) => {
      // The second of the pair missed some scrapes.
      const late = requests.map((each) => ({ ...each, value: each.value * 0.9 }))
      const united = uniteSamples([
        { owner: 'c1', samples: requests },
        { owner: 'c2', samples: late },
      ])
      for (const { view, totals } of graphsOf({ requests: united })) expect(totals.requestRate, view).toBe(total)
    },
  )

  it('keeps apart what two clusters measure that no label names', () => {
    const nameless = sample(4, { from: 'unknown', to: 'unknown' })
    const united = uniteSamples([
      { owner: 'c1', samples: [nameless] },
      { owner: 'c2', samples: [nameless] },
    ])
    expect(united).toHaveLength(2)
  })
})

describe('the preferred report', () => {
  const requests = [sample(10), sample(9, { reporter: 'destination', labels: { response_code: '500' } })]
  const graphOf = (prefer: 'source' | 'destination') =>
    assembleGraph(samplesOf({ requests }), { view: 'workload', prefer })

  it("is the client's, or the server's when asked for", () => {
    expect(graphOf('source').edges[0]).toMatchObject({ requestRate: 10, errorRate: 0, reporter: 'source' })
    expect(graphOf('destination').edges[0]).toMatchObject({ requestRate: 9, errorRate: 1, reporter: 'destination' })
  })

  it('is given up where there is only the other', () => {
    const { edges } = assembleGraph(samplesOf({ requests: [sample(3)] }), { view: 'workload', prefer: 'destination' })
    expect(edges[0]).toMatchObject({ requestRate: 3, reporter: 'source' })
  })
})

describe('needsWorkloads', () => {
  const coarse = (reporter: 'source' | 'waypoint' | 'destination', toNamespace = 'shop') =>
    sample(1, { reporter, toNamespace })

  it('is so where clients and waypoints report for the same namespaces', () => {
    expect(needsWorkloads({ requests: [coarse('source'), coarse('waypoint')] })).toBe(true)
  })

  it('is not so with sidecars, nor where waypoints are by themselves', () => {
    expect(needsWorkloads({ requests: [coarse('source'), coarse('destination')] })).toBe(false)
    expect(needsWorkloads({ requests: [coarse('source'), coarse('waypoint', 'books')] })).toBe(false)
  })
})

describe('means', () => {
  const durations = (sum: number, count: number, call: Call = {}) => ({
    requests: [sample(count, call)],
    durationSum: [sample(sum, call)],
    durationCount: [sample(count, call)],
  })
  const quick = durations(100, 10)
  const slow = durations(9_000, 30, { from: 'frontend-v2', to: 'reviews-v2' })
  const samples = {
    requests: [...quick.requests, ...slow.requests],
    durationSum: [...quick.durationSum, ...slow.durationSum],
    durationCount: [...quick.durationCount, ...slow.durationCount],
  }
  const meanOf = (view: AssembledView) => assembleGraph(samplesOf(samples), { view, latency: 'mean' })

  it('are what all requests took, over their number', () => {
    expect(meanOf('workload').edges.map(({ latencyMs }) => latencyMs)).toEqual([10, 300])
    expect(meanOf('service').edges.map(({ latencyMs }) => latencyMs)).toEqual([9_100 / 40])
  })

  it('add up over the edges of a node, where of quantiles the largest is taken', () => {
    expect(meanOf('workload').totals.latencyMs).toBeCloseTo(9_100 / 40)
    const latency = [sample(10), sample(300, { from: 'frontend-v2', to: 'reviews-v2' })]
    const quantiles = assembleGraph(samplesOf({ ...samples, durationSum: [], durationCount: [], latency }), {
      view: 'workload',
      latency: 'p95',
    })
    expect(quantiles.totals.latencyMs).toBe(300)
  })

  it('come from the reporter whose requests are shown', () => {
    const server: Call = { reporter: 'destination' }
    const graph = assembleGraph(
      samplesOf({
        requests: both(10),
        durationSum: [sample(1_000), sample(10, server)],
        durationCount: [sample(10), sample(10, server)],
      }),
      { view: 'workload', latency: 'mean' },
    )
    expect(graph.edges[0]?.latencyMs).toBe(100)
  })
})

describe('the view of versions', () => {
  const inventory = {
    workloads: [
      { cluster: 'c1', namespace: 'shop', name: 'reviews-a', app: 'reviews', version: 'v1', injected: false },
      { cluster: 'c1', namespace: 'shop', name: 'ratings-v1', app: 'ratings' },
    ],
  }
  const { nodes, edges } = assembleGraph(
    samplesOf({ requests: [sample(1), sample(2, { to: 'reviews-v2' }), sample(4, { from: 'frontend-v2' })] }),
    { view: 'version', inventory, idle: true },
  )

  it('has a node for each version of an application', () => {
    expect(nodes.map(({ id, type, name, version }) => [id, type, name, version])).toEqual([
      ['version:c1/shop/frontend/v1', 'version', 'frontend', 'v1'],
      ['version:c1/shop/frontend/v2', 'version', 'frontend', 'v2'],
      ['version:c1/shop/ratings/', 'version', 'ratings', undefined],
      ['version:c1/shop/reviews/v1', 'version', 'reviews', 'v1'],
      ['version:c1/shop/reviews/v2', 'version', 'reviews', 'v2'],
    ])
    expect(edges.map(({ requestRate }) => requestRate)).toEqual([1, 2, 4])
  })

  it('knows what its workloads have in the inventory', () => {
    expect(nodes.find(({ id }) => id.endsWith('reviews/v1'))?.injected).toBe(false)
    expect(nodes.find(({ id }) => id.endsWith('reviews/v2'))).not.toHaveProperty('injected')
  })
})
