import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@meshdeck/contract'
import { Value } from 'typebox/value'
import type { BffApp } from './app.ts'
import type { BffOptions } from './options.ts'
import { buildTestApp, clusterRecord, CSRF, LOCAL, virtualService } from './testing/bff.ts'
import { startFakeCluster, type FakeCluster } from './testing/fake-cluster.ts'

const tokens = { 'ann-token': { name: 'ann', groups: ['a', 'b'] } }
const EVIL = { host: 'evil.example:7080' }
let hub: FakeCluster
let app: BffApp

beforeEach(async () => {
  hub = await startFakeCluster({ tokens, objects: [clusterRecord('alpha'), virtualService('shop', 'reviews')] })
})
afterEach(async () => {
  await app.close()
  await hub.close()
})

const start = async (options: Partial<BffOptions> = {}): Promise<void> => {
  app = await buildTestApp(hub, { alpha: hub.url }, options)
}
const addressOf = (url: string): string => url.replaceAll(/:[a-z]+/gi, 'x').replaceAll('*', 'x')

describe('every route', () => {
  it('is closed without a session, save the few that are public', async () => {
    await start({ modes: ['bearer'], openMetrics: false })
    const closed = app.routeAccess.filter((route) => !route.public)
    expect(closed.length).toBeGreaterThan(200)
    for (const { method, url } of closed) {
      const answer = await app.inject({ method: method as 'GET', url: addressOf(url), headers: { ...LOCAL, ...CSRF } })
      expect([method, url, answer.statusCode]).toEqual([method, url, 401])
    }
    const open = app.routeAccess
      .filter((route) => route.public && route.method !== 'HEAD')
      .map(({ method, url }) => `${method} ${url}`)
    expect(open.toSorted()).toEqual([
      'DELETE /api/v1/session',
      'GET /api/v1/auth-modes',
      'GET /api/v1/openapi.json',
      'GET /healthz',
      'GET /readyz',
      'POST /api/v1/session',
    ])
  })

  it('does not tell strangers which addresses exist', async () => {
    await start({ modes: ['bearer'] })
    const answer = await app.inject({ url: '/api/v1/nothing', headers: LOCAL })
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated'])
  })
})

describe('mode local', () => {
  it('answers this machine’s own names only', async () => {
    await start()
    for (const host of ['localhost:7080', '127.0.0.1', '[::1]:7080']) {
      expect((await app.inject({ url: '/api/v1/session', headers: { host } })).statusCode).toBe(200)
    }
    for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost@evil.example', '10.0.0.1']) {
      const answer = await app.inject({ url: '/api/v1/session', headers: { host } })
      expect([host, answer.statusCode]).toEqual([host, 401])
    }
  })

  it('is refused where others can connect', async () => {
    await start()
    await expect(buildTestApp(hub, {}, { host: '0.0.0.0' })).rejects.toThrow(/loopback only/)
  })
})

describe('the sandbox', () => {
  const sandbox = { fleet: 'demo', kubeconfig: '/tmp/k', people: [{ id: 'ann', token: 'ann-token' }] }
  const signIn = (body: object) =>
    app.inject({ method: 'POST', url: '/api/v1/session', headers: { ...LOCAL, ...CSRF }, payload: body })

  it('lets one go on as one of its people, and as its owner again', async () => {
    await start({ sandbox })
    const before = await app.inject({ url: '/api/v1/session', headers: LOCAL })
    expect(before.json()).toMatchObject({
      mode: 'local',
      sandbox: { fleet: 'demo', kubeconfig: '/tmp/k', people: ['ann'] },
    })
    expect(before.body).not.toContain('ann-token')
    const signedIn = await signIn({ person: 'ann' })
    expect(signedIn.json()).toMatchObject({ mode: 'bearer', user: { name: 'ann', groups: ['a', 'b'] } })
    const cookies = Object.fromEntries(signedIn.cookies.map(({ name, value }) => [name, value]))
    const after = await app.inject({ url: '/api/v1/session', headers: LOCAL, cookies })
    expect(after.json()).toMatchObject({ user: { name: 'ann' } })
  })

  it('names its people to who asks for another', async () => {
    await start({ sandbox })
    const answer = await signIn({ person: 'bob' })
    expect([answer.statusCode, answer.json().detail]).toEqual([400, 'The sandbox has no person bob; there are ann'])
  })

  it('is nowhere else: people need their tokens', async () => {
    await start()
    const answer = await signIn({ person: 'ann' })
    expect([answer.statusCode, answer.json().detail]).toEqual([400, 'People without a token are of the sandbox only'])
    expect((await app.inject({ url: '/api/v1/session', headers: LOCAL })).json()).not.toHaveProperty('sandbox')
  })

  it('is refused where others can connect', async () => {
    await start()
    await expect(buildTestApp(hub, {}, { host: '0.0.0.0', modes: ['bearer'], sandbox })).rejects.toThrow(
      /loopback only/,
    )
  })
})

