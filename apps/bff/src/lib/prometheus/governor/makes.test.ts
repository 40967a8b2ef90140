import type { PrometheusSettings } from '@meshdeck/kube'
import { prometheusAccess, type PrometheusSecret } from '@meshdeck/kube-client'
import { AUTHORITY, CLIENT, EXPIRED_SERVER, SERVER } from '@meshdeck/kube-client/testing/certificates'
import { describe, expect, it } from 'vitest'
import { matrixOf, sendJson, startFakePrometheus, vectorOf, type Asked } from '../fake-prometheus.ts'
import { createPrometheusClient } from '../prometheus-client.ts'
import type { AnswerNote } from './asker.ts'
import type { Governor } from './governor.ts'

function clientOf(settings: PrometheusSettings, secret?: PrometheusSecret): Governor & AsyncDisposable {
  const client = createPrometheusClient({
    url: settings.url,
    access: prometheusAccess(settings, secret),
    policy: { allowLoopback: true },
    deadlineMs: 5_000,
  })
  return { ...client, [Symbol.asyncDispose]: () => client.close() }
}

const NOW = 1_800_000_000
const time = (seconds: number) => ({
  status: 'success',
  data: { resultType: 'scalar', result: [seconds, String(seconds)] },
})
const metrics = [{ name: 'istio_requests_total', value: 4_000 }]

/** What each make answers to questions about itself; a 404 where there is nothing. */
const MAKES: Record<string, Record<string, unknown>> = {
  Prometheus: {
    'status/buildinfo': { status: 'success', data: { version: '3.5.0', revision: 'abc', goVersion: 'go1.24' } },
    'status/tsdb': { status: 'success', data: { headStats: { numSeries: 9_000 }, seriesCountByMetricName: metrics } },
    'status/runtimeinfo': { status: 'success', data: { startTime: '2026-11-29T10:00:00.123456789Z' } },
  },
  Thanos: {
    'status/buildinfo': { status: 'success', data: { version: '0.39.2', revision: 'abc', goVersion: 'go1.24' } },
    stores: { status: 'success', data: { store: [] } },
  },
  Mimir: {
    'status/buildinfo': {
      status: 'success',
      data: { application: 'Grafana Mimir', version: '2.17.0', revision: 'abc' },
    },
    'cardinality/label_values': {
      series_count_total: 70_000,
      labels: [{ label_name: '__name__', cardinality: [{ label_value: 'istio_requests_total', series_count: 4_000 }] }],
    },
  },
  VictoriaMetrics: {
    'status/buildinfo': { status: 'success', data: { version: '2.24.0' } },
    'status/tsdb': { status: 'success', data: { totalSeries: 50_000, seriesCountByMetricName: metrics } },
  },
  unknown: {},
}

const pathOf = ({ path }: Asked): string => /\/api\/v1\/([^?]+)/.exec(path)?.[1] ?? ''

function startMake(make: string) {
  return startFakePrometheus((asked, response) => {
    const path = pathOf(asked)
    const known = MAKES[make]?.[path]
    if (known !== undefined) return sendJson(response, known)
    if (asked.form['query'] === 'time()') return sendJson(response, time(Date.now() / 1000 - 90))
    if (path === 'query') return sendJson(response, vectorOf({ value: '1' }))
    sendJson(response, { status: 'error', errorType: 'not_found', error: 'not here' }, 404)
  })
}

describe('what a Prometheus says of itself', () => {
  it.each([
    ['Prometheus', { version: '3.5.0', instance: '2026-11-29T10:00:00.123456789Z' }, 9_000],
    ['Thanos', { version: '0.39.2' }, undefined],
    ['Mimir', { version: '2.17.0' }, 70_000],
    ['VictoriaMetrics', {}, 50_000],
    ['unknown', {}, undefined],
  ])('is understood of %s', async (make, facts, series) => {
    await using server = await startMake(make)
    await using client = clientOf({ url: server.url })
    const { counts, skewSeconds, ...rest } = await client.facts()
    expect(rest).toEqual({ make, ...facts })
    expect(counts?.all).toBe(series)
    expect(counts?.ofMetric('istio_requests_total')).toBe(series === undefined ? undefined : 4_000)
    expect(Math.round(skewSeconds ?? 0)).toBe(-90)
    // It is asked once, and not by each question.
    const asked = server.asked.length
    await client.facts()
    expect(server.asked).toHaveLength(asked)
  })

  it('makes Thanos leave out duplicates and answer in part, and says that it did', async () => {
    await using server = await startFakePrometheus((asked, response) => {
      const known = MAKES['Thanos']?.[pathOf(asked)]
      sendJson(
        response,
        known ?? { ...vectorOf({ value: '1' }), warnings: ['store s3 is away', 'PromQL info: a remark'] },
      )
    })
    await using client = clientOf({ url: server.url })
    await client.facts()
    const notes: AnswerNote[] = []
    const asker = {
      session: 'a',
      priority: 'interactive',
      live: true,
      note: (note: AnswerNote) => void notes.push(note),
    } as const
    expect((await client.as(asker).query('up', NOW)).samples).toHaveLength(1)
    expect(server.asked.at(-1)?.form).toMatchObject({ dedup: 'true', partial_response: 'true', query: 'up' })
    expect(notes).toContainEqual({ kind: 'partial', words: 'store s3 is away' })
  })

  it('hears that the cluster version of VictoriaMetrics answered in part', async () => {
    await using server = await startFakePrometheus((_, response) =>
      sendJson(response, { ...matrixOf([1, '1']), isPartial: true }),
    )
    await using client = clientOf({ url: `${server.url}/select/0/prometheus` })
    const { warnings } = await client.queryRange('up', { from: 0, to: 10, step: 10 })
    expect(warnings).toEqual([expect.stringMatching(/part of the storage nodes/)])
    expect(server.asked[0]?.path).toBe('/select/0/prometheus/api/v1/query_range')
  })

  it('says plainly that a clock is wrong', async () => {
    await using server = await startMake('Prometheus')
    await using client = clientOf({ url: server.url })
    await client.facts()
    const notes: AnswerNote[] = []
    await client
      .as({ session: 'a', priority: 'interactive', live: true, note: (note) => void notes.push(note) })
      .query('up', NOW)
    expect(notes).toEqual([{ kind: 'clock', seconds: -90 }])
  })
})

