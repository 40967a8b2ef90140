import { mkdtempSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import type { ServerOptions } from 'node:https'
import { afterEach, describe, expect, it } from 'vitest'
import { createConnection, type ConnectionOptions } from './connection.ts'
import { ClusterUnreachableError, InvalidRequestError, KubeStatusError } from './errors.ts'
import type { ClusterConnectionSpec } from './kubeconfig.ts'
import { AUTHORITY, CLIENT, EXPIRED_SERVER, SERVER } from './testing/certificates.ts'
import { sendJson, sendStatus, startFakeApiServer } from './testing/fake-api-server.ts'

const closers: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

interface Setting {
  tls?: ServerOptions
  spec?: Partial<ClusterConnectionSpec>
  options?: ConnectionOptions
}

/** A server with this handler, and a connection to it. */
async function connectTo(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  { tls, spec, options }: Setting = {},
) {
  const server = await startFakeApiServer(handle, tls)
  closers.push(() => server.close())
  const connection = createConnection({ ...server.spec, ...spec }, { name: 'alpha', ...options })
  closers.push(() => connection.close())
  return { server, connection }
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}

/** Lines of a request that carry this header, as they came over the wire. */
function linesOf(request: IncomingMessage | undefined, name: string): string[] {
  const raw = request?.rawHeaders ?? []
  return raw.filter((_value, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name)
}

const ok = (_request: IncomingMessage, response: ServerResponse): void => sendJson(response, { ok: true })
const secure: ServerOptions = { cert: SERVER.cert, key: SERVER.key }

describe('requests', () => {
  it('go below the server’s own path, with query, body and the stored token', async () => {
    let body = ''
    const { server, connection } = await connectTo(
      (request, response) => {
        request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
        request.on('end', () =>
          sendJson(response, { made: true }, 201, { warning: ['299 - "first"', '299 - "sec\\"ond"'] }),
        )
      },
      { spec: { token: 'stored' } },
    )
    const behind = createConnection({ ...server.spec, server: `${server.spec.server}/k8s/c-1`, token: 'stored' })
    closers.push(() => behind.close())
    const answer = await behind.request({
      method: 'PATCH',
      path: '/api/v1/things',
      query: { dryRun: 'All', limit: 5, force: true, none: undefined },
      body: { a: 'ü' },
      contentType: 'application/merge-patch+json',
    })
    expect(answer).toEqual({
      status: 201,
      body: { made: true },
      warnings: ['first', 'sec"ond'],
      date: expect.any(Number),
    })
    expect(body).toBe('{"a":"ü"}')
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      url: '/k8s/c-1/api/v1/things?dryRun=All&limit=5&force=true',
    })
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer stored',
      'content-type': 'application/merge-patch+json',
    })
    await expect(connection.request({ path: '/x', method: 'POST', body: {} })).resolves.toMatchObject({ status: 201 })
  })

  it('send two impersonated groups as two lines, and names in UTF-8', async () => {
    const { server, connection } = await connectTo(ok)
    await connection.request({
      path: '/',
      identity: { kind: 'impersonate', username: '王芳', groups: ['devs', 'ops, and more'] },
    })
    expect(linesOf(server.requests[0], 'impersonate-group')).toEqual(['devs', 'ops, and more'])
    const [user = ''] = linesOf(server.requests[0], 'impersonate-user')
    expect(Buffer.from(user, 'latin1').toString('utf8')).toBe('王芳')
  })

  it('never send a caller’s token beside the stored client certificate', async () => {
    const seen: (string | undefined)[] = []
    const { server, connection } = await connectTo(
      (request, response) => {
        const { socket } = request
        const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
        seen.push(certificate?.subject?.CN as string | undefined)
        ok(request, response)
      },
      {
        tls: { ...secure, ca: AUTHORITY, requestCert: true, rejectUnauthorized: false },
        spec: { caData: AUTHORITY, clientCert: CLIENT.cert, clientKey: CLIENT.key, token: 'stored' },
      },
    )
    await connection.request({ path: '/' })
    await connection.request({ path: '/', identity: { kind: 'token', token: 'mine' } })
    expect(seen).toEqual(['admin', undefined])
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer stored', 'Bearer mine'])
  })

  it('read a token file again', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'token-')), 'token')
    writeFileSync(path, 'from-file\n')
    const { server, connection } = await connectTo(ok, { spec: { tokenFile: path } })
    await connection.request({ path: '/' })
    expect(server.requests[0]?.headers.authorization).toBe('Bearer from-file')
  })

  it.each(['api', '/a/../b', '/a//b', '/a?x=1', '/a b', '/a#b', '/..'])('refuse the path %s', async (path) => {
    const { server, connection } = await connectTo(ok)
    await expect(connection.request({ path })).rejects.toThrow(InvalidRequestError)
    expect(server.requests).toHaveLength(0)
  })

  it('give text where the server gives text', async () => {
    const { connection } = await connectTo((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok'),
    )
    await expect(connection.request({ path: '/readyz' })).resolves.toMatchObject({ body: 'ok' })
  })
})

