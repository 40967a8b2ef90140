import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, type Dispatcher } from 'undici'
import { addressDenial, type Lookup } from './address.ts'
import { parseRetryAfter, toStatusError, toUnreachable, unreachable } from './connection-error.ts'
import { ClusterUnreachableError, InvalidRequestError, KubeStatusError, PodTunnelError } from './errors.ts'
import { identityHeaders, STORED, type HeaderMap, type Identity } from './identity.ts'
import { jsonLines } from './json-lines.ts'
import type { ClusterConnectionSpec } from './kubeconfig.ts'
import { portForwardPath, requestOver, type PodRequest, type PodResponse } from './pod-request.ts'
import { openPodTunnel } from './pod-tunnel.ts'
import { tokenReader } from './token-reader.ts'
import { tlsOptions } from './tls-options.ts'
import { parseWarnings } from './warnings.ts'

const DEFAULT_TIMEOUT_MS = 15_000
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000
const DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024
/** Envoy's configuration in a mesh of thousands of services. */
const DEFAULT_POD_BYTES = 64 * 1024 * 1024
const MAX_LINE_BYTES = 32 * 1024 * 1024
/** A server that asks for a longer pause gets its error handed to the caller instead. */
const MAX_RETRY_AFTER_MS = 3_000

export interface ConnectionOptions {
  /** Name of the cluster, for messages. Default: the host of the server. */
  name?: string
  /** Deadline of one call, in milliseconds. */
  timeoutMs?: number
  connectTimeoutMs?: number
  /** Largest answer that is read into memory. */
  maxBodyBytes?: number
  /** Resolver of names; for tests. */
  lookup?: Lookup
}

export type QueryValue = string | number | boolean | undefined

export interface KubeRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Absolute, under the server's own prefix; its segments must be encoded (`apiPath`). */
  path: string
  query?: Readonly<Record<string, QueryValue>>
  /** Sent as JSON. */
  body?: unknown
  contentType?: string
  /** Form of the answer; JSON by default. */
  accept?: string
  /** As whom; the stored credential by default. */
  identity?: Identity
  signal?: AbortSignal
  timeoutMs?: number
}

export interface KubeResponse<T> {
  status: number
  /** Parsed JSON, or text where the server says so (`/readyz`). */
  body: T
  /** Texts of the `Warning` headers. */
  warnings: string[]
  /** The server's clock when it answered, in whole seconds, as milliseconds since 1970; absent when it did not say. */
  date?: number
}

export interface KubeStreamRequest extends Omit<KubeRequest, 'method' | 'body' | 'contentType'> {
  /** Ends the stream with a `timeout` when nothing at all arrives for so long, in milliseconds. */
  idleTimeoutMs?: number
}

/** One way to one cluster. All its methods throw `KubeStatusError`, `ClusterUnreachableError`, or the caller's abort reason. */
export interface ClusterConnection {
  readonly name: string
  readonly server: string
  request<T>(request: KubeRequest): Promise<KubeResponse<T>>
  /** Opens a stream of JSON lines (a watch). Resolves when the server has accepted it; leaving the loop closes it. */
  stream(request: KubeStreamRequest): Promise<AsyncIterable<unknown>>
  /** Sends HTTP to a port of a pod. Throws `PodTunnelError` too, for what happens behind the API server. */
  requestPod(request: PodRequest): Promise<PodResponse>
  /** Ends running streams, lets running calls finish, and frees the sockets. */
  close(): Promise<void>
}

