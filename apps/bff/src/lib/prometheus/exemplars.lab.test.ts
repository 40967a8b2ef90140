import { findDashboard, panelsOf, type Variables } from '@meshdeck/mesh/monitoring'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openMetrics, startPrometheus, type RealPrometheus } from '../../testing/real-prometheus.ts'
import { startFakePrometheus, type FakePrometheus } from './fake-prometheus.ts'
import { createPrometheusClient } from './prometheus-client.ts'

const START = 60_000
const LABELS = 'reporter="source",destination_service="cart.shop.svc.cluster.local",source_workload="web"'
const BUCKETS = 'istio_request_duration_milliseconds_bucket'
const TRACES = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b700f067aa0ba902b7']
const EXPOSED = `# TYPE istio_request_duration_milliseconds histogram
${BUCKETS}{${LABELS},le="10"} 8 # {trace_id="${TRACES[0]}"} 4.5
${BUCKETS}{${LABELS},le="100"} 9 # {trace_id="${TRACES[1]}",span_id="1"} 60
${BUCKETS}{${LABELS},le="+Inf"} 10 # {customer="nobody"} 200
istio_request_duration_milliseconds_count{${LABELS}} 10
istio_request_duration_milliseconds_sum{${LABELS}} 300
# EOF
`
const VARIABLES: Variables = {
  window: 60,
  systemNamespace: 'istio-system',
  namespace: 'shop',
  name: 'cart',
  reporter: 'source',
  quantiles: [0.5],
  peers: [],
  peerNamespaces: [],
}
let proxy: FakePrometheus
let prometheus: RealPrometheus

function startScraping(flags: readonly string[]): Promise<RealPrometheus> {
  const at = Math.floor(Date.now() / 1_000) - 7_200
  const target = new URL(proxy.url).host
  return startPrometheus({
    series: openMetrics([{ series: 'up{job="past"}', value: () => 1 }], { from: at, to: at + 60, step: 15 }),
    flags,
    config: `scrape_configs: [{ job_name: proxies, scrape_interval: 1s, static_configs: [{ targets: ['${target}'] }] }]\n`,
  })
}

/** A Prometheus that scrapes what a proxy could expose, with exemplars as OpenMetrics has them. */
beforeAll(async () => {
  proxy = await startFakePrometheus((_, response) => {
    response.writeHead(200, { 'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
    response.end(EXPOSED)
  })
  prometheus = await startScraping(['--enable-feature=exemplar-storage'])
}, START)
afterAll(async () => {
  await prometheus[Symbol.asyncDispose]()
  await proxy[Symbol.asyncDispose]()
})

it('reads what a real Prometheus keeps of a panel’s series, and nothing without a trace', async () => {
  const services = findDashboard('services')
  const panel = services && panelsOf(services).find(({ id }) => id === 'clients-duration')
  const client = createPrometheusClient({ url: prometheus.url, policy: { allowLoopback: true }, ttlMs: 0 })
  const now = Date.now() / 1_000
  const ask = () =>
    client.exemplars(panel?.exemplars?.promql(VARIABLES) ?? '', {
      from: Math.floor(now) - 60,
      to: Math.ceil(now) + 120,
    })
  try {
    await expect.poll(async () => (await ask()).length, { timeout: 30_000 }).toBe(2)
    const [fast, slow] = (await ask()).toSorted((a, b) => a.value - b.value)
    expect(fast).toMatchObject({
      value: 4.5,
      traceId: TRACES[0],
      metric: { __name__: BUCKETS, source_workload: 'web' },
    })
    expect(slow).toMatchObject({ value: 60, traceId: TRACES[1], metric: { le: '100' } })
    expect(Math.abs((fast?.at ?? 0) - now)).toBeLessThan(60)
    expect(
      await client.exemplars('istio_requests_total{}', { from: Math.floor(now) - 60, to: Math.ceil(now) }),
    ).toEqual([])
  } finally {
    await client.close()
  }
})

it('finds none where Prometheus was not told to keep any, and that is no failure', async () => {
  await using plain = await startScraping([])
  const client = createPrometheusClient({ url: plain.url, policy: { allowLoopback: true }, ttlMs: 0 })
  try {
    await expect
      .poll(async () => (await client.query(`${BUCKETS}{le="10"}`, Date.now() / 1_000)).samples.length, {
        timeout: 30_000,
      })
      .toBe(1)
    const now = Math.ceil(Date.now() / 1_000)
    expect(await client.exemplars(`${BUCKETS}{}`, { from: now - 60, to: now })).toEqual([])
  } finally {
    await client.close()
  }
})
