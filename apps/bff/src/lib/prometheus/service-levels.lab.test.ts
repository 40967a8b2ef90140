import type { ServiceLevel, ServiceLevelSpec } from '@meshdeck/kube'
import { burnDown, DAY_SECONDS, levelRules } from '@meshdeck/mesh/service-levels'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openMetrics, startPrometheus, type RealPrometheus } from '../../testing/real-prometheus.ts'
import { toServiceLevelView } from '../views/service-levels.ts'
import { createPrometheusClient, type PrometheusClient } from './prometheus-client.ts'
import { courseRange, fetchCourse, fetchLevelFigures } from './service-level-queries.ts'

const TO = Math.floor(Date.now() / 3_600_000) * 3_600 - 3_600
const FROM = TO - 8 * DAY_SECONDS
const SAMPLE_SECONDS = 60
/** Of the window of seven days, the last hour goes badly. */
const BAD_SINCE = TO - 3_600

const labels = (more: string) =>
  `reporter="source",source_workload="web",source_workload_namespace="shop",source_cluster="one",destination_cluster="one",` +
  `destination_service="cart.shop.svc.cluster.local",destination_service_namespace="shop",request_protocol="http",${more}`
const requests = (code: string, grpc = '') =>
  `istio_requests_total{${labels(`response_code="${code}",grpc_response_status="${grpc}"`)}}`
const duration = (part: string, le = '') =>
  `istio_request_duration_milliseconds_${part}{${labels(`response_code="200"`)}${le === '' ? '' : `,le="${le}"`}}`
/** Counts `before` a second until the bad hour, and `after` a second in it. */
const counting = (before: number, after: number) => (at: number) =>
  before * (Math.min(at, BAD_SINCE) - FROM) + after * Math.max(0, at - BAD_SINCE)

// 10 requests a second; in the bad hour one is a 503 and a half fails as gRPC does, under code 200.
const SERIES = [
  { series: requests('200'), value: counting(10, 8.5) },
  { series: requests('503'), value: counting(0, 1) },
  { series: requests('200', '14'), value: counting(0, 0.5) },
  // The server's report of the same calls must not count again.
  { series: requests('200').replace('reporter="source"', 'reporter="destination"'), value: counting(10, 10) },
  // Of ten requests nine are in time, in the bad hour six.
  { series: duration('bucket', '100'), value: counting(5, 2) },
  { series: duration('bucket', '250'), value: counting(9, 6) },
  { series: duration('bucket', '+Inf'), value: counting(10, 10) },
  { series: duration('count'), value: counting(10, 10) },
  { series: duration('sum'), value: counting(1_000, 2_000) },
]

const level = (name: string, spec: Partial<ServiceLevelSpec> = {}): ServiceLevel => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'ServiceLevel',
  metadata: { name },
  spec: {
    mesh: 'shop',
    service: { namespace: 'shop', name: 'cart' },
    indicator: { type: 'Availability' },
    objective: 99.9,
    windowDays: 7,
    ...spec,
  },
})
const AVAILABLE = level('cart')
const TIMELY = level('cart-latency', {
  indicator: { type: 'Latency', thresholdMilliseconds: 250 },
  objective: 85,
})
const RULES = { groups: [AVAILABLE, TIMELY].map((each) => levelRules(each)) }
const rulesText = stringify(RULES, { aliasDuplicateObjects: false })

let prometheus: RealPrometheus
let client: PrometheusClient

beforeAll(async () => {
  prometheus = await startPrometheus({
    series: openMetrics(SERIES, { from: FROM, to: TO, step: SAMPLE_SECONDS }),
  })
  client = createPrometheusClient({ url: prometheus.url, policy: { allowLoopback: true } })
}, 120_000)
afterAll(async () => {
  await client.close()
  await prometheus[Symbol.asyncDispose]()
})

const viewOf = async (of: ServiceLevel) => {
  const figures = await fetchLevelFigures(client, [AVAILABLE.spec, TIMELY.spec], TO, false)
  const clusters = { counted: ['one'], missing: [] }
  return toServiceLevelView(of, [{ figures, isCounted: () => true }], clusters)
}

describe('service levels on a real Prometheus', () => {
  it('have the availability that is worked out by hand', async () => {
    const view = await viewOf(AVAILABLE)
    // In the window of a week one hour of 168 has 15 % failures: 1.5 of 10 a second.
    const bad = 1.5 * 3_600
    const all = 10 * 7 * DAY_SECONDS
    expect(view.requests).toBeCloseTo(all, -4)
    expect(view.good).toBeCloseTo(1 - bad / all, 6)
    expect(view.budgetLeft).toBeCloseTo(1 - bad / all / 0.001, 2)
    const rates = Object.fromEntries(view.burn.map(({ window, rate }) => [window, rate]))
    expect(rates['5m']).toBeCloseTo(150, 6)
    expect(rates['30m']).toBeCloseTo(150, 6)
    expect(rates['1h']).toBeCloseTo(150, 0)
    expect(rates['6h']).toBeCloseTo(25, 0)
    expect(rates['3d']).toBeCloseTo(150 / 72, 1)
    expect(view.state).toBe('burnsFast')
  })

  it('have the latency that is worked out by hand', async () => {
    const view = await viewOf(TIMELY)
    const bad = 1 * 167 + 4 * 1
    expect(view.good).toBeCloseTo(1 - bad / 1_680, 4)
    expect(view.budgetLeft).toBeCloseTo(1 - bad / 1_680 / 0.15, 3)
    expect(view.burn[0]?.rate).toBeCloseTo(0.4 / 0.15, 6)
  })

  it('have a course that ends where the window ends, and breaks in the bad hour', async () => {
    const range = courseRange(AVAILABLE.spec, TO)
    const course = await fetchCourse(client, AVAILABLE.spec, range, { byCluster: false, isCounted: () => true })
    const { good, left } = burnDown([...course], AVAILABLE.spec.objective)
    expect(left).toHaveLength(96)
    expect(left.at(-2)?.[1]).toBe(1)
    expect(left.at(-1)?.[1]).toBeCloseTo((await viewOf(AVAILABLE)).budgetLeft ?? 0, 1)
    expect(good.at(-2)?.[1]).toBe(1)
    expect(good.at(-1)?.[1]).toBeLessThan(0.95)
  })
})