/** Opens no socket yet. Throws `ClusterUnreachableError` (`address-denied`) when the server's address is not allowed. */
export function createConnection(spec: ClusterConnectionSpec, options: ConnectionOptions = {}): ClusterConnection {
  const base = new URL(spec.server)
  const name = options.name ?? base.host
  const denial = addressDenial(base.hostname, { allowLoopback: spec.allowLoopback })
  if (denial !== undefined) throw unreachable('address-denied', name, denial)
  const prefix = base.pathname.replace(/\/+$/, '')
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  const closing = new AbortController()
  const storedToken = tokenReader(spec)
  const storedAgent = createAgent(spec, options, true)
  // A caller's token must never travel beside the stored client certificate: the API server would take the certificate.
  const tokenAgent = createAgent(spec, options, false)

  async function dispatch(
    request: KubeRequest,
    signal: AbortSignal,
    bodyTimeout: number,
  ): Promise<Dispatcher.ResponseData> {
    if (closing.signal.aborted) throw unreachable('closed', name)
    const identity = request.identity ?? STORED
    const agent = identity.kind === 'token' ? tokenAgent : storedAgent
    const token = identity.kind === 'token' ? undefined : await storedToken()
    const headers: HeaderMap = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'meshdeck',
      ...identityHeaders(identity, token),
    }
    if (request.body !== undefined) headers['content-type'] = request.contentType ?? 'application/json'
    return agent.request({
      origin: base.origin,
      path: `${prefix}${checkPath(request.path)}${printQuery(request.query)}`,
      method: request.method ?? 'GET',
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
      headersTimeout: 0,
      bodyTimeout,
    })
  }

  async function attempt<T>(request: KubeRequest, signal: AbortSignal): Promise<KubeResponse<T>> {
    const response = await dispatch(request, signal, 0)
    const body = await readBody(response, maxBodyBytes, name)
    if (response.statusCode >= 300) throw errorOf(response, body, name)
    // The boundary: what an API server promises for a path is the caller's knowledge.
    const date = Date.parse(String(response.headers['date']))
    return {
      status: response.statusCode,
      body: body as T,
      warnings: parseWarnings(response.headers['warning']),
      ...(Number.isNaN(date) ? {} : { date }),
    }
  }

  /** Words an error; the caller's own abort is handed back as it is. */
  function explain(error: unknown, caller: AbortSignal | undefined, deadline: AbortSignal, limitMs: number): unknown {
    if (error instanceof KubeStatusError || error instanceof InvalidRequestError) return error
    if (caller?.aborted) return caller.reason
    if (closing.signal.aborted) return unreachable('closed', name)
    if (deadline.aborted) return unreachable('timeout', name, `${limitMs / 1000} s`, error)
    return toUnreachable(error, name)
  }

  async function request<T>(call: KubeRequest): Promise<KubeResponse<T>> {
    const limitMs = call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const deadline = AbortSignal.timeout(limitMs)
    const signal = AbortSignal.any([deadline, ...(call.signal ? [call.signal] : [])])
    const mayRepeat = (call.method ?? 'GET') === 'GET'
    try {
      signal.throwIfAborted()
      return await attempt<T>(call, signal)
    } catch (error) {
      const reason = explain(error, call.signal, deadline, limitMs)
      const pauseMs = mayRepeat ? pauseBeforeRetry(reason) : undefined
      if (pauseMs === undefined) throw reason
      try {
        await sleep(pauseMs, undefined, { signal })
        return await attempt<T>(call, signal)
      } catch (second) {
        throw explain(second, call.signal, deadline, limitMs)
      }
    }
  }

  async function stream(call: KubeStreamRequest): Promise<AsyncIterable<unknown>> {
    const limitMs = call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), limitMs)
    const signal = AbortSignal.any([closing.signal, deadline.signal, ...(call.signal ? [call.signal] : [])])
    try {
      signal.throwIfAborted()
      const response = await dispatch(call, signal, call.idleTimeoutMs ?? 0)
      if (response.statusCode >= 300) throw errorOf(response, await readBody(response, maxBodyBytes, name), name)
      return frames(response.body, (error) => explain(error, call.signal, deadline.signal, limitMs))
    } catch (error) {
      throw explain(error, call.signal, deadline.signal, limitMs)
    } finally {
      clearTimeout(timer)
    }
  }

  async function requestPod(call: PodRequest): Promise<PodResponse> {
    const limitMs = call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const deadline = AbortSignal.timeout(limitMs)
    const signal = AbortSignal.any([closing.signal, deadline, ...(call.signal ? [call.signal] : [])])
    const identity = call.identity ?? STORED
    const url = new URL(`${base.origin}${prefix}${portForwardPath(call)}?ports=${call.port}`)
    const token = identity.kind === 'token' ? undefined : await storedToken()
    let isOpen = false
    try {
      signal.throwIfAborted()
      const tunnel = await openPodTunnel({
        url,
        headers: { 'user-agent': 'meshdeck', ...identityHeaders(identity, token) },
        tls: tlsOptions(spec, identity.kind !== 'token', options.lookup),
        handshakeTimeoutMs: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
        signal,
      })
      isOpen = true
      return await requestOver(tunnel, call, call.maxBytes ?? DEFAULT_POD_BYTES)
    } catch (error) {
      if (isOpen && deadline.aborted && !call.signal?.aborted)
        throw new PodTunnelError('timeout', `${limitMs / 1000} s`)
      if (error instanceof PodTunnelError && !signal.aborted) throw error
      throw explain(error, call.signal, deadline, limitMs)
    }
  }

  async function close(): Promise<void> {
    closing.abort()
    await Promise.all([storedAgent.close(), tokenAgent.close()])
  }
  let closed: Promise<void> | undefined

  return {
    name,
    server: spec.server,
    request,
    stream,
    requestPod,
    close: () => (closed ??= close()),
  }
}

