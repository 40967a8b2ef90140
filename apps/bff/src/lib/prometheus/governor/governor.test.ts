import { prometheusAccess } from '@meshdeck/kube-client'
import { describe, expect, it } from 'vitest'
import { matrixOf, sendJson, startFakePrometheus, vectorOf, type Asked } from '../fake-prometheus.ts'
import { queueFor } from '../prometheus-client.ts'
import { createTransport } from '../prometheus-transport.ts'
import type { AnswerNote, Asker } from './asker.ts'
import { createGovernor, type Governor } from './governor.ts'
import { PLAIN_LIMITS, readLimits, type QueryLimits } from './query-limits.ts'

function governorOf(
  url: string,
  limits: Partial<QueryLimits> = {},
  now: () => number = Date.now,
): Governor & AsyncDisposable {
  const all = { ...PLAIN_LIMITS, deadlineMs: 5_000, ...limits }
  const access = prometheusAccess({ url })
  const transport = createTransport({ access, policy: { allowLoopback: true }, maxAnswerBytes: all.maxAnswerBytes })
  const governor = createGovernor({ transport, limits: all, queue: queueFor(transport.host, all), now })
  return { ...governor, [Symbol.asyncDispose]: () => governor.close() }
}

const asker = (more: Partial<Asker> = {}): Asker => ({ session: 'a', priority: 'interactive', live: true, ...more })
const seconds = () => Math.floor(Date.now() / 1000)
const RANGE = { from: 0, to: 3_600, step: 30 }

describe('a query that would read too much', () => {
  const status = {
    status: 'success',
    data: {
      headStats: { numSeries: 5_000 },
      seriesCountByMetricName: [{ name: 'istio_requests_total', value: 4_000 }],
    },
  }
  const start = () =>
    startFakePrometheus(({ path }, response) =>
      path.includes('/status/tsdb') ? sendJson(response, status) : sendJson(response, matrixOf([10, '1'])),
    )
  const queries = (asked: readonly Asked[]) =>
    asked.flatMap(({ path, form }) => (path.endsWith('/query_range') ? [form['query']] : []))

  it('is not sent, and says what it would read, the limit and the cure', async () => {
    await using server = await start()
    await using governor = governorOf(server.url, { maxSamples: 1_000_000 })
    // 4,000 series at 121 points with four scrapes in each window.
    await expect(governor.queryRange('sum(rate(istio_requests_total[1m]))', RANGE)).rejects.toMatchObject({
      kind: 'too-costly',
      message: expect.stringMatching(
        /about 1,936,000 samples .*4,000 series, most of them of istio_requests_total.*at most 1,000,000 are allowed.*fewer namespaces or a shorter range/,
      ),
      params: { samples: 1_936_000, series: 4_000, limit: 1_000_000, metric: 'istio_requests_total' },
    })
    await governor.queryRange('sum(rate(istio_requests_total[1m]))', { ...RANGE, from: 1_800 })
    expect(queries(server.asked)).toHaveLength(1)
    expect(governor.report().minutes.at(-1)).toMatchObject({ sent: 1, refused: { cost: 1, queue: 0, down: 0 } })
  })

  it('is counted by its own labels before it is refused', async () => {
    let series = '3'
    await using server = await startFakePrometheus(({ path }, response) => {
      if (path.includes('/status/tsdb')) sendJson(response, status)
      else sendJson(response, path.endsWith('/query_range') ? matrixOf([10, '1']) : vectorOf({ value: series }))
    })
    await using governor = governorOf(server.url, { maxSamples: 1_000_000 })
    const selector = 'istio_requests_total{destination_service=~"cart.+"}'
    const narrow = `sum(rate(${selector}[1m]))`
    await governor.queryRange(narrow, RANGE)
    expect(queries(server.asked)).toEqual([narrow])
    expect(server.asked.map(({ form }) => form['query'])).toContain(`count(${selector})`)
    // Counting is a question like any other, and told as such.
    expect(governor.report().minutes.at(-1)).toMatchObject({ sent: 2 })
    series = '3000'
    await expect(governor.queryRange(narrow, { ...RANGE, to: 7_200 })).rejects.toMatchObject({
      kind: 'too-costly',
      params: { series: 3_000 },
    })
  })

  it('is sent where nothing is known of its cost', async () => {
    await using server = await start()
    await using governor = governorOf(server.url, { maxSamples: 1 })
    await governor.queryRange('sum(rate(never_told_of[1m]))', RANGE)
    expect(queries(server.asked)).toHaveLength(1)
  })
})

