import type { Problem } from '@meshdeck/contract'
import { CSRF_HEADER } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import { runtime } from './runtime.ts'

/** Thrown for every answer that is not 2xx, and when there is no answer at all (`code: 'network'`, status 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly problem: Problem
  readonly status: number

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.problem = problem
    this.status = problem.status
  }
}

/** A write's answer: the object as the server left it, and what the API server or admission warned of. */
export interface Written<T> {
  data: T
  warnings: string[]
}

export interface RequestOptions {
  signal?: AbortSignal | undefined
  contentType?: string
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The one way to the BFF. Throws `ApiError`; shows nothing to the user, that is for the query client to decide. */
export const api = {
  get: async <T>(path: string, options: RequestOptions = {}): Promise<T> =>
    parse<T>(await send('GET', path, undefined, options), options),
  post: <T>(path: string, body: unknown, options: RequestOptions = {}) => write<T>('POST', path, body, options),
  put: <T>(path: string, body: unknown, options: RequestOptions = {}) => write<T>('PUT', path, body, options),
  patch: <T>(path: string, body: unknown, options: RequestOptions = {}) => write<T>('PATCH', path, body, options),
  delete: <T>(path: string, options: RequestOptions = {}) => write<T>('DELETE', path, undefined, options),
}

/** Headers of every request: language, and the host's token when the console is embedded. */
export function requestHeaders(): Record<string, string> {
  const { locale, token } = runtime()
  const value = token?.()
  return { 'accept-language': locale, ...(value === undefined ? {} : { authorization: `Bearer ${value}` }) }
}

/** Sends a request and returns the answer unread. Throws `ApiError`, or the `AbortError` of its signal. */
export async function send(
  method: Method,
  path: string,
  body: unknown,
  options: RequestOptions = {},
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...requestHeaders() }
  if (method !== 'GET') headers[CSRF_HEADER] = '1'
  if (body !== undefined) headers['content-type'] = options.contentType ?? 'application/json'
  let response: Response
  try {
    response = await fetch(`${runtime().basePath}${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ?? null,
      body: body === undefined ? null : JSON.stringify(body),
    })
  } catch (error) {
    throw noAnswer(error, options.signal)
  }
  if (!response.ok) throw new ApiError(await readProblem(response))
  return response
}

/** What a connection that broke is told as; an abort stays what it is. */
function noAnswer(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return error
  const detail = messageOf(error)
  return new ApiError({ type: 'about:blank', code: 'network', title: 'No answer', status: 0, detail })
}

async function write<T>(method: Method, path: string, body: unknown, options: RequestOptions): Promise<Written<T>> {
  const response = await send(method, path, body, options)
  return { data: await parse<T>(response, options), warnings: parseWarnings(response.headers.get('warning')) }
}

/** The boundary: what the contract promises is taken at its word, since the BFF serialises by the same schemas. */
async function parse<T>(response: Response, { signal }: RequestOptions): Promise<T> {
  const text = await response.text().catch((error: unknown) => {
    throw noAnswer(error, signal)
  })
  if (text === '') return undefined as T
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new ApiError({
      type: 'about:blank',
      code: 'unreadable',
      title: 'Unreadable answer',
      status: response.status,
      detail: messageOf(error),
    })
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined)
  if (isProblem(body)) return body
  // Something between us and the BFF answered: a proxy, or another server altogether.
  return {
    type: 'about:blank',
    code: response.status === 401 ? 'unauthenticated' : 'unreadable',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    isRecord(value) &&
    typeof value['code'] === 'string' &&
    typeof value['title'] === 'string' &&
    typeof value['status'] === 'number'
  )
}

/** Reads `Warning: 299 - "text", 299 - "text"` (RFC 7234 §5.5, which Kubernetes uses for admission warnings). */
export function parseWarnings(header: string | null): string[] {
  if (header === null) return []
  return [...header.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
