import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { toStatusError } from './connection-error.ts'
import { PodTunnelError } from './errors.ts'
import type { HeaderMap } from './identity.ts'
import type { TlsOptions } from './tls-options.ts'

/** Source: k8s.io/cri-streaming, pkg/streaming/portforward/websocket.go */
const PROTOCOL = 'v4.channel.k8s.io'
const DATA = 0
const ERROR = 1
/** The first message of each channel repeats the port, as two bytes. */
const PORT_BYTES = 2
const MAX_FRAME_BYTES = 32 * 1024 * 1024
const MAX_STATUS_BYTES = 64 * 1024

export interface PodTunnelOptions {
  /** `https://…` of the subresource `portforward`, with its `ports`. */
  url: URL
  headers: HeaderMap
  tls: TlsOptions
  /** Milliseconds for the handshake. */
  handshakeTimeoutMs: number
  signal: AbortSignal
}

/**
 * Opens a stream of bytes to one port of a pod, through its API server. Rejects with `KubeStatusError` for what the API
 * server refuses, with `PodTunnelError`, and with what the socket throws. The stream ends with a `PodTunnelError` when
 * the far side says that it cannot go on.
 */
export function openPodTunnel(options: PodTunnelOptions): Promise<Duplex> {
  const { url, headers, tls, handshakeTimeoutMs, signal } = options
  const address = new URL(url)
  address.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  const socket = new WebSocket(address, [PROTOCOL], {
    ...tls,
    // One header of several values is sent as several lines, as impersonation wants it.
    headers,
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
  })
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const abort = (): void => {
    reject(signal.reason)
    socket.terminate()
  }
  signal.addEventListener('abort', abort, { once: true })
  const tunnel = streamOf(socket)
  socket.once('open', () => resolve(tunnel))
  socket.once('error', reject)
  socket.once('unexpected-response', (_, response) => {
    readStatus(response)
      .then((body) => reject(toStatusError(response.statusCode ?? 500, body, undefined)))
      .catch(reject)
      .finally(() => socket.terminate())
  })
  socket.once('close', () => signal.removeEventListener('abort', abort))
  return promise
}

function streamOf(socket: WebSocket): Duplex {
  const seen = new Set<number>()
  const tunnel = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      socket.send(Buffer.concat([Buffer.of(DATA), chunk]), (error) => done(error ?? null))
    },
    destroy(error, done) {
      socket.terminate()
      done(error)
    },
  })
  socket.on('message', (message: Buffer) => {
    const channel = message[0] ?? -1
    const data = message.subarray(1)
    if (!seen.has(channel)) {
      seen.add(channel)
      if (data.length === PORT_BYTES) return
    }
    if (data.length === 0) return
    if (channel === ERROR) tunnel.destroy(toTunnelError(data.toString('utf8')))
    else if (channel === DATA && !tunnel.push(data)) socket.pause()
  })
  socket.on('close', () => tunnel.push(null))
  socket.on('error', (error) => tunnel.destroy(error))
  // It may end before anybody reads from it; `errored` keeps why.
  tunnel.on('error', () => undefined)
  return tunnel
}

/** What a kubelet says of a port that it cannot forward to, in words of its container runtime. */
function toTunnelError(words: string): PodTunnelError {
  const text = words.trim().slice(0, 500)
  if (/not running|not found|does not exist|no running/i.test(text)) return new PodTunnelError('not-running', text)
  return new PodTunnelError(/refused|no forward found/i.test(text) ? 'port-closed' : 'broken', text)
}

async function readStatus(response: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of response) {
    text += String(chunk)
    if (text.length > MAX_STATUS_BYTES) break
  }
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
