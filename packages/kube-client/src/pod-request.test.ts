import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { afterEach, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { createConnection, type ClusterConnection } from './connection.ts'
import { KubeStatusError, PodTunnelError } from './errors.ts'
import type { PodRequest } from './pod-request.ts'
import { AUTHORITY, CLIENT, SERVER } from './testing/certificates.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** An API server whose kubelet forwards to `pod`, or says `words` on the error channel. */
async function clusterWith(pod: {
  handle?: (request: IncomingMessage, response: ServerResponse) => void
  words?: string
  refuse?: number
  /** Speaks TLS, and is reached with a client certificate. */
  tls?: boolean
}): Promise<{ connection: ClusterConnection; upgrades: IncomingMessage[] }> {
  const podPort = pod.handle === undefined ? 0 : await listen(createServer(pod.handle))
  const upgrades: IncomingMessage[] = []
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' })
  const api = pod.tls
    ? createHttps({ ...SERVER, ca: AUTHORITY, requestCert: true, rejectUnauthorized: false })
    : createServer()
  api.on('upgrade', (request, socket, head) => {
    upgrades.push(request)
    if (pod.refuse !== undefined) {
      const body = JSON.stringify({ kind: 'Status', code: pod.refuse, message: 'pods "a-1" is forbidden' })
      socket.end(
        `HTTP/1.1 ${pod.refuse} Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const port = Buffer.alloc(2)
      port.writeUInt16LE(15_000)
      for (const channel of [0, 1]) client.send(Buffer.concat([Buffer.of(channel), port]))
      if (pod.words !== undefined) {
        client.send(Buffer.concat([Buffer.of(1), Buffer.from(pod.words)]))
        client.close()
        return
      }
      const inside = connect(podPort, '127.0.0.1')
      client.on('message', (data: Buffer) => inside.write(data.subarray(1)))
      inside.on('data', (data) => client.send(Buffer.concat([Buffer.of(0), data])))
      inside.on('close', () => client.close())
      client.on('close', () => inside.destroy())
    })
  })
  const server = `${pod.tls ? 'https' : 'http'}://127.0.0.1:${await listen(api)}`
  const certificate = pod.tls
    ? { caData: AUTHORITY, clientCert: CLIENT.cert, clientKey: CLIENT.key }
    : { token: 'stored' }
  const connection = createConnection(
    { server, ...certificate, insecureSkipTlsVerify: false, allowLoopback: true, contextName: 'a', warnings: [] },
    { name: 'alpha' },
  )
  closing.push(() => connection.close())
  return { connection, upgrades }
}

const CALL: PodRequest = { namespace: 'shop', pod: 'a-1', port: 15_000, path: '/config_dump?include_eds' }

const reasonOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'no error',
    (error: unknown) => (error instanceof PodTunnelError ? error.reason : error),
  )

it('sends HTTP to a port of a pod and gives its answer, however long', async () => {
  const long = 'x'.repeat(3_000_000)
  const { connection, upgrades } = await clusterWith({
    handle: (request, response) => response.end(`${request.method} ${request.url} ${long}`),
  })
  const { status, body } = await connection.requestPod({ ...CALL, method: 'POST' })
  expect(status).toBe(200)
  expect(body).toBe(`POST /config_dump?include_eds ${long}`)
  expect(upgrades[0]?.url).toBe('/api/v1/namespaces/shop/pods/a-1/portforward?ports=15000')
})

it('goes out as the caller, with each of his groups in a header of its own', async () => {
  const { connection, upgrades } = await clusterWith({ handle: (_, response) => response.end() })
  await connection.requestPod({
    ...CALL,
    identity: { kind: 'impersonate', username: 'eve', groups: ['one', 'two, three'] },
  })
  expect(upgrades[0]?.headersDistinct['impersonate-group']).toEqual(['one', 'two, three'])
  expect(upgrades[0]?.headers).toMatchObject({ 'impersonate-user': 'eve', authorization: 'Bearer stored' })

  await connection.requestPod({ ...CALL, identity: { kind: 'token', token: 'own' } })
  expect(upgrades[1]?.headers.authorization).toBe('Bearer own')
  expect(upgrades[1]?.headers['impersonate-user']).toBeUndefined()
})

it('never shows the stored client certificate beside a caller’s own token', async () => {
  const { connection, upgrades } = await clusterWith({ tls: true, handle: (_, response) => response.end() })
  const shown = (request: IncomingMessage | undefined): unknown =>
    request?.socket instanceof TLSSocket ? request.socket.authorized : undefined
  await connection.requestPod(CALL)
  await connection.requestPod({ ...CALL, identity: { kind: 'token', token: 'own' } })
  expect(upgrades.map(shown)).toEqual([true, false])
})

it('hands over what the API server refuses', async () => {
  const { connection } = await clusterWith({ refuse: 403 })
  const error = await connection.requestPod(CALL).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(KubeStatusError)
  expect(error).toMatchObject({ httpStatus: 403, message: 'pods "a-1" is forbidden' })
})

it.each([
  ['error forwarding port 15000 to pod x: dial tcp4 127.0.0.1:15000: connect: connection refused', 'port-closed'],
  ['error forwarding port 15000 to pod x: sandbox "x" is not running', 'not-running'],
  ['error forwarding port 15000 to pod x: unexpected EOF', 'broken'],
])('names what a kubelet says: %s', async (words, reason) => {
  const { connection } = await clusterWith({ words })
  expect(await reasonOf(connection.requestPod(CALL))).toBe(reason)
})

it('says so when the tunnel breaks in the middle of an answer', async () => {
  const { connection } = await clusterWith({
    handle: (request, response) => {
      response.writeHead(200, { 'content-length': 1_000 }).write('half')
      request.socket.end()
    },
  })
  expect(await reasonOf(connection.requestPod(CALL))).toBe('broken')
})

it('takes no answer that is too large, too late or no HTTP', async () => {
  const large = await clusterWith({ handle: (_, response) => response.end('x'.repeat(2_000)) })
  expect(await reasonOf(large.connection.requestPod({ ...CALL, maxBytes: 1_000 }))).toBe('answer-too-large')
  const late = await clusterWith({ handle: () => undefined })
  expect(await reasonOf(late.connection.requestPod({ ...CALL, timeoutMs: 100 }))).toBe('timeout')
  const other = await clusterWith({ handle: (request) => request.socket.end('SSH-2.0-x\r\n') })
  expect(await reasonOf(other.connection.requestPod(CALL))).toBe('bad-answer')
})

it('ends with the caller’s own reason when he goes away', async () => {
  const leaving = new AbortController()
  const { connection } = await clusterWith({ handle: () => leaving.abort(new Error('gone')) })
  await expect(connection.requestPod({ ...CALL, signal: leaving.signal })).rejects.toThrow('gone')
})

it('sends nothing for what is no name or port', async () => {
  const { connection, upgrades } = await clusterWith({ refuse: 403 })
  await expect(connection.requestPod({ ...CALL, pod: '../x' })).rejects.toThrow('is not a pod’s name')
  await expect(connection.requestPod({ ...CALL, namespace: 'A b' })).rejects.toThrow('is not a namespace’s name')
  await expect(connection.requestPod({ ...CALL, port: 0 })).rejects.toThrow('1 to 65535')
  expect(upgrades).toHaveLength(0)
})
