import { describe, expect, it } from 'vitest'
import { queryCost } from './query-cost.ts'
import { readSelectors } from './read-selectors.ts'
import { readCardinality, readTsdbStatus, type SeriesCounts } from './series-counts.ts'

const named = (counts: Record<string, number>, filler = 20) => [
  ...Object.entries(counts).map(([name, value]) => ({ name, value })),
  ...Array.from({ length: filler }, (_, index) => ({ name: `filler_${index}`, value: 1 })),
]
const STATUS = {
  status: 'success',
  data: {
    headStats: { numSeries: 10_000 },
    seriesCountByMetricName: named({ istio_requests_total: 4_000, up: 12 }),
    seriesCountByLabelValuePair: named({ 'namespace=shop': 300, 'namespace=bank': 50, 'reporter=source': 5_000 }),
  },
}
const counts = (): SeriesCounts => {
  const read = readTsdbStatus(STATUS)
  if (read === undefined) throw new Error('not read')
  return read
}

describe('readSelectors', () => {
  it.each([
    ['up', [{ metric: 'up', labels: [], windowSeconds: 0, times: 1 }]],
    [
      'sum(rate(x{a="b\\"c",d=~"e\\\\.f|g",h!="i",j=~"k.+"}[1h30m] offset 5m))',
      [
        {
          metric: 'x',
          labels: [
            { name: 'a', values: ['b"c'] },
            { name: 'd', values: ['e.f', 'g'] },
          ],
          windowSeconds: 5_400,
          times: 1,
        },
      ],
    ],
    ['max_over_time(rate(x[1m])[1h:30s])', [{ metric: 'x', labels: [], windowSeconds: 60, times: 120 }]],
    [
      '{__name__="x"} or {y="z"}',
      [
        { metric: 'x', labels: [], windowSeconds: 0, times: 1 },
        { labels: [{ name: 'y', values: ['z'] }], windowSeconds: 0, times: 1 },
      ],
    ],
    ['1 + 1', []],
    ['sum(', undefined],
  ])('reads %s', (promql, expected) => {
    expect(readSelectors(promql)?.map(({ text: _text, ...rest }) => rest)).toEqual(expected)
  })
})

describe('queryCost', () => {
  it.each([
    // One point, four scrapes in the window.
    ['rate(istio_requests_total[1m])', 1, 16_000],
    ['rate(istio_requests_total[1m])', 121, 16_000 * 121],
    ['istio_requests_total', 121, 4_000 * 121],
    // The label bounds it better than the metric, and of several values they add up.
    ['istio_requests_total{namespace="shop"}', 1, 300],
    ['istio_requests_total{namespace=~"shop|bank"}', 1, 350],
    ['istio_requests_total{reporter="source"}', 1, 4_000],
    ['max_over_time(up[1h:1m])', 1, 12 * 60],
    ['{__name__=~"istio_.+"}', 1, 10_000],
    // Lists that were not full hold all that there is.
    ['no_such_metric', 1, 0],
    ['istio_requests_total or up', 1, 4_012],
  ])('of %s at %i points is %i samples', (promql, points, samples) => {
    expect(queryCost(promql, points, counts(), 15)?.samples).toBe(samples)
  })

  it('names what most of it is read from', () => {
    expect(queryCost('up + istio_requests_total', 1, counts(), 15)).toMatchObject({
      series: 4_012,
      heaviest: 'istio_requests_total',
    })
  })

  it('is not known of what the store does not tell', () => {
    const few = readTsdbStatus({
      data: { headStats: { numSeries: 1e6 }, seriesCountByMetricName: named({ up: 1 }, 9) },
    })
    expect(few && queryCost('istio_requests_total', 1, few, 15)).toBeUndefined()
    expect(few && queryCost('up', 1, few, 15)?.samples).toBe(1)
    expect(queryCost('sum(', 1, counts(), 15)).toBeUndefined()
  })
})

describe('what stores tell', () => {
  it('is read of VictoriaMetrics', () => {
    const { headStats: _, ...lists } = STATUS.data
    const read = readTsdbStatus({ status: 'success', data: { totalSeries: 77, ...lists } })
    expect([read?.all, read?.ofMetric('up')]).toEqual([77, 12])
  })

  it('is read of Mimir', () => {
    const cardinality = Array.from({ length: 500 }, (_, index) => ({
      label_value: `m${index}`,
      series_count: 1_000 - index,
    }))
    const read = readCardinality({ series_count_total: 9e5, labels: [{ label_name: '__name__', cardinality }] })
    // Of what is not in a full list there are no more than of the last that is.
    expect([read?.all, read?.ofMetric('m3'), read?.ofMetric('other'), read?.ofLabel('a', 'b')]).toEqual([
      9e5,
      997,
      501,
      undefined,
    ])
  })

  it.each([undefined, {}, { data: {} }, { data: { headStats: { numSeries: 'many' } } }, 'text'])(
    'is not read of %j',
    (body) => {
      expect(readTsdbStatus(body)).toBeUndefined()
      expect(readCardinality(body)).toBeUndefined()
    },
  )
})