describe('writes', () => {
  const url = '/api/v1/clusters/alpha/resources/virtual-services/shop/reviews'
  it.each([
    ['without the header', {}],
    ['from another site', { ...CSRF, 'sec-fetch-site': 'cross-site' }],
    ['from a sibling site', { ...CSRF, 'sec-fetch-site': 'same-site' }],
    ['with a foreign origin', { ...CSRF, origin: 'http://evil.example' }],
    ['with an opaque origin', { ...CSRF, origin: 'null' }],
  ])('%s are refused for browser sessions', async (_what, headers) => {
    await start()
    const answer = await app.inject({ method: 'DELETE', url, headers: { ...LOCAL, ...headers } })
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'csrf'])
    expect(hub.find(virtualService('shop', 'reviews'))).toBeDefined()
  })

  it.each([
    ['of the console', { ...CSRF, 'sec-fetch-site': 'same-origin', origin: 'http://localhost:7080' }],
    ['of an older browser', { ...CSRF, origin: 'http://localhost:7080' }],
    ['with a token in the header', { authorization: 'Bearer ann-token' }],
  ])('%s pass', async (_what, headers) => {
    await start()
    expect((await app.inject({ method: 'DELETE', url, headers: { ...LOCAL, ...headers } })).statusCode).toBe(200)
  })
})

describe('signing in', () => {
  const signIn = (token: string, headers: Record<string, string> = LOCAL) =>
    app.inject({ method: 'POST', url: '/api/v1/session', headers: { ...headers, ...CSRF }, payload: { token } })

  it('keeps the token in a sealed cookie that only reaches this path', async () => {
    await start({ modes: ['bearer'], basePath: '/mesh' })
    const answer = await app.inject({
      method: 'POST',
      url: '/mesh/api/v1/session',
      headers: { ...LOCAL, ...CSRF },
      payload: { token: 'ann-token' },
    })
    expect(answer.json()).toMatchObject({ mode: 'bearer', user: { name: 'ann', groups: ['a', 'b'] } })
    const [cookie] = answer.cookies
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/mesh', maxAge: 28_800 })
    expect(cookie?.secure).toBeUndefined()
    expect(cookie?.value).not.toContain('ann-token')
    const session = await app.inject({
      url: '/mesh/api/v1/session',
      headers: LOCAL,
      cookies: { 'meshdeck-session': cookie?.value ?? '' },
    })
    expect(session.json().user.name).toBe('ann')
  })

  it('marks the cookie Secure off loopback', async () => {
    await start({ modes: ['bearer'] })
    expect((await signIn('ann-token', EVIL)).cookies[0]?.secure).toBe(true)
  })

  it('refuses tokens that the hub does not know, and cookies that it did not make', async () => {
    await start({ modes: ['bearer'] })
    expect((await signIn('stolen')).json().code).toBe('invalid-token')
    const forged = await app.inject({
      url: '/api/v1/session',
      headers: LOCAL,
      cookies: { 'meshdeck-session': 'eyJhbGciOiJub25lIn0.e30.' },
    })
    expect([forged.statusCode, forged.json().code]).toEqual([401, 'invalid-token'])
  })

  it('asks the hub once a minute, not for each request', async () => {
    await start({ modes: ['bearer'] })
    for (let i = 0; i < 5; i++)
      await app.inject({ url: '/api/v1/session', headers: { authorization: 'Bearer ann-token' } })
    expect(hub.seen.filter(({ path }) => path.endsWith('/tokenreviews'))).toHaveLength(1)
  })

  it('sends the caller’s own token to the hub, and impersonates with every group elsewhere', async () => {
    await start({ modes: ['bearer'] })
    const headers = { authorization: 'Bearer ann-token' }
    await app.inject({ url: '/api/v1/clusters/-hub/resources/clusters/alpha', headers })
    await app.inject({ url: '/api/v1/clusters/alpha/resources/virtual-services/shop/reviews', headers })
    const reads = hub.seen.filter(({ method, path }) => method === 'GET' && /clusters\/alpha|reviews$/.test(path))
    expect(reads.map(({ user }) => user)).toEqual([tokens['ann-token'], { name: 'ann', groups: ['a', 'b'] }])
  })
})

