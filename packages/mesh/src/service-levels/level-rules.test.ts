import type { ServiceLevel, ServiceLevelSpec } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { prometheusRule } from '../rules/rule-file.ts'
import { countSamples } from './count-samples.ts'
import { levelQueries } from './level-queries.ts'
import { levelRules } from './level-rules.ts'

const level = (name: string, spec: Partial<ServiceLevelSpec> = {}): ServiceLevel => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'ServiceLevel',
  metadata: { name },
  spec: {
    mesh: 'shop',
    service: { namespace: 'shop', name: 'cart' },
    indicator: { type: 'Availability' },
    objective: 99.9,
    windowDays: 30,
    ...spec,
  },
})
const LATENCY = { indicator: { type: 'Latency', thresholdMilliseconds: 250 } } as const
const WINDOWS = [
  { id: '5m', seconds: 300 },
  { id: '30d', seconds: 2_592_000 },
]

describe('the queries of levels', () => {
  it('are four for all levels and windows, two where all are of one kind', () => {
    const available = level('a').spec
    const other = { ...available, service: { namespace: 'shop', name: 'pay' } }
    const latency = { ...available, ...LATENCY }
    expect(Object.keys(levelQueries([available, other, latency], WINDOWS))).toEqual([
      'total',
      'failed',
      'timed',
      'fast',
    ])
    const queries = levelQueries([available, other], WINDOWS)
    expect(Object.keys(queries)).toEqual(['total', 'failed'])
    expect(queries.total).toContain(String.raw`destination_service=~"cart\\.shop\\.svc\\..+|pay\\.shop\\.svc\\..+"`)
    for (const window of ['[300s]', '[2592000s]']) expect(queries.failed).toContain(window)
    expect(levelQueries([], WINDOWS)).toEqual({})
  })

  it('find a bucket however the server writes its bound, and the clusters only on demand', () => {
    const latency = { ...level('a').spec, ...LATENCY }
    expect(levelQueries([latency], WINDOWS).fast).toContain(String.raw`le=~"250|250\\.0"`)
    expect(levelQueries([latency], WINDOWS).fast).not.toContain('destination_cluster')
    expect(levelQueries([latency], WINDOWS, { byCluster: true }).timed).toContain('destination_cluster,source_cluster')
  })
})

describe('what an answer says of a level', () => {
  const sample = (value: number, metric: Record<string, string> = {}) => ({
    metric: { destination_service: 'cart.shop.svc.cluster.local', window: '5m', ...metric },
    value,
  })

  it('is counted by window, of its own host only', () => {
    const samples = {
      total: [sample(10), sample(20, { window: '30d' }), sample(5, { destination_service: 'cart.shopping.svc.x' })],
      failed: [sample(1)],
    }
    expect(Object.fromEntries(countSamples(level('a').spec, samples))).toEqual({
      '5m': { total: 10, bad: 1 },
      '30d': { total: 20, bad: 0 },
    })
  })

  it('takes the bucket of its threshold, and nothing where no proxy has it', () => {
    const { spec } = level('a', LATENCY)
    const fast = [sample(9, { le: '250.0' }), sample(5, { le: '100' })]
    expect(countSamples(spec, { timed: [sample(10)], fast }).get('5m')).toEqual({ total: 10, bad: 1 })
    expect(countSamples(spec, { timed: [sample(10)], fast: [] }).size).toBe(0)
  })

  it('is of the clusters that count; a call that never arrived is its caller’s', () => {
    const total = [
      sample(1, { destination_cluster: 'one', source_cluster: 'two' }),
      sample(2, { destination_cluster: 'unknown', source_cluster: 'one' }),
      sample(4, { destination_cluster: 'two', source_cluster: 'one' }),
    ]
    const counted = countSamples(level('a').spec, { total }, (cluster) => cluster === 'one')
    expect(counted.get('5m')?.total).toBe(3)
  })
})

describe('the rules of a level', () => {
  it('read the proxies only twice, and record all windows from that', () => {
    const { rules } = levelRules(level('cart'))
    expect(rules.filter(({ expr }) => expr.includes('istio_'))).toHaveLength(2)
    expect(rules.flatMap(({ record }) => record ?? [])).toEqual([
      'service_level:requests:rate5m',
      'service_level:bad_requests:rate5m',
      ...['5m', '30m', '1h', '6h', '3d', '30d'].map((id) => `service_level:bad_requests_per_request:ratio_rate${id}`),
      'service_level:objective:ratio',
      'service_level:error_budget_left:ratio',
    ])
    expect(rules.at(-2)?.expr).toMatch(/> 0.0144 and .*> 0.0144\) or .*> 0.006 and/)
    expect(rules.at(-1)?.labels).toMatchObject({ severity: 'ticket', service_level: 'cart', mesh: 'shop' })
  })

  it('quote what comes from outside, and name clusters only where a server holds several', () => {
    const odd = level('cart', { mesh: 'a"} or vector(1)', clusters: ['one'] })
    expect(levelRules(odd).rules[2]?.expr).toContain(String.raw`mesh="a\"} or vector(1)"`)
    expect(levelRules(odd).rules[0]?.expr).not.toContain('cluster="one"')
    expect(levelRules(odd, { byCluster: true }).rules[0]?.expr).toContain('destination_cluster="one"')
  })

  it('are the same for the Prometheus Operator', () => {
    const groups = [levelRules(level('cart'))]
    expect(prometheusRule('levels', { groups })).toMatchObject({ kind: 'PrometheusRule', spec: { groups } })
  })
})
