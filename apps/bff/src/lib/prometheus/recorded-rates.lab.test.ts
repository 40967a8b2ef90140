import { recordingRules } from '@meshdeck/mesh/recording-rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openMetrics, startPrometheus, type RealPrometheus } from '../../testing/real-prometheus.ts'
import { fetchGolden } from './golden-queries.ts'
import { fetchGraphSamples } from './graph-queries.ts'
import type { Matrix, Vector } from './prometheus-answer.ts'
import { createPrometheusClient, type PrometheusClient, type TimeRange } from './prometheus-client.ts'
import { recordedRates } from './recorded-rates.ts'

const SCRAPE_SECONDS = 15
const TO = Math.floor(Date.now() / 600_000) * 600 - 1_200
const FROM = TO - 3 * 3_600
/** The rules came an hour and a half after the series, and were taken away before the end. */
const RECORDED_FROM = FROM + 5_400
const RECORDED_TO = TO - 1_200
const RULES = stringify(recordingRules())
const PODS = ['a', 'b', 'c']

/** Two workloads with three pods each, so that there is something to add up. */
function series() {
  return PODS.flatMap((pod, index) =>
    ['source', 'destination'].flatMap((reporter) => {
      const labels = (code: string) =>
        `reporter="${reporter}",pod="${pod}",instance="10.0.0.${index}:15020",source_workload="web",source_workload_namespace="shop",source_canonical_service="web",` +
        `source_canonical_revision="v1",source_cluster="one",destination_workload="cart",destination_workload_namespace="shop",destination_cluster="one",` +
        `destination_service="cart.shop.svc.cluster.local",destination_service_name="cart",destination_service_namespace="shop",destination_canonical_service="cart",` +
        `destination_canonical_revision="v1",request_protocol="http",response_code="${code}",grpc_response_status="",response_flags="-",connection_security_policy="mutual_tls"`
      // A steady flow, with a wave on it that is slower than any window.
      const counting = (perSecond: number) => (at: number) =>
        Math.round(perSecond * (at - FROM) + perSecond * 200 * Math.sin((at - FROM) / 1_800))
      const duration = 'istio_request_duration_milliseconds'
      return [
        { series: `istio_requests_total{${labels('200')}}`, value: counting(40 + index) },
        { series: `istio_requests_total{${labels('503')}}`, value: counting(2) },
        ...[10, 50, 100, Infinity].map((bound, place) => ({
          series: `${duration}_bucket{${labels('200')},le="${bound === Infinity ? '+Inf' : bound}"}`,
          value: counting((place + 1) * 10),
        })),
        { series: `${duration}_count{${labels('200')}}`, value: counting(40) },
        { series: `${duration}_sum{${labels('200')}}`, value: counting(1_600) },
      ]
    }),
  )
}

let prometheus: RealPrometheus
let client: PrometheusClient
beforeAll(async () => {
  prometheus = await startPrometheus({
    series: openMetrics(series(), { from: FROM, to: TO, step: SCRAPE_SECONDS }),
    record: { rules: RULES, from: RECORDED_FROM, to: RECORDED_TO },
  })
  client = createPrometheusClient({ url: prometheus.url, policy: { allowLoopback: true } })
}, 120_000)
afterAll(async () => {
  await client.close()
  await prometheus[Symbol.asyncDispose]()
})

const near = (a: number, b: number, share: number): boolean => Math.abs(a - b) <= share * Math.abs(b)

type Samples = Readonly<Vector['samples']>

function expectNear(recorded: Samples, raw: Samples, share: number): void {
  const key = (metric: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(metric).toSorted())
  const by = new Map(raw.map(({ metric, value }) => [key(metric), value]))
  expect(recorded.map(({ metric }) => key(metric)).toSorted()).toEqual([...by.keys()].toSorted())
  for (const { metric, value } of recorded) {
    const other = by.get(key(metric)) ?? Number.NaN
    expect(near(value, other, share), `${key(metric)}: ${value} for ${other}`).toBe(true)
  }
}

// The rules are evaluated up to half a minute before the moment that is asked about; by so much the wave goes on.
describe('recorded rates on a real Prometheus', () => {
  it.each([
    { window: 60, share: 0.01 },
    { window: 300, share: 0.02 },
    { window: 1_800, share: 0.02 },
  ])('give the graph over $window s that the proxies’ series give', async ({ window, share }) => {
    const at = RECORDED_TO - 600
    for (const view of ['service', 'workload', 'namespace'] as const) {
      const query = { view, windowSeconds: window, latency: 'p95', replicas: [] } as const
      const rates = recordedRates(client)
      const raw = await fetchGraphSamples(client, query, at)
      const recorded = await fetchGraphSamples(rates.client, query, at)
      expect(rates.used()).toBe(true)
      expect(raw.requests.length).toBeGreaterThan(1)
      expectNear(recorded.requests, raw.requests, share)
      expectNear(recorded.latency ?? [], raw.latency ?? [], share)
    }
  })

  it('give the golden signals over an hour that the proxies’ series give', async () => {
    const range: TimeRange = { from: RECORDED_TO - 3_600, to: RECORDED_TO, step: 60 }
    const rates = recordedRates(client)
    const raw = await fetchGolden(client, { kind: 'service', namespace: 'shop', name: 'cart' }, range, 60)
    const recorded = await fetchGolden(rates.client, { kind: 'service', namespace: 'shop', name: 'cart' }, range, 60)
    expect(rates.used()).toBe(true)
    for (const signal of ['requests', 'failures', 'p50', 'p99'] as const) {
      const other = new Map(raw[signal])
      expect(recorded[signal]).toHaveLength(other.size)
      for (const [at, value] of recorded[signal]) expect(near(value, other.get(at) ?? Number.NaN, 0.01)).toBe(true)
    }
  })

  it('are not asked for before the rules came, after they went, and across either', async () => {
    const asked = async (from: number, to: number): Promise<boolean> => {
      const rates = recordedRates(client)
      const answer: Matrix = await rates.client.queryRange('sum(rate(istio_requests_total{}[60s]))', {
        from,
        to,
        step: 60,
      })
      expect(answer.series[0]?.points.length).toBeGreaterThan(1)
      return rates.used()
    }
    expect(await asked(RECORDED_FROM + 300, RECORDED_TO)).toBe(true)
    expect(await asked(FROM + 600, FROM + 3_600)).toBe(false)
    expect(await asked(FROM + 600, RECORDED_TO)).toBe(false)
    expect(await asked(RECORDED_TO - 3_600, TO)).toBe(false)
  })

  it('are fewer series than the proxies’', async () => {
    const count = async (promql: string) => (await client.query(promql, RECORDED_TO)).samples[0]?.value ?? 0
    const raw = await count('count({__name__=~"istio_.*"})')
    expect(await count('count({__name__=~"workload:istio_.*"})')).toBeLessThan(raw / 2)
  })

  it('come from rules that promtool takes', async () => {
    expect(await prometheus.promtool(['check', 'rules', 'check.yml'], { 'check.yml': RULES })).toContain('SUCCESS')
  })
})
