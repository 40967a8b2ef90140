import { meshPanels } from '../../testing/mesh-panels.ts'
import { recordedQuery } from '@meshdeck/mesh/recording-rules'
import { describe, expect, it } from 'vitest'
import { sendJson, startFakePrometheus, vectorOf, type Asked } from './fake-prometheus.ts'
import { fetchGolden, goldenQueries, type GoldenScope } from './golden-queries.ts'
import { graphQueries } from './graph-queries.ts'
import { overviewQueries } from './overview-queries.ts'
import { createPrometheusClient } from './prometheus-client.ts'
import { recordedRates } from './recorded-rates.ts'

const WINDOW = 300
const SCOPES: readonly GoldenScope[] = [
  { kind: 'mesh' },
  { kind: 'namespace', namespace: 'shop' },
  { kind: 'service', namespace: 'shop', name: 'cart', cluster: 'one' },
  { kind: 'workload', namespace: 'shop', name: 'cart' },
]
/** What no rule records: containers. */
const NOT_RECORDED = /container_/

describe('what the rules record', () => {
  it('is enough for every query of the graph, the overview, the golden signals and the totals of a mesh', () => {
    const queries = [
      ...(['namespace', 'service', 'version', 'workload'] as const).flatMap((view) =>
        (['none', 'mean', 'p95'] as const).flatMap((latency) =>
          [true, false].flatMap((byWorkload) =>
            Object.values(
              graphQueries({
                view,
                windowSeconds: WINDOW,
                latency,
                byWorkload,
                namespaces: ['a', 'b'],
                replicas: ['replica'],
              }),
            ),
          ),
        ),
      ),
      ...SCOPES.flatMap((scope) => Object.values(goldenQueries(scope, WINDOW))),
      ...Object.values(overviewQueries(WINDOW)),
      ...meshPanels(WINDOW),
    ]
    expect(queries.length).toBeGreaterThan(80)
    const left = queries.filter((promql) => recordedQuery(promql) === undefined)
    expect(left.filter((promql) => !NOT_RECORDED.test(promql))).toEqual([])
  })
})

describe('recorded rates', () => {
  const AT = Math.floor(Date.now() / 1000)
  const RANGE = { from: AT - 3_600, to: AT, step: 60 }
  /** A server where the rules were evaluated so often of late. */
  const withRules = (evaluations: number | undefined) =>
    startFakePrometheus((asked, response) => {
      if (isCoverage(asked))
        sendJson(response, evaluations === undefined ? vectorOf() : vectorOf({ value: String(evaluations) }))
      else if (asked.path.includes('query_range'))
        sendJson(response, { status: 'success', data: { resultType: 'matrix', result: [] } })
      else sendJson(response, vectorOf())
    })
  const isCoverage = ({ form }: Asked): boolean => form['query']?.includes('meshdeck:recording_rules:info') === true

  it.each([
    { name: 'are asked for where the rules cover all of the time', evaluations: 122, used: true },
    { name: 'are not asked for where they cover a part of it', evaluations: 60, used: false },
    { name: 'are not asked for where the rules are stale or absent', evaluations: undefined, used: false },
  ])('$name', async ({ evaluations, used }) => {
    await using server = await withRules(evaluations)
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const rates = recordedRates(client)
    await fetchGolden(rates.client, { kind: 'mesh' }, RANGE, 60)
    // What is asked besides is which labels tell the members of a pair apart.
    const queries = server.asked
      .filter((asked) => !isCoverage(asked))
      .flatMap(({ form: { query = '' } }) => (query.includes('istio_') ? [query] : []))
    expect(queries).toHaveLength(5)
    expect(queries.every((promql) => promql.includes('workload:istio_') === used)).toBe(true)
    expect(queries.some((promql) => promql.includes('rate(istio_'))).toBe(!used)
    expect(rates.used()).toBe(used)
    // It is asked once whether they are there, whoever wants to know in that minute.
    await fetchGolden(recordedRates(client).client, { kind: 'namespace', namespace: 'shop' }, RANGE, 60)
    expect(server.asked.filter(isCoverage)).toHaveLength(1)
    await client.close()
  })

  it('leave the proxies’ series in place where the question itself fails', async () => {
    await using server = await startFakePrometheus((asked, response) => {
      if (isCoverage(asked))
        sendJson(response, { status: 'error', errorType: 'bad_data', error: 'no such function' }, 400)
      else sendJson(response, vectorOf({ value: '1' }))
    })
    const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
    const rates = recordedRates(client)
    const { samples } = await rates.client.query('sum(rate(istio_requests_total{}[60s]))', AT)
    expect([samples.length, rates.used()]).toEqual([1, false])
    await client.close()
  })
})