describe('limits of the makes', () => {
  it.each([
    [
      'Mimir',
      422,
      {
        status: 'error',
        errorType: 'execution',
        error:
          'the query exceeded the maximum number of chunks (limit: 2000000 chunks) (err-mimir-max-chunks-per-query)',
      },
      'overloaded',
    ],
    [
      'Mimir',
      429,
      { status: 'error', errorType: 'too_many_requests', error: 'too many outstanding requests' },
      'overloaded',
    ],
    [
      'VictoriaMetrics',
      422,
      {
        status: 'error',
        errorType: '422',
        error:
          'the number of matching timeseries exceeds 300000; either narrow down the search or increase -search.max* command-line flag values',
      },
      'overloaded',
    ],
    ['VictoriaMetrics', 422, { status: 'error', errorType: '422', error: 'cannot parse the query' }, 'bad-query'],
    [
      'Thanos',
      422,
      {
        status: 'error',
        errorType: 'execution',
        error: 'expanding series: exceeded series limit: rpc error: exceeds limit',
      },
      'overloaded',
    ],
    [
      'Prometheus',
      422,
      {
        status: 'error',
        errorType: 'execution',
        error: 'query processing would load too many samples into memory in query execution',
      },
      'overloaded',
    ],
  ])('of %s (%i) are told from mistakes in a query', async (_make, status, body, kind) => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, body, status))
    await using client = clientOf({ url: server.url })
    await expect(client.query('up', 1)).rejects.toMatchObject({ kind, message: expect.stringContaining(body.error) })
  })

  it('hand on when to ask again', async () => {
    await using server = await startFakePrometheus((_, response) => {
      response.setHeader('retry-after', '7')
      sendJson(response, {}, 429)
    })
    await using client = clientOf({ url: server.url })
    await expect(client.query('up', 1)).rejects.toMatchObject({ kind: 'overloaded', retryAfterSeconds: 7 })
  })
})

describe('a way in', () => {
  it('is a tenant’s header, with a bearer token', async () => {
    await using server = await startFakePrometheus(({ path }, response) =>
      sendJson(response, path.endsWith('/labels') ? { status: 'success', data: [] } : vectorOf()),
    )
    const headers = [
      { name: 'X-Scope-OrgID', value: 'shop' },
      { name: 'THANOS-TENANT', value: 'blue' },
    ]
    await using client = clientOf({ url: `${server.url}/prometheus`, headers }, { token: 'secret' })
    await client.query('up', 1)
    await client.names({})
    for (const { headers: sent } of server.asked)
      expect(sent).toMatchObject({ 'x-scope-orgid': 'shop', 'thanos-tenant': 'blue', authorization: 'Bearer secret' })
    expect(server.asked.map(({ path }) => path)).toEqual(['/prometheus/api/v1/query', '/prometheus/api/v1/labels'])
  })

  const mutual = { ...SERVER, ca: AUTHORITY, requestCert: true, rejectUnauthorized: true }
  const secret = { 'ca.crt': AUTHORITY, 'tls.crt': CLIENT.cert, 'tls.key': CLIENT.key }

  it('is mutual TLS', async () => {
    await using server = await startFakePrometheus(
      (_, response) => sendJson(response, vectorOf({ value: '1' })),
      mutual,
    )
    await using client = clientOf({ url: server.url }, secret)
    expect((await client.query('up', 1)).samples).toHaveLength(1)
    await using named = clientOf({ url: server.url, tls: { serverName: 'localhost' } }, secret)
    expect((await named.query('up', 1)).samples).toHaveLength(1)
  })

  it.each([
    ['no certificate of ours', {}, { 'ca.crt': AUTHORITY }, mutual, /cannot be reached/],
    ['an authority that nobody knows', {}, {}, SERVER, /self-signed|unable to (get|verify)/],
    [
      'a name that is not in the certificate',
      { tls: { serverName: 'other.example' } },
      secret,
      mutual,
      /other\.example/,
    ],
    ['a certificate that has ended', {}, secret, { ...mutual, ...EXPIRED_SERVER }, /expired/],
  ])('is closed by %s', async (_, settings, held, tls, words) => {
    await using server = await startFakePrometheus((_asked, response) => sendJson(response, vectorOf()), tls)
    await using client = clientOf({ url: server.url, ...settings }, Object.keys(held).length === 0 ? undefined : held)
    await expect(client.query('up', 1)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(words),
    })
    expect(server.asked).toEqual([])
  })
})
