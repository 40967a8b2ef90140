import { describe, expect, it } from 'vitest'
import { sendJson, startFakePrometheus } from './fake-prometheus.ts'
import { parseExemplars } from './prometheus-answer.ts'
import { createPrometheusClient, type PrometheusClientOptions } from './prometheus-client.ts'
import { PrometheusError } from './prometheus-error.ts'

const RANGE = { from: 1_000, to: 2_000 }
const exemplar = (labels: object, value: unknown = '12.5', timestamp: unknown = 1_500.25) => ({
  labels,
  value,
  timestamp,
})
const answerOf = (...exemplars: unknown[]) => ({
  status: 'success',
  data: [{ seriesLabels: { __name__: 'x_bucket', le: '25' }, exemplars }],
})
const ids = (body: unknown, most = 100) => parseExemplars(body, most)?.map(({ traceId }) => traceId)

function clientOf(options: PrometheusClientOptions) {
  const client = createPrometheusClient({ policy: { allowLoopback: true }, ttlMs: 0, ...options })
  return { ...client, [Symbol.asyncDispose]: () => client.close() }
}

describe('parseExemplars', () => {
  it('reads the series, the time, the value and the trace', () => {
    expect(parseExemplars(answerOf(exemplar({ trace_id: '4bf92f3577b34da6', span_id: '1' })), 10)).toEqual([
      { metric: { __name__: 'x_bucket', le: '25' }, at: 1_500.25, value: 12.5, traceId: '4bf92f3577b34da6' },
    ])
  })

  it.each(['trace_id', 'traceID', 'traceId', 'TraceID'])('knows a trace by %s', (name) => {
    expect(ids(answerOf(exemplar({ [name]: 'abc' })))).toEqual(['abc'])
  })

  it.each([
    ['no trace', exemplar({ span_id: 'abc' })],
    ['a trace that is no text', exemplar({ trace_id: 7 })],
    ['an empty trace', exemplar({ trace_id: '' })],
    ['HTML for a trace', exemplar({ trace_id: '<img src=x onerror=alert(1)>' })],
    ['a path for a trace', exemplar({ trace_id: '../../admin' })],
    ['half a character for a trace', exemplar({ trace_id: '\ud800' })],
    ['a trace without end', exemplar({ trace_id: 'a'.repeat(129) })],
    ['NaN', exemplar({ trace_id: 'abc' }, 'NaN')],
    ['infinity', exemplar({ trace_id: 'abc' }, '+Inf')],
    ['no value', { labels: { trace_id: 'abc' }, timestamp: 1 }],
    ['no time', { labels: { trace_id: 'abc' }, value: '1' }],
    ['a time that is text', exemplar({ trace_id: 'abc' }, '1', '1500')],
    ['no labels', { value: '1', timestamp: 1 }],
    ['nothing', null],
  ])('leaves out what has %s, and keeps the others', (_what, bad) => {
    expect(ids(answerOf(bad, exemplar({ trace_id: 'good' })))).toEqual(['good'])
  })

  it('bears series without labels and without exemplars', () => {
    const data = [{ exemplars: [exemplar({ trace_id: 'abc' })] }, { seriesLabels: {} }, 'x', { seriesLabels: { a: 1 } }]
    expect(parseExemplars({ status: 'success', data }, 10)).toMatchObject([{ metric: {}, traceId: 'abc' }])
  })

  it('takes no more than are wanted', () => {
    expect(ids(answerOf(...['a', 'b', 'c'].map((trace_id) => exemplar({ trace_id }))), 2)).toEqual(['a', 'b'])
  })

  it('tells a server that keeps none from one that has none of these, and from no Prometheus', () => {
    expect(parseExemplars({ status: 'success', data: [] }, 10)).toEqual([])
    expect(parseExemplars({ status: 'success', data: null }, 10)).toBeUndefined()
    expect(() => parseExemplars({ status: 'success', data: {} }, 10)).toThrow(PrometheusError)
    expect(() => parseExemplars('hello', 10)).toThrow(PrometheusError)
  })
})

describe('exemplars', () => {
  it('are posted for, and shared for a while', async () => {
    await using server = await startFakePrometheus((_, response) =>
      sendJson(response, answerOf(exemplar({ trace_id: 'abc' }))),
    )
    await using client = clientOf({ url: server.url, ttlMs: 60_000 })
    expect(await client.exemplars('x_bucket{a="ä&"}', RANGE)).toMatchObject([{ traceId: 'abc' }])
    await client.exemplars('x_bucket{a="ä&"}', RANGE)
    expect(server.asked).toMatchObject([
      {
        method: 'POST',
        path: '/api/v1/query_exemplars',
        form: { query: 'x_bucket{a="ä&"}', start: '1000', end: '2000' },
      },
    ])
    await client.exemplars('x_bucket', { from: 2_000, to: 3_000 })
    expect(server.asked).toHaveLength(2)
  })

  it.each([
    ['has no such route', 404, 'page not found'],
    ['does not take it by POST', 405, ''],
    ['refuses it', 400, { status: 'error', errorType: 'bad_data', error: 'exemplars are disabled' }],
    ['has not built it', 501, { status: 'error' }],
    ['answers with nothing', 200, { status: 'success', data: null }],
  ])('are none where the server %s, and it is not asked again for a while', async (_what, status, body) => {
    let time = 1_795_000_000_000
    await using server = await startFakePrometheus((_, response) => sendJson(response, body, status))
    await using client = clientOf({ url: server.url, now: () => time })
    for (let count = 0; count < 5; count++) expect(await client.exemplars(`x${count}`, RANGE)).toEqual([])
    expect(server.asked).toHaveLength(1)
    // It is as well as before.
    expect(client.report().circuit).toEqual({ state: 'closed' })
    time += 600_000
    await client.exemplars('x', RANGE)
    expect(server.asked).toHaveLength(2)
  })

  it('are asked for again where there were none of these series only', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, { status: 'success', data: [] }))
    await using client = clientOf({ url: server.url })
    expect(await client.exemplars('x', RANGE)).toEqual([])
    expect(await client.exemplars('y', RANGE)).toEqual([])
    expect(server.asked).toHaveLength(2)
  })

  it('are not hidden by what has failed', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, { status: 'error' }, 503))
    await using client = clientOf({ url: server.url })
    await expect(client.exemplars('x', RANGE)).rejects.toMatchObject({ kind: 'overloaded' })
  })

  it('are bounded by less than other answers', async () => {
    await using server = await startFakePrometheus((_, response) =>
      sendJson(response, answerOf(exemplar({ trace_id: 'abc', fill: 'a'.repeat(9 * 2 ** 20) }))),
    )
    await using client = clientOf({ url: server.url })
    await expect(client.exemplars('x', RANGE)).rejects.toMatchObject({
      kind: 'overloaded',
      message: expect.stringContaining('more than 8 MiB'),
    })
  })
})
