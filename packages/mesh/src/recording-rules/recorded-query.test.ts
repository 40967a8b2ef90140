import { describe, expect, it } from 'vitest'
import { histogramQuantile, maxWithout, rate, selector, sumBy, withLabel } from '../promql/promql.ts'
import { levelQueries } from '../service-levels/level-queries.ts'
import { RECORDED_METRICS, recordingRules } from './pack.ts'
import { coverageQuery, isCovered, recordedQuery } from './recorded-query.ts'

const REQUESTS = 'istio_requests_total'
const requests = (window: number, matchers = {}) => rate(selector(REQUESTS, matchers), window)

describe('a query over recorded rates', () => {
  it('takes the recorded rate for one of its window, and the mean of several for a longer one', () => {
    const at = { reporter: 'source' }
    expect(recordedQuery(sumBy([], requests(60, at)))).toEqual({
      promql: 'sum(workload:istio_requests:rate1m{reporter="source"})',
      reachSeconds: 60,
    })
    expect(recordedQuery(sumBy(['destination_service'], requests(300, at)))).toEqual({
      promql:
        'sum by (destination_service) ((sum_over_time(workload:istio_requests:rate1m{reporter="source"}[299s]) / 10))',
      reachSeconds: 300,
    })
  })

  it('is not made where the rules keep too little', () => {
    for (const promql of [
      sumBy([], requests(90)),
      sumBy(['pod'], requests(60)),
      sumBy([], requests(60, { pod: 'a' })),
      sumBy(['le'], requests(60)),
      sumBy([], rate([selector(REQUESTS), selector(REQUESTS, { destination_principal: 'a' })], 60)),
      sumBy([], withLabel(requests(60), 'a', 'b', { label: 'destination_principal', pattern: 'spiffe.*' })),
      sumBy(['response_code'], rate(selector('istio_request_duration_milliseconds_bucket'), 60)),
      sumBy(['pod'], rate(selector('container_cpu_usage_seconds_total'), 60)),
      selector(REQUESTS),
    ])
      expect(recordedQuery(promql), promql).toBeUndefined()
  })

  it('leaves other metrics, other functions and replicas as they are', () => {
    const other = sumBy([], rate(selector('pilot_xds_pushes'), 60))
    expect(recordedQuery(`${sumBy([], requests(60))} / ${other}`)?.promql).toBe(
      `sum(workload:istio_requests:rate1m{}) / ${other}`,
    )
    expect(recordedQuery(sumBy([], maxWithout(['prometheus_replica'], requests(60))))?.promql).toBe(
      'sum(max without (prometheus_replica) (workload:istio_requests:rate1m{}))',
    )
    const quantile = withLabel(
      histogramQuantile(0.9, sumBy(['le'], rate(selector('istio_request_duration_milliseconds_bucket'), 60))),
      'quantile',
      'p90',
    )
    expect(recordedQuery(quantile)?.promql).toContain('workload:istio_request_duration_milliseconds_bucket:rate1m{}')
  })

  it('is not led astray by what stands in texts', () => {
    const hostile = { destination_service: 'a"}[60s]) by (pod) rate(istio_requests_total{pod="x"}[7s])' }
    const query = sumBy(['destination_service'], requests(60, hostile))
    expect(recordedQuery(query)?.promql).toBe(
      query.replace(`rate(${REQUESTS}`, 'workload:istio_requests:rate1m').replace(/\[60s\]\)\)$/, ')'),
    )
  })

  it('is there for all service levels', () => {
    const service = { namespace: 'shop', name: 'cart' }
    const queries = levelQueries(
      [
        { service, indicator: { type: 'Availability' } },
        { service, indicator: { type: 'Latency', thresholdMilliseconds: 250 } },
      ],
      [{ id: '28d', seconds: 28 * 86_400 }],
      { byCluster: true },
    )
    for (const promql of Object.values(queries)) expect(recordedQuery(promql)?.reachSeconds).toBe(28 * 86_400)
  })
})

describe('the recording rules', () => {
  it('are named by level, metric and operations, and end with their marker', () => {
    const [{ rules } = { rules: [] }] = recordingRules().groups
    expect(rules.map(({ record = '' }) => record)).toEqual([
      ...RECORDED_METRICS.map(({ name }) => name),
      'meshdeck:recording_rules:info',
    ])
    for (const { name } of RECORDED_METRICS) expect(name).toMatch(/^workload:istio_[a-z_]+:rate1m$/)
  })

  it('cover a time when they were evaluated in all of it', () => {
    expect(coverageQuery(3_600)).toContain('[3600s]')
    expect([isCovered(120, 3_600), isCovered(112, 3_600), isCovered(60, 3_600), isCovered(0, 60)]).toEqual([
      true,
      true,
      false,
      true,
    ])
  })
})
