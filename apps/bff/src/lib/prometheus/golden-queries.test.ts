import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matrixOf, sendJson, startFakePrometheus } from './fake-prometheus.ts'
import { alignRange, fetchGolden, goldenQueries, mergeGolden, type GoldenScope } from './golden-queries.ts'
import { createPrometheusClient } from './prometheus-client.ts'

describe('goldenQueries', () => {
  it('counts each request once, in the mesh', () => {
    expect(goldenQueries({ kind: 'mesh' }, 60).requests).toBe(
      'sum(rate(istio_requests_total{reporter=~"source|waypoint"}[60s])' +
        ' or rate(istio_requests_total{reporter="destination",source_workload="unknown"}[60s]))',
    )
  })

  it('counts failures by code, and by gRPC status where the code tells nothing', () => {
    const { failures } = goldenQueries({ kind: 'mesh' }, 60)
    expect(failures).toContain('response_code=~"0|5.."')
    expect(failures).toContain('response_code!~"0|5..",grpc_response_status!~"|0"')
  })

  it.each<[GoldenScope, string]>([
    [
      { kind: 'service', namespace: 'shop', name: 'reviews' },
      String.raw`destination_service=~"reviews\\.shop\\.svc\\..+"`,
    ],
    [
      { kind: 'workload', namespace: 'shop', name: 'reviews-v1' },
      'destination_workload="reviews-v1",destination_workload_namespace="shop"',
    ],
    [
      { kind: 'namespace', namespace: 'shop' },
      'destination_workload_namespace="unknown",destination_service_namespace="shop"',
    ],
    [{ kind: 'mesh', cluster: 'east' }, 'destination_cluster="unknown",source_cluster="east"'],
    [
      { kind: 'namespace', namespace: '"}) or vector(1)#' },
      String.raw`destination_workload_namespace="\"}) or vector(1)#"`,
    ],
  ])('keeps to its scope: %j', (scope, matchers) => {
    const queries = goldenQueries(scope, 60)
    for (const query of Object.values(queries)) expect(query).toContain(matchers)
    expect(queries.p90).toMatch(/^histogram_quantile\(0.9, sum by \(le\)/)
  })
})

describe('alignRange', () => {
  it('chooses a step for about 120 points', () => {
    expect(alignRange({ from: 7, to: 3_611 })).toEqual({ from: 0, to: 3_600, step: 60 })
    expect(alignRange({ from: 0, to: 600 }).step).toBe(5)
  })

  it('is the same for all who ask within a step', () => {
    expect(alignRange({ from: 101, to: 701, step: 30 })).toEqual(alignRange({ from: 119, to: 719, step: 30 }))
  })

  it('never asks for more points than Prometheus gives', () => {
    const times = fc.tuple(
      fc.nat(2_000_000_000),
      fc.nat(2_000_000_000),
      fc.option(fc.integer({ min: 1, max: 86_400 }), { nil: undefined }),
    )
    fc.assert(
      fc.property(times, ([a, b, step]) => {
        fc.pre(a !== b)
        const range = alignRange({ from: Math.min(a, b), to: Math.max(a, b), step })
        expect((range.to - range.from) / range.step).toBeLessThanOrEqual(10_001)
        expect([range.from % range.step, range.to % range.step]).toEqual([0, 0])
      }),
    )
  })

  it('refuses a range that goes backwards', () => {
    expect(() => alignRange({ from: 2, to: 2 })).toThrow(RangeError)
  })
})

describe('fetchGolden and mergeGolden', () => {
  it('gives rates, shares and quantiles, with gaps where nothing was', async () => {
    await using server = await startFakePrometheus(({ form: { query = '' } }, response) => {
      if (query.startsWith('histogram')) sendJson(response, matrixOf([10, '50'], [20, 'NaN']))
      else if (query.includes('5..')) sendJson(response, matrixOf([20, '1']))
      else sendJson(response, matrixOf([10, '0'], [20, '4'], [30, '2']))
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const points = await fetchGolden(client, { kind: 'mesh' }, { from: 10, to: 30, step: 10 }, 60)
    await client.close()
    expect(mergeGolden([points])).toEqual({
      requestRate: [
        [10, 0],
        [20, 4],
        [30, 2],
      ],
      errorRate: [
        [20, 0.25],
        [30, 0],
      ],
      latencyP50: [[10, 50]],
      latencyP90: [[10, 50]],
      latencyP99: [[10, 50]],
    })
    // And whether the store holds series twice.
    expect(server.asked).toHaveLength(6)
  })

  it('adds the rates of several servers, and shows the slowest latency', () => {
    const latency = { p50: [], p90: [], p99: [] }
    const merged = mergeGolden([
      { ...latency, requests: [[20, 3]], failures: [[20, 3]], p99: [[20, 80]] },
      {
        ...latency,
        requests: [
          [10, 1],
          [20, 1],
        ],
        failures: [],
        p99: [[20, 90]],
      },
    ])
    expect(merged).toMatchObject({
      requestRate: [
        [10, 1],
        [20, 4],
      ],
      errorRate: [
        [10, 0],
        [20, 0.75],
      ],
      latencyP99: [[20, 90]],
    })
  })

  it('is empty for no server', () => {
    expect(mergeGolden([])).toMatchObject({ requestRate: [], errorRate: [] })
  })
})
