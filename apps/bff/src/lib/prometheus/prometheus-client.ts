import {
  addressDenial,
  AddressDeniedError,
  guardedLookup,
  messageOf,
  type AddressPolicy,
  type Lookup,
} from '@meshdeck/kube-client'
import { selector } from '@meshdeck/mesh/promql'
import { Agent, request, type Dispatcher } from 'undici'
import {
  errorOfAnswer,
  parseMatrix,
  parseMetadata,
  parseNames,
  parseVector,
  type Matrix,
  type MetricMetadata,
  type Vector,
} from './prometheus-answer.ts'
import { PrometheusError } from './prometheus-error.ts'
import { createSemaphore } from '../semaphore.ts'
import { createSharedAnswers } from './shared-answers.ts'

export type PrometheusAuth =
  | { kind: 'none' }
  | { kind: 'bearer'; token: string }
  | { kind: 'basic'; username: string; password: string }

export interface PrometheusClientOptions {
  /** Base address, with the path before `/api/v1` where there is one (Mimir's `/prometheus`). */
  url: string
  auth?: PrometheusAuth
  /** Where it may lie; the strictest when absent. */
  policy?: AddressPolicy
  /** How names are resolved; the system's way when absent. */
  lookup?: Lookup
  /** For waiting in the queue and for the answer together. */
  deadlineMs?: number
  /** Queries under way at once. */
  concurrency?: number
  /** How long an answer is shared after it came. */
  ttlMs?: number
  maxAnswerBytes?: number
  now?: () => number
}

export interface TimeRange {
  /** Unix seconds. */
  from: number
  to: number
  /** Seconds. */
  step: number
}

/** Queries throw PrometheusError and nothing else. Answers are shared: do not change them. */
export interface PrometheusClient {
  /** An instant query at `at` (unix seconds). Callers align `at`, so that they share answers: see `alignedNow`. */
  query(promql: string, at: number): Promise<Vector>
  queryRange(promql: string, range: TimeRange): Promise<Matrix>
  /** Names of labels; values of one label when it is named (metrics are those of `__name__`); of one metric only when it is. */
  names(of: { label?: string | undefined; metric?: string | undefined }): Promise<string[]>
  /** What is known of metrics by their names. Empty where the server does not tell. */
  metadata(): Promise<ReadonlyMap<string, MetricMetadata>>
  /** Ends open connections. */
  close(): Promise<void>
}

const MAX_WAITING = 64
const MAX_SHARED_ANSWERS = 64
/** Names change with releases, not with traffic. */
const NAMES_TTL_MS = 60_000

/**
 * A client of the Prometheus HTTP API (Prometheus, Thanos, Mimir, VictoriaMetrics). Equal queries share one request and,
 * for a short time, its answer; a few run at once, the rest wait within their deadline. Redirects are not followed.
 * Throws PrometheusError on an address that cannot be one.
 */