async function* frames(body: AsyncIterable<Uint8Array>, explain: (error: unknown) => unknown): AsyncGenerator<unknown> {
  try {
    yield* jsonLines(body, MAX_LINE_BYTES)
  } catch (error) {
    throw explain(error)
  }
}

function createAgent(spec: ClusterConnectionSpec, options: ConnectionOptions, withClientCertificate: boolean): Agent {
  return new Agent({
    // One watch, one socket: a lost packet or a stuck stream stays with one kind.
    allowH2: false,
    keepAliveTimeout: 30_000,
    connect: {
      ...tlsOptions(spec, withClientCertificate, options.lookup),
      timeout: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    },
  })
}

/** Milliseconds to wait before the one repetition of a read; `undefined` when repeating would not help. */
function pauseBeforeRetry(error: unknown): number | undefined {
  // A kept-alive socket that the server had closed meanwhile looks like this.
  if (error instanceof ClusterUnreachableError) return error.reason === 'reset' ? 0 : undefined
  if (!(error instanceof KubeStatusError) || (error.httpStatus !== 429 && error.httpStatus !== 503)) return undefined
  return error.retryAfterMs !== undefined && error.retryAfterMs <= MAX_RETRY_AFTER_MS ? error.retryAfterMs : undefined
}

async function readBody(response: Dispatcher.ResponseData, maxBytes: number, cluster: string): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw unreachable('answer-too-large', cluster, `more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  if (!String(response.headers['content-type'] ?? '').includes('json')) return text
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreachable('bad-answer', cluster, 'its JSON cannot be read', error)
  }
}

function errorOf(response: Dispatcher.ResponseData, body: unknown, cluster: string): Error {
  if (response.statusCode < 400)
    return unreachable('bad-answer', cluster, `it redirects, with status ${response.statusCode}`)
  const retryAfter = response.headers['retry-after']
  return toStatusError(
    response.statusCode,
    body,
    parseRetryAfter(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, Date.now()),
  )
}

function checkPath(path: string): string {
  if (!path.startsWith('/') || /[?#\\\s]|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/.test(path))
    throw new InvalidRequestError('path', 'the path of a request must be absolute and plain')
  return path
}

function printQuery(query: Readonly<Record<string, QueryValue>> | undefined): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) params.append(key, String(value))
  }
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}
