import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SYSTEM_CLOCK } from '../clock.ts'
import { recordAt, valueAt } from '../json.ts'
import { PrometheusServer } from './prometheus-server.ts'
import { WRITTEN_QUERIES } from './testing/queries.ts'
import { syntheticSource } from './testing/synthetic-series.ts'

const START_MS = 1_700_000_000_000
const END_MS = START_MS + 7_200_000
const AT = String((START_MS + 3_600_000) / 1_000)

const errors: unknown[] = []
let server: PrometheusServer

beforeAll(async () => {
  const source = syntheticSource(START_MS, END_MS)
  server = await PrometheusServer.start({ source, clock: SYSTEM_CLOCK, onError: (error) => errors.push(error) })
})
afterAll(() => server.stop())

async function ask(path: string, parameters: Record<string, string>): Promise<{ code: number; body: unknown }> {
  const response = await fetch(`${server.url}/api/v1/${path}?${new URLSearchParams(parameters)}`)
  return { code: response.status, body: await response.json() }
}

async function value(query: string): Promise<unknown> {
  const { body } = await ask('query', { query, time: AT })
  const result = valueAt(body, 'data', 'result')
  return Array.isArray(result) ? result.map((series) => recordAt({ series }, 'series')['value'] ?? series) : body
}

describe('the HTTP API', () => {
  it('gives numbers as text, and times in seconds', async () => {
    expect(await value('vector(1/3)')).toEqual([[Number(AT), '0.3333333333333333']])
    expect(await value('vector(1e21)')).toEqual([[Number(AT), '1000000000000000000000']])
    expect(await value('vector(-1/0)')).toEqual([[Number(AT), '-Inf']])
  })

  it('names what is wrong with a parameter', async () => {
    expect(await ask('query', { query: 'sum(', time: AT })).toMatchObject({
      code: 400,
      body: {
        status: 'error',
        errorType: 'bad_data',
        error: expect.stringContaining('invalid parameter "query": parse error: 1:'),
      },
    })
    expect((await ask('query_range', { query: 'up', start: '1', end: '100000', step: '1' })).body).toMatchObject({
      error: expect.stringContaining('exceeded maximum resolution of 11,000 points'),
    })
    expect((await ask('query', { query: 'predict_linear(up[5m], 3)' })).body).toMatchObject({
      error: expect.stringContaining('"predict_linear", or one that is not supported here'),
    })
  })

  it('lists labels, their values, series and metadata', async () => {
    const during = { start: String(START_MS / 1_000), end: String(END_MS / 1_000) }
    expect((await ask('label/zone/values', during)).body).toMatchObject({ data: ['a', 'b'] })
    expect((await ask('labels', { ...during, 'match[]': 'up' })).body).toMatchObject({ data: ['__name__', 'job'] })
    expect((await ask('series', { ...during, 'match[]': 'up' })).body).toMatchObject({
      data: [{ __name__: 'up', job: 'istiod' }],
    })
    expect((await ask('metadata', {})).body).toMatchObject({ data: { istio_requests_total: [{ type: 'counter' }] } })
    expect((await ask('series', {})).code).toBe(400)
    expect((await ask('status/buildinfo', {})).body).toMatchObject({ data: { version: '2.42.0' } })
  })

  it('gives up on a query whose time is over', async () => {
    const query = 'max_over_time(sum(rate(istio_requests_total[5m]))[2h:100ms])'
    expect(await ask('query', { query, time: AT, timeout: '1ms' })).toMatchObject({
      code: 503,
      body: { errorType: 'timeout' },
    })
  })

  it('can be down, and comes back on the same port', async () => {
    onTestFinished(() => server.setFaults({}))
    await server.setFaults({ down: true })
    await expect(ask('query', { query: 'up' })).rejects.toThrow('fetch failed')
    await server.setFaults({})
    expect((await ask('query', { query: 'up' })).code).toBe(200)
  })
})

it('answers whatever it is asked, by data or by an error', { timeout: 60_000 }, async () => {
  const cut = fc
    .tuple(fc.constantFrom(...WRITTEN_QUERIES), fc.nat(), fc.nat(), fc.string({ maxLength: 4 }))
    .map(([query, from, length, between]) => {
      const start = from % (query.length + 1)
      return query.slice(0, start) + between + query.slice(start + (length % 4))
    })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(cut, fc.string({ maxLength: 60 })),
      fc.constantFrom('query', 'query_range', 'series'),
      async (query, path) => {
        const range = { start: AT, end: String(Number(AT) + 600), step: '60' }
        const { code, body } = await ask(path, { query, 'match[]': query, time: AT, ...range })
        expect([200, 400, 422], query).toContain(code)
        expect(recordAt(body)['status']).toBe(code === 200 ? 'success' : 'error')
      },
    ),
    { numRuns: 1_500, seed: 3 },
  )
  expect(errors).toEqual([])
})
