import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { api, ApiError, parseWarnings } from './api.ts'
import { configureRuntime } from './runtime.ts'

const server = setupServer()
beforeAll(() => {
  server.listen()
  configureRuntime({ basePath: 'http://meshdeck.test/mesh', locale: 'zh-CN' })
})
afterEach(() => {
  server.resetHandlers()
  configureRuntime({ token: undefined })
})
afterAll(() => server.close())

/** Answers every request below the base path; returns what was asked. */
function serve(answer: () => Response): Request[] {
  const seen: Request[] = []
  server.use(
    http.all('http://meshdeck.test/mesh/api/v1/x', ({ request }) => {
      seen.push(request)
      return answer()
    }),
  )
  return seen
}

const send = (status: number, type: string, body: string, headers: Record<string, string> = {}) =>
  new Response(body, { status, headers: { 'content-type': type, ...headers } })

const failure = async (asked: Promise<unknown>): Promise<ApiError> => {
  const error: unknown = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error('no ApiError')
  return error
}

describe('api', () => {
  it('asks below the base path, in the reader’s language, with the host’s token of the moment', async () => {
    const seen = serve(() => send(200, 'application/json', '{"a":1}'))
    let token = 'first'
    configureRuntime({ token: () => token })
    expect(await api.get('/api/v1/x')).toEqual({ a: 1 })
    token = 'second'
    await api.get('/api/v1/x')
    expect(seen).toHaveLength(2)
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second'])
    expect(seen[0]?.headers.get('accept-language')).toBe('zh-CN')
    expect(seen[0]?.headers.get('x-meshdeck-csrf')).toBeNull()
  })

  it('marks every write as its own, and hands over warnings', async () => {
    const seen = serve(() =>
      send(200, 'application/json', '{}', { warning: String.raw`299 - "old \"field\"", 299 - "and more"` }),
    )
    expect((await api.put('/api/v1/x', { a: 1 })).warnings).toEqual(['old "field"', 'and more'])
    expect(seen[0]?.headers.get('x-meshdeck-csrf')).toBe('1')
  })

  it('throws the server’s Problem', async () => {
    const problem = { type: 'about:blank', code: 'forbidden', title: 'No', status: 403, missing: { verb: 'get' } }
    serve(() => send(403, 'application/problem+json', JSON.stringify(problem)))
    const error = await failure(api.get('/api/v1/x'))
    expect([error.status, error.problem]).toEqual([403, problem])
  })

  it.each([
    [502, '<html>Bad gateway</html>', 'unreadable'],
    [401, '', 'unauthenticated'],
    [500, '{"message":"not a problem"}', 'unreadable'],
  ])('makes a Problem of what a proxy says: %i %s', async (status, body, code) => {
    serve(() => send(status, 'text/html', body))
    const error = await failure(api.get('/api/v1/x'))
    expect([error.status, error.problem.code]).toEqual([status, code])
  })

  it('says that an answer could not be read, and that none came', async () => {
    serve(() => send(200, 'application/json', '{"cut'))
    expect((await failure(api.get('/api/v1/x'))).problem.code).toBe('unreadable')
    serve(() => HttpResponse.error())
    expect((await failure(api.get('/api/v1/x'))).problem.code).toBe('network')
  })

  it('hands back the caller’s own abort', async () => {
    const stop = new AbortController()
    serve(() => {
      stop.abort()
      return send(200, 'application/json', '{}')
    })
    await expect(api.get('/api/v1/x', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('reads no warnings where there are none', () => {
  expect(parseWarnings(null)).toEqual([])
  expect(parseWarnings('110 - "stale"')).toEqual([])
})