describe('the rules of levels', () => {
  it('are taken by promtool', async () => {
    expect(await prometheus.promtool(['check', 'rules', 'check.yml'], { 'check.yml': rulesText })).toContain('SUCCESS')
  })

  it('record what is worked out by hand', async () => {
    const own = '{mesh="shop",service_level="cart"}'
    const value = (expr: string, at: string, expected: number | undefined) => ({
      // Binary fractions are not what is tested.
      expr: `sum(round((${expr}) * 1e6))`,
      eval_time: at,
      exp_samples: expected === undefined ? [] : [{ labels: '{}', value: Math.round(expected * 1e6) }],
    })
    const ratio = (window: string) => `service_level:bad_requests_per_request:ratio_rate${window}${own}`
    const test = {
      interval: '1m',
      input_series: [
        { series: requests('200'), values: '0+600x600' },
        { series: requests('503'), values: '0x300 0+60x300' },
      ],
      promql_expr_test: [
        value(ratio('5m'), '4h', 0),
        value(ratio('5m'), '8h', 1 / 11),
        value(ratio('30m'), '8h', 1 / 11),
        value(`service_level:error_budget_left:ratio${own} < bool 0`, '8h', 1),
        value(`service_level:requests:rate5m${own}`, '8h', 11),
        value(`service_level:objective:ratio${own}`, '8h', 0.999),
        // Nothing is said before anybody has called.
        value(ratio('5m').replace('cart', 'other'), '8h', undefined),
      ],
    }
    const files = {
      'monthly.yml': stringify({ groups: [levelRules(MONTHLY)] }, { aliasDuplicateObjects: false }),
      'record.yml': stringify({ rule_files: ['monthly.yml'], evaluation_interval: '1m', tests: [test] }),
    }
    expect(await prometheus.promtool(['test', 'rules', 'record.yml'], files)).toContain('SUCCESS')
  })

  it('fire when both windows burn, not before, and say nothing of a service that nobody calls', async () => {
    const series = (failed: string) => [
      { series: requests('200'), values: '0+600x600' },
      { series: requests('503'), values: failed },
    ]
    const alert = (at: string, isExpected: boolean) => ({
      eval_time: at,
      alertname: 'ServiceLevelBudgetBurnsFast',
      exp_alerts: isExpected ? [{ exp_labels: EXPECTED.labels, exp_annotations: EXPECTED.annotations }] : [],
    })
    const test = (name: string, failed: string, cases: readonly [string, boolean][]) => ({
      name,
      interval: '1m',
      input_series: failed === '' ? [] : series(failed),
      alert_rule_test: cases.map(([at, isExpected]) => alert(at, isExpected)),
    })
    const EXPECTED = expectedAlert()
    // 2 % failures burn 20 times too fast; the page wants 14.4 (of 30 days) over an hour and over five minutes.
    const tests = [
      test('all is well', '0x600', [['5h', false]]),
      test('it burns from the fourth hour on, and is over after the sixth', '0x240 0+12x120 1440x240', [
        ['4h', false],
        ['5h30m', true],
        ['9h', false],
      ]),
      test('nobody calls', '', [['5h', false]]),
    ]
    const rules = stringify({ groups: [levelRules(MONTHLY)] }, { aliasDuplicateObjects: false })
    const run = (expectations: readonly object[]) =>
      prometheus.promtool(['test', 'rules', 'test.yml'], {
        'monthly.yml': rules,
        'test.yml': stringify({ rule_files: ['monthly.yml'], evaluation_interval: '1m', tests: expectations }),
      })
    expect(await run(tests)).toContain('SUCCESS')
    // And the test can fail.
    await expect(run([test('all is well', '0x600', [['5h', true]])])).rejects.toThrow('Command failed')
  })
})

const MONTHLY = level('cart', { windowDays: 30 })

function expectedAlert() {
  const { labels: own, annotations } =
    levelRules(MONTHLY).rules.find(({ alert }) => alert === 'ServiceLevelBudgetBurnsFast') ?? {}
  return {
    labels: own,
    annotations: {
      ...annotations,
      description: annotations?.['description']?.replace('{{ $value | humanizePercentage }}', '1.961%'),
    },
  }
}
