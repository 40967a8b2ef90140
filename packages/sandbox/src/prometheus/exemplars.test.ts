import { expect, it, onTestFinished } from 'vitest'
import { SYSTEM_CLOCK } from '../clock.ts'
import { listAt, valueAt } from '../json.ts'
import { parseQuery } from '../promql/parse.ts'
import { exemplarsOf, selectorsIn } from './exemplars.ts'
import { PrometheusServer } from './prometheus-server.ts'
import { syntheticSource } from './testing/synthetic-series.ts'

const START_MS = 1_700_000_000_000
const END_MS = START_MS + 7_200_000
const BUCKETS = 'istio_request_duration_milliseconds_bucket'
const source = syntheticSource(START_MS, END_MS)

const ask = (promql: string, from = START_MS, to = END_MS) =>
  exemplarsOf(source, selectorsIn(parseQuery(promql)), from, to)

it('gives the exemplars of every selector of an expression, whatever it does with them', () => {
  const names = (promql: string) => new Set(ask(promql).map(({ seriesLabels }) => seriesLabels['__name__']))
  expect(names(`histogram_quantile(0.9, sum by (le) (rate(${BUCKETS}[5m])))`)).toEqual(new Set([BUCKETS]))
  expect(names(`-topk(2, istio_requests_total) / ${BUCKETS} or vector(1)`)).toEqual(
    new Set([BUCKETS, 'istio_requests_total']),
  )
  expect(names('max_over_time(sum(rate(istio_requests_total[5m]))[1h:1m])')).toEqual(new Set(['istio_requests_total']))
  expect(ask('up')).toEqual([])
  expect(ask('1 + 2')).toEqual([])
})

it('puts every request into the bucket that it belongs to, at a time that was asked for', () => {
  const bounds = ['0', '0.5', '1', '5', '10', '25', '50', '100', '250', '500', '1000', '+Inf']
  const answer = ask(BUCKETS, START_MS + 600_000, START_MS + 3_600_000)
  expect(answer.length).toBeGreaterThan(5)
  for (const { seriesLabels, exemplars } of answer)
    for (const { labels, value, timestamp } of exemplars) {
      const le = seriesLabels['le'] ?? ''
      expect(Number(value)).toBeLessThanOrEqual(Number(le.replace('+Inf', 'Infinity')))
      expect(Number(value)).toBeGreaterThanOrEqual(Number(bounds[bounds.indexOf(le) - 1]))
      expect(labels['trace_id']).toMatch(/^[0-9a-f]{32}$/)
      expect(timestamp * 1_000).toBeGreaterThanOrEqual(START_MS + 600_000)
      expect(timestamp * 1_000).toBeLessThanOrEqual(START_MS + 3_600_000)
    }
})

it('says the same at every asking, of a part as of the whole', () => {
  const whole = ask(BUCKETS)
  expect(ask(BUCKETS)).toEqual(whole)
  expect(ask(`${BUCKETS}{le="1000"}`)).toEqual(whole.filter(({ seriesLabels }) => seriesLabels['le'] === '1000'))
  expect(new Set(whole.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id']))).size).toBe(
    whole.flatMap(({ exemplars }) => exemplars).length,
  )
})

it('is asked by HTTP as Prometheus is, keeps some hours, and tells nothing of what lies ahead', async () => {
  const errors: unknown[] = []
  const server = await PrometheusServer.start({
    source,
    clock: { ...SYSTEM_CLOCK, now: () => END_MS - 3_600_000 },
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => server.stop())
  const post = async (form: Record<string, string>) => {
    const response = await fetch(`${server.url}/api/v1/query_exemplars`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return { status: response.status, body: (await response.json()) as unknown }
  }
  const during = { start: '0', end: String(END_MS / 1_000) }
  const { body } = await post({ query: BUCKETS, ...during })
  expect(valueAt(body, 'data')).toEqual(ask(BUCKETS, START_MS, END_MS - 3_600_000))
  expect(listAt(body, 'data').length).toBeGreaterThan(5)
  expect(await post({ query: `${BUCKETS}{`, ...during })).toMatchObject({
    status: 400,
    body: { errorType: 'bad_data' },
  })
  expect(await post({ query: 'up', start: '2', end: '1' })).toMatchObject({ status: 400 })
  expect(errors).toEqual([])
})