describe('errors of the server', () => {
  it('keep the Status with its causes', async () => {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 409,
      message: 'taken',
      details: { causes: [{ field: 'a' }] },
    }
    const { connection } = await connectTo((_request, response) => sendJson(response, status, 409))
    const error = await failureOf(connection.request({ path: '/', method: 'POST', body: {} }))
    expect(error).toBeInstanceOf(KubeStatusError)
    expect(error).toMatchObject({ httpStatus: 409, status, message: 'taken' })
  })

  it('are put into a Status when something in between answers, without its page', async () => {
    const { connection } = await connectTo((_request, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>no</html>'),
    )
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({
      httpStatus: 502,
      message: 'The API server answered 502',
    })
  })

  it('are not followed when they redirect', async () => {
    const { server, connection } = await connectTo((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    )
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'bad-answer' })
    expect(server.requests).toHaveLength(1)
  })

  it.each([429, 503])('%i is asked again once, after the pause that the server names', async (code) => {
    let asked = 0
    const { connection } = await connectTo((_request, response) => {
      asked++
      if (asked === 1) sendStatus(response, code, 'busy', { 'retry-after': '0' })
      else sendJson(response, { asked })
    })
    await expect(connection.request({ path: '/' })).resolves.toMatchObject({ body: { asked: 2 } })
  })

  it.each([
    ['a write', { method: 'POST', body: {} } as const, '0'],
    ['a long pause', {}, '60'],
    ['no pause named', {}, undefined],
  ])('429 is handed on for %s', async (_what, request, retryAfter) => {
    const { server, connection } = await connectTo((_request, response) =>
      sendStatus(response, 429, 'busy', retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    )
    const error = await failureOf(connection.request({ path: '/', ...request }))
    expect(error).toMatchObject({
      httpStatus: 429,
      retryAfterMs: retryAfter === undefined ? undefined : Number(retryAfter) * 1000,
    })
    expect(server.requests).toHaveLength(1)
  })

  it('say when an answer is not readable, or too large', async () => {
    const broken = await connectTo((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{'),
    )
    await expect(broken.connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'bad-answer' })
    const large = await connectTo((_request, response) => sendJson(response, 'x'.repeat(2000)), {
      options: { maxBodyBytes: 1000 },
    })
    await expect(large.connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'answer-too-large' })
  })
})

describe('a cluster that cannot be reached', () => {
  /** A port that nothing listens on. */
  async function freePort(): Promise<number> {
    const server = await startFakeApiServer(ok)
    await server.close()
    return Number(new URL(server.spec.server).port)
  }

  it('refuses', async () => {
    const { connection } = await connectTo(ok, { spec: { server: `http://127.0.0.1:${await freePort()}` } })
    const error = await failureOf(connection.request({ path: '/' }))
    expect(error).toBeInstanceOf(ClusterUnreachableError)
    expect(error).toMatchObject({
      reason: 'refused',
      cluster: 'alpha',
      message: expect.stringContaining('Cluster alpha refuses'),
    })
  })

  it('has a name that cannot be resolved', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const { connection } = await connectTo(ok, { spec: { server: 'http://nowhere.example' }, options: { lookup } })
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'dns' })
  })

  it('has a name that leads to a denied address at the moment of connecting', async () => {
    const lookup = () => Promise.resolve([{ address: '169.254.169.254' }])
    const { connection } = await connectTo(ok, { spec: { server: 'https://harmless.example' }, options: { lookup } })
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'address-denied' })
  })

  it('has a denied address', () => {
    const spec = {
      server: 'https://169.254.169.254',
      insecureSkipTlsVerify: false,
      allowLoopback: true,
      contextName: 'x',
      warnings: [],
    }
    expect(() => createConnection(spec)).toThrow(ClusterUnreachableError)
  })

  it('does not answer in time', async () => {
    const { connection } = await connectTo(() => undefined)
    await expect(connection.request({ path: '/', timeoutMs: 30 })).rejects.toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('0.03 s'),
    })
  })

  it('stops in the middle of its answer', async () => {
    const { connection } = await connectTo((_request, response) => response.writeHead(200).write('{'))
    await expect(connection.request({ path: '/', timeoutMs: 50 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  it('breaks the connection: a read is repeated once, a write never', async () => {
    const { server, connection } = await connectTo((request) => void request.socket.destroy())
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'reset' })
    expect(server.requests).toHaveLength(2)
    await expect(connection.request({ path: '/', method: 'POST', body: {} })).rejects.toMatchObject({ reason: 'reset' })
    expect(server.requests).toHaveLength(3)
  })

  it('is no HTTP server', async () => {
    const server = createSocketServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const { connection } = await connectTo(ok, { spec: { server: `http://127.0.0.1:${port}` } })
    await expect(connection.request({ path: '/', method: 'POST', body: {} })).rejects.toMatchObject({
      reason: 'bad-answer',
    })
  })

  it.each<[string, ServerOptions, Partial<ClusterConnectionSpec>, string]>([
    ['signed by somebody else', secure, {}, 'certificate-untrusted'],
    [
      'not made for its address',
      secure,
      { caData: AUTHORITY, tlsServerName: 'other.example' },
      'certificate-untrusted',
    ],
    ['ended', { cert: EXPIRED_SERVER.cert, key: EXPIRED_SERVER.key }, { caData: AUTHORITY }, 'certificate-expired'],
  ])('shows a certificate that is %s', async (_what, tls, spec, reason) => {
    const { connection } = await connectTo(ok, { tls, spec })
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason })
  })

  it('speaks no TLS', async () => {
    const { server, connection } = await connectTo(ok, {})
    const other = createConnection(
      { ...server.spec, server: server.spec.server.replace('http:', 'https:') },
      { name: 'alpha' },
    )
    closers.push(() => other.close())
    await expect(other.request({ path: '/' })).rejects.toMatchObject({ reason: 'tls' })
    await expect(connection.request({ path: '/' })).resolves.toMatchObject({ status: 200 })
  })

  it('is trusted unchecked only when it is asked for', async () => {
    const { connection } = await connectTo(ok, { tls: secure, spec: { insecureSkipTlsVerify: true } })
    await expect(connection.request({ path: '/' })).resolves.toMatchObject({ status: 200 })
  })
})

