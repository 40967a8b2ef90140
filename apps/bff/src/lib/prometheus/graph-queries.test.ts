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
    const queries = graphQueries({ view: 'workload', windowSeconds: 60, namespaces, latency: true })
    expect(Object.keys(queries)).toEqual(['requests', 'tcpSent', 'tcpReceived', 'latency'])
    expect(queries.requests.match(/rate\(/g)).toHaveLength(3)
    expect(queries.tcpSent).toContain('source_workload_namespace=~"ns-0|ns-1|ns-10|')
  })

  it('asks for latency only when wanted, without the outcome', () => {
    expect(graphQueries({ view: 'service', windowSeconds: 60 })).not.toHaveProperty('latency')
    const { latency } = graphQueries({ view: 'service', windowSeconds: 60, latency: true })
    expect(latency).toMatch(
      /^histogram_quantile\(0.95, sum by \([^)]*,le\) \(rate\(istio_request_duration_milliseconds_bucket/,
    )
    expect(latency).not.toContain('response_code')
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
    ])
    await using server = await startFakePrometheus(({ form }, response) => {
      const kind = /requests|sent|received|duration/.exec(form['query'] ?? '')?.[0] ?? ''
      sendJson(response, { ...vectorOf({ metric, value: values.get(kind) ?? 'NaN' }), warnings: ['partial'] })
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const samples = await fetchGraphSamples(client, { view: 'workload', windowSeconds: 60, latency: true }, 1_000)
    await client.close()
    expect(server.asked.map(({ form }) => form['time'])).toEqual(['1000', '1000', '1000', '1000'])
    expect(samples.warnings).toEqual(['partial'])
    expect(assembleGraph(samples, { view: 'workload' }).edges).toMatchObject([
      { protocol: 'http', requestRate: 2, latencyMs: 12 },
      { protocol: 'tcp', sentRate: 30, receivedRate: 4 },
    ])
  })
})
