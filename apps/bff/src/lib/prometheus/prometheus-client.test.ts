import { prometheusAccess } from '@meshdeck/kube-client'
import { describe, expect, it } from 'vitest'
import { matrixOf, sendJson, startFakePrometheus, vectorOf } from './fake-prometheus.ts'
import {
  alignedNow,
  createPrometheusClient,
  type PrometheusClient,
  type PrometheusClientOptions,
} from './prometheus-client.ts'
import { PrometheusError } from './prometheus-error.ts'

/** A client whose connections end with the test. */
function clientOf(options: PrometheusClientOptions): PrometheusClient & AsyncDisposable {
  const client = createPrometheusClient({ policy: { allowLoopback: true }, ...options })
  return { ...client, [Symbol.asyncDispose]: () => client.close() }
}

async function errorOf(promise: Promise<unknown>): Promise<PrometheusError> {
  try {
    await promise
  } catch (error) {
    if (error instanceof PrometheusError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('createPrometheusClient', () => {
  it('posts instant queries, below the path of the address', async () => {
    await using server = await startFakePrometheus((_, response) =>
      sendJson(response, vectorOf({ metric: { a: 'b' }, value: '1.5' }, { value: 'NaN' }, { value: '+Inf' })),
    )
    await using client = clientOf({ url: `${server.url}/prometheus/`, deadlineMs: 3_000 })
    const promql = 'up{job="ä&="}'
    expect(await client.query(promql, 1_000)).toEqual({ samples: [{ metric: { a: 'b' }, value: 1.5 }], warnings: [] })
    expect(server.asked[0]).toMatchObject({
      method: 'POST',
      path: '/prometheus/api/v1/query',
      form: { query: promql, time: '1000', timeout: '3s' },
    })
    expect(server.asked[0]?.headers).not.toHaveProperty('authorization')
  })

  it('posts range queries, and leaves gaps where there is no number', async () => {
    await using server = await startFakePrometheus((_, response) =>
      sendJson(response, { ...matrixOf([10, '1'], [20, 'NaN'], [30, '3']), warnings: ['a store is away'] }),
    )
    await using client = clientOf({ url: server.url })
    expect(await client.queryRange('up', { from: 10, to: 30, step: 10 })).toEqual({
      series: [
        {
          metric: {},
          points: [
            [10, 1],
            [30, 3],
          ],
        },
      ],
      warnings: ['a store is away'],
    })
    expect(server.asked[0]).toMatchObject({
      path: '/api/v1/query_range',
      form: { query: 'up', start: '10', end: '30', step: '10' },
    })
  })

  it.each([
    [{ token: 'secret' }, 'Bearer secret'],
    [{ username: 'me', password: 'pä:ss' }, `Basic ${Buffer.from('me:pä:ss').toString('base64')}`],
  ])('sends its credential: %#', async (secret, header) => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf()))
    await using client = clientOf({ url: server.url, access: prometheusAccess({ url: server.url }, secret) })
    await client.query('up', 1)
    expect(server.asked[0]?.headers.authorization).toBe(header)
  })

  it('shares one request among equal queries, and its answer for a while', async () => {
    let time = 0
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf({ value: '1' })))
    await using client = clientOf({ url: server.url, ttlMs: 100, now: () => time })
    await Promise.all([client.query('up', 1), client.query('up', 1), client.query('up', 2)])
    await client.query('up', 1)
    expect(server.asked).toHaveLength(2)
    time = 100
    await client.query('up', 1)
    expect(server.asked).toHaveLength(3)
  })

  it('keeps to its number of queries at once', async () => {
    let now = 0
    let most = 0
    const held: (() => void)[] = []
    const { promise: full, resolve: isFull } = Promise.withResolvers<void>()
    let open = false
    await using server = await startFakePrometheus(async (_, response) => {
      now += 1
      most = Math.max(most, now)
      if (now === 2) isFull()
      if (!open) await new Promise<void>((resolve) => held.push(resolve))
      now -= 1
      sendJson(response, vectorOf())
    })
    await using client = clientOf({ url: server.url, concurrency: 2 })
    const queries = Promise.all(Array.from({ length: 7 }, (_, index) => client.query(`up${index}`, 1)))
    await full
    open = true
    for (const release of held) release()
    await queries
    expect(most).toBe(2)
    expect(server.asked).toHaveLength(7)
  })

  it.each([
    [400, { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'bad-query', /parse error/],
    [422, { status: 'error', errorType: 'execution', error: 'many-to-many matching' }, 'bad-query', /many-to-many/],
    [
      422,
      { status: 'error', errorType: 'execution', error: 'query processing would load too many samples' },
      'overloaded',
      /too many/,
    ],
    [429, undefined, 'overloaded', /429/],
    [503, { status: 'error', errorType: 'timeout', error: 'query timed out' }, 'timeout', /in time/],
    [503, undefined, 'overloaded', /503/],
    [504, undefined, 'timeout', /in time/],
    [401, undefined, 'unreachable', /credential/],
    [404, undefined, 'unreachable', /as Prometheus does/],
    [302, undefined, 'unreachable', /302/],
    [200, { hello: 'world' }, 'unreachable', /not one of Prometheus/],
    [200, { status: 'success', data: { resultType: 'scalar', result: [1, '1'] } }, 'bad-query', /scalar/],
  ] as const)('tells what failed: status %i with %j is %s', async (status, body, kind, message) => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, body ?? '', status))
    await using client = clientOf({ url: server.url })
    expect(await errorOf(client.query('up', 1))).toMatchObject({ kind, message: expect.stringMatching(message) })
  })

  it('gives up at its deadline, in the queue as well', async () => {
    await using server = await startFakePrometheus(() => {})
    await using client = clientOf({ url: server.url, deadlineMs: 50, concurrency: 1 })
    const errors = await Promise.all([errorOf(client.query('a', 1)), errorOf(client.query('b', 1))])
    expect(errors.map(({ kind }) => kind)).toEqual(['timeout', 'timeout'])
  })

  it('gives up when an answer stops half way', async () => {
    await using server = await startFakePrometheus((_, response) => void response.writeHead(200).write('{"status":'))
    await using client = clientOf({ url: server.url, deadlineMs: 50 })
    expect((await errorOf(client.query('a', 1))).kind).toBe('timeout')
  })

  it('refuses an answer that is too large', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf({ value: '1' })))
    await using client = clientOf({ url: server.url, maxAnswerBytes: 20 })
    expect((await errorOf(client.query('a', 1))).kind).toBe('overloaded')
  })

  it('refuses a queue that grows without end', async () => {
    await using server = await startFakePrometheus(() => {})
    await using client = clientOf({ url: server.url, concurrency: 1, deadlineMs: 200 })
    const errors = await Promise.all(Array.from({ length: 66 }, (_, index) => errorOf(client.query(`up${index}`, 1))))
    expect(errors.filter(({ kind }) => kind === 'busy')).toHaveLength(1)
  })

  it('says that nobody answers', async () => {
    const server = await startFakePrometheus((_, response) => sendJson(response, vectorOf()))
    await using client = clientOf({ url: server.url })
    await client.query('a', 1)
    await server[Symbol.asyncDispose]()
    expect(await errorOf(client.query('b', 1))).toMatchObject({ kind: 'unreachable' })
  })

  it('goes nowhere it may not', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf()))
    for (const url of [server.url, server.url.replace('127.0.0.1', 'localhost'), 'http://169.254.169.254']) {
      await using client = clientOf({ url, policy: {} })
      expect((await errorOf(client.query('up', 1))).message).toMatch(/not allowed/)
    }
    expect(server.asked).toEqual([])
  })

  it('does not go where a name leads in the end', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf()))
    const url = server.url.replace('127.0.0.1', 'prometheus.example')
    const lookup = () => Promise.resolve([{ address: '127.0.0.1' }])
    await using denied = clientOf({ url, policy: {}, lookup })
    expect((await errorOf(denied.query('up', 1))).message).toMatch(/not allowed/)
    expect(server.asked).toEqual([])
    await using allowed = clientOf({ url, lookup })
    await allowed.query('up', 1)
    expect(server.asked).toHaveLength(1)
  })

  it.each(['prometheus:9090', 'ftp://x', '', 'http://me:secret@x'])(
    'refuses the address %j, and does not repeat it',
    (url) => {
      expect(() => createPrometheusClient({ url })).toThrow(PrometheusError)
      expect(() => createPrometheusClient({ url })).not.toThrow(/secret/)
    },
  )
})

describe('alignedNow', () => {
  it('is the same for all who ask within a step', () => {
    expect([10_000, 14_999, 15_000].map((time) => alignedNow(5, () => time))).toEqual([10, 10, 15])
  })
})