describe('the caller', () => {
  it('may abort, and gets its own reason back', async () => {
    const caller = new AbortController()
    const { connection } = await connectTo(() => caller.abort(new Error('changed my mind')))
    await expect(connection.request({ path: '/', signal: caller.signal })).rejects.toThrow('changed my mind')
  })

  it('may close: new calls are refused, a running stream ends', async () => {
    const { connection } = await connectTo((_request, response) => response.writeHead(200).write('{"a":1}\n'))
    const stream = await connection.stream({ path: '/' })
    const read = async (): Promise<void> => {
      for await (const frame of stream) {
        expect(frame).toEqual({ a: 1 })
        void connection.close()
      }
    }
    await expect(read()).rejects.toMatchObject({ reason: 'closed' })
    await expect(connection.request({ path: '/' })).rejects.toMatchObject({ reason: 'closed' })
  })
})

describe('streams', () => {
  it('give one value a line, however it is cut, and leave half a line out', async () => {
    const { connection } = await connectTo((_request, response) => {
      response.writeHead(200)
      response.write('{"a":1}\n{"b":')
      response.write('"ü"}\n\n')
      response.end('{"c":')
    })
    const all = await Array.fromAsync(await connection.stream({ path: '/' }))
    expect(all).toEqual([{ a: 1 }, { b: 'ü' }])
  })

  it('close when the loop is left', async () => {
    const gone = Promise.withResolvers<void>()
    const { connection } = await connectTo((_request, response) => {
      response.on('close', () => gone.resolve())
      response.writeHead(200).write('{}\n')
    })
    for await (const frame of await connection.stream({ path: '/' })) {
      expect(frame).toEqual({})
      break
    }
    await gone.promise
  })

  it('end when nothing comes for too long', async () => {
    const { connection } = await connectTo((_request, response) => response.writeHead(200).write('{}\n'))
    const stream = await connection.stream({ path: '/', idleTimeoutMs: 100 })
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ reason: 'timeout' })
  })

  it('have a deadline for being accepted, and none after', async () => {
    const { connection } = await connectTo(() => undefined)
    await expect(connection.stream({ path: '/', timeoutMs: 30 })).rejects.toMatchObject({ reason: 'timeout' })
  })

  it('fail with the server’s Status', async () => {
    const { connection } = await connectTo((_request, response) => sendStatus(response, 410, 'Expired'))
    await expect(connection.stream({ path: '/' })).rejects.toMatchObject({ httpStatus: 410 })
  })

  it('say so when they are no JSON', async () => {
    const { connection } = await connectTo((_request, response) => response.writeHead(200).end('nonsense\n'))
    await expect(Array.fromAsync(await connection.stream({ path: '/' }))).rejects.toMatchObject({
      reason: 'bad-answer',
    })
  })
})