describe('back-pressure', () => {
  it('is a plain message with a time to come back', async () => {
    await using server = await startFakePrometheus(() => {})
    await using governor = governorOf(server.url, { concurrency: 1, maxQueued: 1, deadlineMs: 200 })
    const results = await Promise.allSettled(['a', 'b', 'c'].map((promql) => governor.query(promql, 1)))
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(reasons.map(({ kind }) => kind).toSorted()).toEqual(['busy', 'timeout', 'timeout'])
    expect(reasons.find(({ kind }) => kind === 'busy')).toMatchObject({
      message: expect.stringMatching(/^1 queries wait for Prometheus at 127\.0\.0\.1:\d+ already$/),
      retryAfterSeconds: 5,
    })
  })

  it('lets another session’s one question go before the hundredth of the first', async () => {
    const held: (() => void)[] = []
    await using server = await startFakePrometheus(
      (_, response) => void held.push(() => sendJson(response, vectorOf())),
    )
    await using governor = governorOf(server.url, { concurrency: 1 })
    const greedy = governor.as(asker({ session: 'greedy' }))
    const all = Array.from({ length: 10 }, (_, index) => greedy.query(`up${index}`, 1))
    all.push(governor.as(asker({ session: 'modest' })).query('mine', 1))
    const release = async () => {
      await expect.poll(() => held.length).toBeGreaterThan(0)
      held.shift()?.()
    }
    for (let turn = 0; turn < 11; turn++) await release()
    await Promise.all(all)
    expect(server.asked.findIndex(({ form }) => form['query'] === 'mine')).toBeLessThan(3)
  })

  it('takes back what nobody waits for any more', async () => {
    await using server = await startFakePrometheus(() => {})
    await using governor = governorOf(server.url, { concurrency: 1 })
    const [first, second] = [new AbortController(), new AbortController()]
    const asked = [first, second].map(({ signal }, index) => governor.as(asker({ signal })).query(`up${index}`, 1))
    for (const one of asked) one.catch(() => undefined)
    await expect.poll(() => [governor.report().running, governor.report().waiting]).toEqual([1, 1])
    second.abort(new Error('gone'))
    first.abort(new Error('gone'))
    await Promise.allSettled(asked)
    await expect.poll(() => [governor.report().running, governor.report().waiting]).toEqual([0, 0])
  })
})

describe('a Prometheus that is slow or away', () => {
  it('is stood in for by its last answer, which says how old it is', async () => {
    let slow = false
    await using server = await startFakePrometheus((_, response) => {
      if (!slow) sendJson(response, vectorOf({ value: '1' }))
    })
    let now = Date.now()
    await using governor = governorOf(server.url, { patienceMs: 5 }, () => now)
    const at = seconds()
    await governor.query('up', at)
    slow = true
    now += 20_000
    const notes: AnswerNote[] = []
    const live = governor.as(asker({ note: (note) => void notes.push(note) }))
    expect((await live.query('up', at + 20)).samples[0]?.value).toBe(1)
    expect(notes).toEqual([{ kind: 'stale', seconds: 20 }])
    // Whoever names a moment gets that moment or nothing.
    const exact = new AbortController()
    const asked = governor.as(asker({ live: false, signal: exact.signal })).query('up', at + 25)
    exact.abort(new Error('waited long enough'))
    await expect(asked).rejects.toThrow('waited long enough')
  })

  it('is spared after some failures, its askers are told at once, and its return is noticed', async () => {
    let now = Date.now()
    let down = true
    await using server = await startFakePrometheus((_, response) => {
      if (down) response.destroy()
      else sendJson(response, vectorOf({ value: '1' }))
    })
    await using governor = governorOf(server.url, {}, () => now)
    for (let round = 0; round < 3; round++)
      await expect(governor.query(`up${round}`, 1)).rejects.toMatchObject({ kind: 'unreachable' })
    const asked = server.asked.length
    await expect(governor.query('up', 1)).rejects.toMatchObject({
      kind: 'unreachable',
      retryAfterSeconds: 2,
      message: expect.stringMatching(/cannot be reached: .*It is asked again in 2 s/),
    })
    expect(server.asked).toHaveLength(asked)
    expect(governor.report().circuit).toMatchObject({ state: 'open' })
    down = false
    now += 2_000
    expect((await governor.query('up', 1)).samples).toHaveLength(1)
    expect(governor.report().circuit).toEqual({ state: 'closed' })
  })
})

