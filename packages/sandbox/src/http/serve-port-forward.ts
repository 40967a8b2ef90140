import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { badRequest, notFound } from '../api/errors.ts'
import { forbiddenError } from '../auth/authorizer.ts'
import type { UserInfo } from '../auth/user-info.ts'
import { textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ApiHandlerOptions } from './api-handler.ts'
import type { Exchange } from './exchange.ts'

/** The program behind a port of a pod; none where nothing listens. */
export type PodPrograms = (pod: KubeObject, port: number) => RequestListener | undefined

const PROTOCOL = 'v4.channel.k8s.io'

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
})

/**
 * Forwards to ports of a pod over a WebSocket, one channel for data and one for errors each.
 * Source: k8s.io/cri-streaming, pkg/streaming/portforward/websocket.go
 *
 * @throws StatusError as the real server would answer.
 */
export function servePortForward(
  { cluster, authorizer, programs }: ApiHandlerOptions,
  { request, response, url, upgrade }: Exchange,
  user: UserInfo,
  { namespace, name }: { namespace: string; name: string },
): void {
  // Since Kubernetes 1.35 a WebSocket needs what the POST of old needed, beside the right to read.
  const creates = { verb: 'create', group: '', resource: 'pods', subresource: 'portforward', namespace, name }
  if (!authorizer.authorize(user, creates).allowed) throw forbiddenError(user, creates)
  const pod = cluster.get('pods', namespace, name)
  if (pod === undefined) throw notFound({ group: '', plural: 'pods' }, name)
  if (textAt(pod, 'spec', 'nodeName') === undefined) throw badRequest(`pod ${name} does not have a host assigned`)
  const ports = url.searchParams
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map(Number)
  if (upgrade === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket')
    throw badRequest('Upgrade request required')
  if (ports.length === 0 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    throw badRequest('query parameter "ports" is required, with numbers of ports')
  response.detachSocket(request.socket)
  sockets.handleUpgrade(request, upgrade.socket, upgrade.head, (socket) => {
    socket.on('error', () => socket.terminate())
    for (const [index, port] of ports.entries()) forward(socket, index * 2, port, pod, programs)
  })
}

function forward(socket: WebSocket, channel: number, port: number, pod: KubeObject, programs: PodPrograms): void {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(port)
  const send = (to: number, data: Buffer, done?: (error?: Error) => void): void =>
    socket.send(Buffer.concat([Buffer.of(to), data]), done)
  send(channel, bytes)
  send(channel + 1, bytes)
  const isRunning = textAt(pod, 'status', 'phase') === 'Running'
  const program = isRunning ? programs(pod, port) : undefined
  if (program === undefined) {
    const reason = isRunning ? `dial tcp4 127.0.0.1:${port}: connect: connection refused` : 'the pod is not running'
    const words = `error forwarding port ${port} to pod ${pod.metadata.name}, uid ${pod.metadata.uid ?? ''}: ${reason}`
    send(channel + 1, Buffer.from(words), () => socket.close())
    return
  }
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => send(channel, chunk, (error) => done(error ?? null)),
    final: (done) => {
      socket.close()
      done()
    },
    destroy: (error, done) => {
      socket.close()
      done(error)
    },
  })
  stream.on('error', () => undefined)
  socket.on('message', (message: Buffer) => {
    if (message[0] === channel) stream.push(message.subarray(1))
  })
  socket.on('close', () => stream.destroy())
  createServer(program).emit('connection', stream)
}
