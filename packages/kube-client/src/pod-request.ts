import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isNamespaceName, isResourceName } from '@meshdeck/kube'
import { InvalidRequestError, PodTunnelError } from './errors.ts'
import type { Identity } from './identity.ts'

/** An HTTP request to a port of a pod, sent through the cluster's API server. */
export interface PodRequest {
  namespace: string
  pod: string
  port: number
  method?: 'GET' | 'POST'
  /** Path and query, as the program behind the port knows them. */
  path: string
  /** As whom: needs `get` and `create` on `pods/portforward`. The stored credential by default. */
  identity?: Identity
  signal?: AbortSignal
  /** Deadline of the whole, in milliseconds. */
  timeoutMs?: number
  /** Largest answer that is read. */
  maxBytes?: number
}

export interface PodResponse {
  status: number
  contentType: string
  body: string
}

/** Path of the subresource that forwards to a pod's port. Throws `InvalidRequestError` for what is no name or port. */
export function portForwardPath({ namespace, pod, port }: Pick<PodRequest, 'namespace' | 'pod' | 'port'>): string {
  if (!isNamespaceName(namespace))
    throw new InvalidRequestError('namespace', `"${namespace}" is not a namespace’s name`)
  if (!isResourceName(pod)) throw new InvalidRequestError('pod', `"${pod}" is not a pod’s name`)
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidRequestError('port', `${port} is not a port; ports are numbers from 1 to 65535`)
  return `/api/v1/namespaces/${namespace}/pods/${pod}/portforward`
}

/** Speaks HTTP over an open tunnel, once, and closes it. Throws `PodTunnelError`, or what ended the tunnel. */
export async function requestOver(
  tunnel: Duplex,
  { method = 'GET', path, port }: Pick<PodRequest, 'method' | 'path' | 'port'>,
  maxBytes: number,
): Promise<PodResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  try {
    if (tunnel.errored) throw tunnel.errored
    httpRequest({
      createConnection: () => tunnel,
      method,
      path,
      headers: {
        host: `localhost:${port}`,
        connection: 'close',
        ...(method === 'POST' ? { 'content-length': 0 } : {}),
      },
    })
      .once('response', resolve)
      .once('error', reject)
      .end()
    const response = await promise
    return {
      status: response.statusCode ?? 0,
      contentType: String(response.headers['content-type'] ?? ''),
      body: await readText(response, maxBytes),
    }
  } catch (error) {
    // The tunnel's own error says more than the "socket hang up" that follows from it.
    throw tunnel.errored ?? toPodError(error)
  } finally {
    tunnel.destroy()
  }
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new PodTunnelError('answer-too-large', `more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function toPodError(error: unknown): unknown {
  if (error instanceof PodTunnelError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  return code.startsWith('HPE_')
    ? new PodTunnelError('bad-answer', 'it does not speak HTTP', { cause: error })
    : new PodTunnelError('broken', error.message, { cause: error })
}