describe('an answer that is none', () => {
  it.each([
    ['a page to sign in', 200, 'text/html', '<!doctype html><title>Sign in</title>', /a web page.*sign-in/],
    ['a redirect', 302, 'text/plain', '', /sends elsewhere \(status 302\)/],
    ['JSON that is cut off', 200, 'application/json', '{"status":"success","data":{"res', /cut off/],
    ['nothing', 200, 'application/json', '', /cut off/],
    ['JSON of something else', 200, 'application/json', '{"hello":"world"}', /not one of Prometheus/],
  ])('is told for what it is: %s', async (_, status, type, body, words) => {
    await using server = await startFakePrometheus((_asked, response) => {
      response.writeHead(status, { 'content-type': type, location: 'https://elsewhere.example/' }).end(body)
    })
    await using governor = governorOf(server.url)
    await expect(governor.query('up', 1)).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(words),
    })
    expect(server.asked).toHaveLength(1)
  })

  it('is told for what it is: one that ends before its length', async () => {
    await using server = await startFakePrometheus((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{"status":')
      response.destroy()
    })
    await using governor = governorOf(server.url)
    await expect(governor.query('up', 1)).rejects.toMatchObject({ kind: 'unreachable' })
  })

  it('is not read to its end when that does not come', async () => {
    let written = 0
    await using server = await startFakePrometheus((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, ' '))) written += 64 * 1024
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    await using governor = governorOf(server.url, { maxAnswerBytes: 2 ** 20 })
    await expect(governor.query('up', 1)).rejects.toMatchObject({
      kind: 'overloaded',
      message: expect.stringMatching(/more than 1 MiB/),
    })
    expect(written).toBeLessThan(64 * 2 ** 20)
  })
})

describe('the load', () => {
  it('counts what is sent and what is spared, by shape and without values', async () => {
    await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf({ value: '1' })))
    await using governor = governorOf(server.url)
    const at = seconds()
    const of = (name: string) => `sum(x{secret="${name}",quoted="a\\"b"})`
    await Promise.all([governor.query(of('one'), at), governor.query(of('one'), at), governor.query(of('two'), at)])
    await governor.query(of('one'), at)
    const { minutes, slowest } = governor.report()
    expect(minutes.at(-1)).toMatchObject({ sent: 2, shared: 1, kept: 1, failed: 0 })
    expect(slowest).toMatchObject([{ shape: 'sum(x{secret="…",quoted="…"})', count: 2, failed: 0 }])
  })
})

describe('readLimits', () => {
  it('reads what is set, in its units', () => {
    const set: Record<string, string> = {
      'prometheus-deadline': '2.5',
      'prometheus-cache-mib': '8',
      'prometheus-max-samples': '0',
    }
    expect(readLimits((flag) => set[flag])).toMatchObject({
      deadlineMs: 2_500,
      cacheBytes: 8 * 2 ** 20,
      maxSamples: undefined,
      concurrency: 4,
    })
  })

  it.each([
    ['prometheus-concurrency', '0', /--prometheus-concurrency must be a whole number from 1 to 100, not "0"/],
    ['prometheus-concurrency', '1.5', /whole number/],
    ['prometheus-deadline', 'soon', /a number from 1 to 120, not "soon"/],
    ['prometheus-deadline', ' ', /must be/],
  ])('refuses %s %j', (name, value, words) => {
    expect(() => readLimits((flag) => (flag === name ? value : undefined))).toThrow(words)
  })
})