describe('answers', () => {
  it('are Problems also when the token is malformed', async () => {
    await start()
    const answer = await app.inject({ url: '/api/v1/session', headers: { ...LOCAL, authorization: 'Basic x' } })
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'invalid-token'])
    expect(Value.Check(Problem, answer.json())).toBe(true)
  })

  it('carry the headers that keep data from being run or framed', async () => {
    await start()
    const { headers } = await app.inject({ url: '/api/v1/session', headers: LOCAL })
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    })
  })
})

describe('the console’s files', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'console-'))
    await mkdir(join(dir, 'assets'))
    await writeFile(join(dir, 'index.html'), '<html><head><base href="/" /></head></html>')
    await writeFile(join(dir, 'assets/app-1a2b.js'), 'plain')
    await writeFile(join(dir, 'assets/app-1a2b.js.br'), 'brotli')
  })
  afterEach(() => rm(dir, { recursive: true }))

  it('are served as compressed at build time, and kept for ever', async () => {
    await start({ consoleDir: dir, basePath: '/mesh' })
    const answer = await app.inject({ url: '/mesh/assets/app-1a2b.js', headers: { 'accept-encoding': 'br, gzip' } })
    expect([answer.body, answer.headers['content-encoding']]).toEqual(['brotli', 'br'])
    expect(answer.headers['cache-control']).toContain('immutable')
    expect((await app.inject({ url: '/mesh/assets/app-1a2b.js' })).body).toBe('plain')
    expect((await app.inject({ url: '/mesh/assets/gone.js' })).statusCode).toBe(404)
  })

  it('answer every page with the index, its base path and a fresh nonce', async () => {
    await start({ consoleDir: dir, basePath: '/mesh' })
    const pages = await Promise.all(['/mesh/', '/mesh/meshes/a.b/services/x/y.js'].map((url) => app.inject({ url })))
    const nonces = pages.map(({ body, headers, statusCode }) => {
      expect(statusCode).toBe(200)
      expect(body.match(/<base [^>]*>/g)).toEqual(['<base href="/mesh/" />'])
      expect(headers['cache-control']).toBe('no-cache')
      const nonce = /name="csp-nonce" content="([^"]+)"/.exec(body)?.[1] ?? ''
      expect(headers['content-security-policy']).toContain(`'nonce-${nonce}'`)
      return nonce
    })
    expect(new Set(nonces).size).toBe(2)
  })

  it('do not stand in for addresses of the API, nor lead out of their folder', async () => {
    await start({ consoleDir: dir, modes: ['bearer'] })
    expect((await app.inject({ url: '/api/v2/none' })).statusCode).toBe(404)
    expect((await app.inject({ url: '/assets/..%2f..%2f..%2fetc%2fpasswd' })).body).not.toContain('root:')
  })
})
