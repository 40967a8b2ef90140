import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeRequest, type EdgeServer } from '../testing/edge-server.ts'
import { probePrometheus } from './prometheus.ts'

const SUCCESS = { status: 'success', data: { resultType: 'scalar', result: [0, '1'] } }
const policy = { allowLoopback: true }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(...args: Parameters<typeof startEdgeServer>): Promise<EdgeServer> {
  const server = await startEdgeServer(...args)
  closers.push(() => server.close())
  return server
}

/** A hub with Secrets, by name. */
const hubWith = (secrets: Record<string, Record<string, string>> = {}) =>
  serve(({ path }, response) => {
    const secret = secrets[path.split('/').at(-1) ?? '']
    if (!secret) return sendStatus(response, 404, 'secrets "gone" not found')
    const data = Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, btoa(value)]))
    sendJson(response, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data })
  })

async function probe(
  url: string,
  options: { secret?: string; hub?: EdgeServer; allowLoopback?: boolean; signal?: AbortSignal } = {},
) {
  const { secret, allowLoopback = true, signal = new AbortController().signal } = options
  const hub = options.hub ?? (await hubWith())
  const spec = { url, ...(secret === undefined ? {} : { auth: { secretRef: { name: secret } } }) }
  return probePrometheus(spec, { hub: hub.client, policy: { allowLoopback } }, signal)
}

describe('asking a Prometheus', () => {
  it('finds one that answers, below a path too', async () => {
    const prometheus = await serve((_, response) => sendJson(response, SUCCESS))
    expect(await probe(`${prometheus.url}/select/0/prometheus/`)).toEqual({
      type: 'PrometheusReachable',
      status: 'True',
      reason: 'Answers',
      message: 'Prometheus answers queries.',
    })
    expect(prometheus.requests).toEqual(['GET /select/0/prometheus/api/v1/query'])
  })

  it('says that none is named', async () => {
    const hub = await hubWith()
    const finding = await probePrometheus(undefined, { hub: hub.client, policy }, new AbortController().signal)
    expect(finding).toMatchObject({
      status: 'Unknown',
      reason: 'NotConfigured',
      message: expect.stringContaining('set spec.prometheus.url'),
    })
  })

  it.each([
    [{ token: 'open sesame\n' }, 'Bearer open sesame'],
    [{ username: 'ali', password: 'baba' }, `Basic ${btoa('ali:baba')}`],
  ])('brings the credential of the Secret', async (secret, authorization) => {
    const seen: EdgeRequest[] = []
    const prometheus = await serve((request, response) => {
      seen.push(request)
      sendJson(response, SUCCESS)
    })
    const hub = await hubWith({ prom: secret })
    expect(await probe(prometheus.url, { hub, secret: 'prom' })).toMatchObject({ status: 'True' })
    expect(seen[0]?.headers.authorization).toBe(authorization)
    expect(hub.requests).toEqual(['GET /api/v1/namespaces/meshdeck-system/secrets/prom'])
  })

  it('asks as the tenant that the settings name', async () => {
    const seen: EdgeRequest[] = []
    const prometheus = await serve((request, response) => {
      seen.push(request)
      sendJson(response, SUCCESS)
    })
    const spec = { url: `${prometheus.url}/prometheus`, headers: [{ name: 'X-Scope-OrgID', value: 'shop' }] }
    const { client } = await hubWith()
    const finding = await probePrometheus(spec, { hub: client, policy }, new AbortController().signal)
    expect(finding.status).toBe('True')
    expect(seen[0]?.headers['x-scope-orgid']).toBe('shop')
  })

  it.each([
    ['the Secret is gone', 'gone', 'secrets "gone" not found'],
    ['the Secret has no such key', 'empty', 'needs a key "token", or "username" and "password"'],
    ['its name is none', '../x', 'not a valid name'],
  ])('says when %s, and asks nobody', async (_, secret, words) => {
    const prometheus = await serve((_request, response) => sendJson(response, SUCCESS))
    const finding = await probe(prometheus.url, { hub: await hubWith({ empty: { other: 'x' } }), secret })
    expect(finding).toMatchObject({
      status: 'False',
      reason: 'CredentialUnreadable',
      message: expect.stringContaining(words),
    })
    expect(prometheus.requests).toEqual([])
  })

  it.each([
    [401, SUCCESS, 'Unauthorized', 'spec.prometheus.auth'],
    [403, SUCCESS, 'Unauthorized', 'spec.prometheus.auth'],
    [200, { status: 'error' }, 'BadAnswer', 'status 200'],
    [200, 'no JSON object', 'BadAnswer', 'no Prometheus'],
    [302, SUCCESS, 'BadAnswer', 'status 302'],
    [503, SUCCESS, 'BadAnswer', 'not ready'],
  ])('judges the answer %i %j as %s', async (status, body, reason, words) => {
    const prometheus = await serve((_, response) => sendJson(response, body, status))
    expect(await probe(prometheus.url)).toMatchObject({
      status: 'False',
      reason,
      message: expect.stringContaining(words),
    })
  })

  it('says that nobody listens, and what to do', async () => {
    const server = await startEdgeServer(() => undefined)
    await server.close()
    expect(await probe(server.url)).toMatchObject({
      reason: 'Unreachable',
      message: expect.stringMatching(/ECONNREFUSED.*check that it runs/),
    })
  })

  it('reads no more of an answer than it needs', async () => {
    const prometheus = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('x'.repeat(80 * 1024))
    })
    expect(await probe(prometheus.url)).toMatchObject({
      reason: 'Unreachable',
      message: expect.stringContaining('too long'),
    })
  })

  it.each([
    'http://169.254.169.254',
    'http://metadata.google.internal:80',
    'http://[fe80::1]:9090',
    'http://0.0.0.0:9090',
  ])('does not connect to %s', async (url) => {
    expect(await probe(url)).toMatchObject({ status: 'False', reason: 'AddressDenied' })
  })

  it('does not connect to loopback unless it may', async () => {
    const prometheus = await serve((_, response) => sendJson(response, SUCCESS))
    for (const url of [prometheus.url, prometheus.url.replace('127.0.0.1', 'localhost')])
      expect(await probe(url, { allowLoopback: false })).toMatchObject({ reason: 'AddressDenied' })
    expect(prometheus.requests).toEqual([])
  })

  it.each(['ftp://prometheus', 'prometheus:9090', 'http://', 'http://user:pw@prometheus'])(
    'refuses the address %s',
    async (url) => {
      const finding = await probe(url)
      expect(finding).toMatchObject({ status: 'False', reason: 'AddressInvalid' })
      expect(finding.message).not.toContain('pw')
    },
  )

  it('rejects when aborted', async () => {
    const abort = new AbortController()
    const prometheus = await serve(() => abort.abort(new Error('stop')))
    await expect(probe(prometheus.url, { signal: abort.signal })).rejects.toThrow('stop')
  })

  it('rejects when the hub, which has the credential, does not answer', async () => {
    const hub = await startEdgeServer(() => undefined)
    await hub.close()
    await expect(probe('http://127.0.0.1:9', { hub, secret: 'prom' })).rejects.toMatchObject({
      name: 'ClusterUnreachableError',
    })
  })
})
