import { assembleGraph } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { sendJson, startFakePrometheus, vectorOf } from './fake-prometheus.ts'
import { fetchGraphSamples, graphQueries } from './graph-queries.ts'
import { createPrometheusClient } from './prometheus-client.ts'

describe('graphQueries', () => {
  it('asks for the labels a view shows, and no more', () => {
    const { requests } = graphQueries({ view: 'namespace', windowSeconds: 60 })
    expect(requests).toBe(
      '(sum by (reporter,source_cluster,destination_cluster,request_protocol,source_workload_namespace,' +
        'destination_workload_namespace,destination_service_namespace,response_code,grpc_response_status,' +
        'connection_security_policy) (rate(istio_requests_total{}[60s]))) > 0',
    )
    expect(graphQueries({ view: 'service', windowSeconds: 60 }).requests).not.toContain('destination_workload,')
    expect(graphQueries({ view: 'workload', windowSeconds: 60 }).requests).toContain('destination_workload,')
  })

  it('is as many queries for many namespaces as for one', () => {
    const namespaces = Array.from({ length: 50 }, (_, index) => `ns-${index}`)
    const queries = graphQueries({ view: 'workload', windowSeconds: 60, namespaces, latency: 'p95' })
    expect(Object.keys(queries)).toEqual(['requests', 'tcpSent', 'tcpReceived', 'latency'])
    expect(queries.requests.match(/rate\(/g)).toHaveLength(3)
    expect(queries.tcpSent).toContain('source_workload_namespace=~"ns-0|ns-1|ns-10|')
  })

  it('asks for latency only when wanted, without the outcome', () => {
    for (const nothing of [{}, { latency: 'none' }] as const) {
      const queries = graphQueries({ view: 'service', windowSeconds: 60, ...nothing })
      expect(Object.values(queries).join(' ')).not.toContain('duration')
    }
    const { latency } = graphQueries({ view: 'service', windowSeconds: 60, latency: 'p95' })
    expect(latency).toMatch(
      /^histogram_quantile\(0.95, sum by \([^)]*,le\) \(rate\(istio_request_duration_milliseconds_bucket/,
    )
    expect(latency).not.toContain('response_code')
  })

  it('asks for a mean without a single bucket', () => {
    const { durationSum, durationCount, ...others } = graphQueries({
      view: 'service',
      windowSeconds: 60,
      latency: 'mean',
    })
    expect(Object.keys(others)).toEqual(['requests', 'tcpSent', 'tcpReceived'])
    expect(`${durationSum} ${durationCount}`).not.toContain('bucket')
    expect(durationSum).toContain('istio_request_duration_milliseconds_sum')
  })

  it('counts series once that a pair for high availability has twice', () => {
    const { requests } = graphQueries({ view: 'namespace', windowSeconds: 60, replicas: ['prometheus_replica'] })
    expect(requests).toContain(
      'connection_security_policy) (max without (prometheus_replica) (rate(istio_requests_total{}[60s])))',
    )
  })

  it('refuses an empty set of namespaces, which would mean all', () => {
    expect(() => graphQueries({ view: 'service', windowSeconds: 60, namespaces: [] })).toThrow(RangeError)
  })
})

describe('fetchGraphSamples', () => {
  it('gives what a graph is made of', async () => {
    const metric = {
      reporter: 'source',
      source_cluster: 'c1',
      source_workload_namespace: 'shop',
      source_workload: 'web',
      destination_cluster: 'c1',
      destination_workload_namespace: 'shop',
      destination_workload: 'db',
    }
    const values = new Map([
      ['requests', '2'],
      ['sent', '30'],
      ['received', '4'],
      ['duration', '12'],
      ['up{', 'NaN'],
    ])
    await using server = await startFakePrometheus(({ form }, response) => {
      const kind = /requests|sent|received|duration|up\{/.exec(form['query'] ?? '')?.[0] ?? ''
      sendJson(response, { ...vectorOf({ metric, value: values.get(kind) ?? 'NaN' }), warnings: ['partial'] })
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const samples = await fetchGraphSamples(client, { view: 'workload', windowSeconds: 60, latency: 'p95' }, 1_000)
    await client.close()
    expect(server.asked.map(({ form }) => form['time'])).toEqual(['900', '1000', '1000', '1000', '1000'])
    expect(samples.warnings).toEqual(['partial'])
    expect(assembleGraph(samples, { view: 'workload' }).edges).toMatchObject([
      { protocol: 'http', requestRate: 2, latencyMs: 12 },
      { protocol: 'tcp', sentRate: 30, receivedRate: 4 },
    ])
  })

  it('asks again with the workloads where clients and waypoints report for the same namespaces', async () => {
    const metric = { source_workload_namespace: 'shop', destination_workload_namespace: 'books' }
    await using server = await startFakePrometheus(({ form }, response) => {
      const asked = form['query'] ?? ''
      const reports = ['source', 'waypoint'].map((reporter) => ({
        metric: { ...metric, reporter, ...(asked.includes('source_workload,') && { source_workload: reporter }) },
        value: '3',
      }))
      sendJson(response, asked.includes('requests') ? vectorOf(...reports) : vectorOf())
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const samples = await fetchGraphSamples(client, { view: 'namespace', windowSeconds: 60 }, 1_000)
    await client.close()
    // Replicas, three coarse, three fine.
    expect(server.asked).toHaveLength(7)
    expect(assembleGraph(samples, { view: 'namespace' }).totals.requestRate).toBe(6)
  })

  it('finds out by which label series are doubled, once for many graphs', async () => {
    await using server = await startFakePrometheus(({ form }, response) => {
      const replicas = ['a', 'b'].map((replica) => ({ metric: { prometheus_replica: replica }, value: '1' }))
      sendJson(response, form['query']?.includes('(up{})') === true ? vectorOf(...replicas) : vectorOf())
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    for (const at of [1_000, 1_005]) {
      await fetchGraphSamples(client, { view: 'workload', windowSeconds: 60 }, at)
    }
    await client.close()
    const queries = server.asked.map(({ form }) => form['query'] ?? '')
    expect(queries.filter((query) => query.includes('(up{})'))).toHaveLength(1)
    expect(queries.filter((query) => query.includes('max without (prometheus_replica)'))).toHaveLength(6)
  })
})
