import { describe, expect, it } from 'vitest'
import { sendJson, startFakePrometheus, vectorOf } from './fake-prometheus.ts'
import { createPrometheusClient } from './prometheus-client.ts'
import { fetchSidecarUsage, usageQueries } from './sidecar-usage.ts'

describe('usage of sidecars', () => {
  it('is two queries, in which no name leaves its quotes', () => {
    expect(usageQueries('shop', 'reviews-v1')).toEqual({
      cpu: 'max by (pod,cluster) (rate(container_cpu_usage_seconds_total{container="istio-proxy",namespace="shop",pod=~"reviews-v1-.+"}[240s]))',
      memory:
        'max by (pod,cluster) (container_memory_working_set_bytes{container="istio-proxy",namespace="shop",pod=~"reviews-v1-.+"})',
    })
    expect(usageQueries('a"} or up{b="', 'x.*|y').memory).toContain(
      String.raw`namespace="a\"} or up{b=\"",pod=~"x\\.\\*\\|y-.+"`,
    )
  })

  it('belongs to the pod of the cluster that was asked for, and to none where that cannot be told', async () => {
    const of = (pod: string, value: string, cluster?: string) => ({
      metric: { pod, ...(cluster === undefined ? {} : { cluster }) },
      value,
    })
    await using prometheus = await startFakePrometheus(({ form }, response) =>
      sendJson(
        response,
        form['query']?.includes('cpu') === true
          ? vectorOf(of('redis-0', '0.2', 'alpha'), of('redis-0', '0.9', 'beta'), of('redis-1', '0.1'))
          : vectorOf(of('redis-0', '100', 'beta'), of('redis-2', '5', 'one'), of('redis-2', '6', 'two')),
      ),
    )
    const client = createPrometheusClient({ url: prometheus.url, policy: { allowLoopback: true } })
    const target = { cluster: 'alpha', namespace: 'shop', name: 'redis' }
    const usage = async (isShared: boolean) =>
      Object.fromEntries(await fetchSidecarUsage(client, { ...target, isShared }, 1_000))
    expect(await usage(true)).toEqual({ 'redis-0': { cpu: 0.2 }, 'redis-1': { cpu: 0.1 } })
    expect(await usage(false)).toEqual({ 'redis-0': { cpu: 0.2, memory: 100 }, 'redis-1': { cpu: 0.1 } })
    expect(prometheus.asked).toHaveLength(2)
    await client.close()
  })
})