export function createPrometheusClient(options: PrometheusClientOptions): PrometheusClient {
  const { policy = {}, deadlineMs = 10_000, maxAnswerBytes = 64 * 2 ** 20 } = options
  const base = parseBase(options.url)
  const headers = headersOf(options.auth)
  const agent = new Agent({ connect: { lookup: guardedLookup(policy, options.lookup) } })
  const shared = {
    ttlMs: options.ttlMs ?? 5_000,
    maxEntries: MAX_SHARED_ANSWERS,
    ...(options.now && { now: options.now }),
  }
  const vectors = createSharedAnswers<Vector>(shared)
  const matrices = createSharedAnswers<Matrix>(shared)
  const lists = createSharedAnswers<string[]>({ ...shared, ttlMs: NAMES_TTL_MS })
  const described = createSharedAnswers<ReadonlyMap<string, MetricMetadata>>({ ...shared, ttlMs: NAMES_TTL_MS })
  const semaphore = createSemaphore({
    limit: options.concurrency ?? 4,
    maxWaiting: MAX_WAITING,
    tooMany: () => new PrometheusError('overloaded', `Too many queries wait for Prometheus at ${base.host}`),
  })

  /** Only queries may be long, and only they may be posted everywhere. */
  async function ask(method: 'GET' | 'POST', path: string, form: Record<string, string>): Promise<unknown> {
    const signal = AbortSignal.timeout(deadlineMs)
    try {
      return await semaphore.run(() => send(method, path, form, signal), signal)
    } catch (error) {
      throw asPrometheusError(error, base.host, deadlineMs)
    }
  }

  const post = (path: string, form: Record<string, string>): Promise<unknown> =>
    ask('POST', path, { ...form, timeout: `${Math.ceil(deadlineMs / 1000)}s` })

  async function send(
    method: 'GET' | 'POST',
    path: string,
    form: Record<string, string>,
    signal: AbortSignal,
  ): Promise<unknown> {
    // An address that is not a name never reaches the guarded lookup.
    const denial = addressDenial(base.hostname, policy)
    if (denial !== undefined) throw new AddressDeniedError(denial)
    const address = `${base.href.replace(/\/+$/, '')}/api/v1/${path}`
    const text = new URLSearchParams(form).toString()
    const response = await (method === 'POST'
      ? request(address, { method, headers, body: text, dispatcher: agent, signal })
      : request(text === '' ? address : `${address}?${text}`, { method, headers, dispatcher: agent, signal }))
    const body = parseJson(await readText(response.body, maxAnswerBytes, base.host))
    if (response.statusCode !== 200) throw errorOfAnswer(response.statusCode, body, base.host)
    return body
  }

  return {
    query: (promql, at) =>
      vectors.ask(`${at} ${promql}`, async () => parseVector(await post('query', { query: promql, time: String(at) }))),
    queryRange: (promql, { from, to, step }) =>
      matrices.ask(`${from} ${to} ${step} ${promql}`, async () => {
        const form = { query: promql, start: String(from), end: String(to), step: String(step) }
        return parseMatrix(await post('query_range', form))
      }),
    names: ({ label, metric }) =>
      lists.ask(JSON.stringify([label, metric]), async () =>
        parseNames(
          await ask(
            'GET',
            label === undefined ? 'labels' : `label/${encodeURIComponent(label)}/values`,
            metric === undefined ? {} : { 'match[]': selector(metric) },
          ),
        ),
      ),
    metadata: () => described.ask('', async () => parseMetadata(await ask('GET', 'metadata', {}))),
    close: () => agent.close(),
  }
}

/**
 * The latest instant that is a multiple of `stepSeconds`: all who ask within a step ask the same question. Unix seconds.
 */
export function alignedNow(stepSeconds = 5, now: () => number = Date.now): number {
  return Math.floor(now() / 1000 / stepSeconds) * stepSeconds
}

function parseBase(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new PrometheusError('unreachable', 'The address of Prometheus must begin with http:// or https://')
  }
  // A credential belongs into the Secret; in the address it would reach logs.
  if (url.username !== '' || url.password !== '') {
    throw new PrometheusError('unreachable', 'The address of Prometheus must not hold a user name or password')
  }
  url.search = ''
  url.hash = ''
  return url
}

function headersOf(auth: PrometheusAuth = { kind: 'none' }): Record<string, string> {
  const common = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' }
  if (auth.kind === 'bearer') return { ...common, authorization: `Bearer ${auth.token}` }
  if (auth.kind === 'none') return common
  const pair = Buffer.from(`${auth.username}:${auth.password}`).toString('base64')
  return { ...common, authorization: `Basic ${pair}` }
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number, host: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) throw new PrometheusError('overloaded', `The answer of Prometheus at ${host} is too large`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asPrometheusError(error: unknown, host: string, deadlineMs: number): PrometheusError {
  if (error instanceof PrometheusError) return error
  if (error instanceof Error && /^(TimeoutError|HeadersTimeoutError|BodyTimeoutError)$/.test(error.name)) {
    return new PrometheusError('timeout', `Prometheus at ${host} did not answer within ${deadlineMs / 1000} s`)
  }
  const text = error instanceof AddressDeniedError ? 'its address is not allowed' : messageOf(error)
  return new PrometheusError('unreachable', `Prometheus at ${host} cannot be reached: ${text}`, { cause: error })
}
