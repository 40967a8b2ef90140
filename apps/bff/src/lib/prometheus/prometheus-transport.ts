import {
  addressDenial,
  AddressDeniedError,
  guardedLookup,
  messageOf,
  type AddressPolicy,
  type Lookup,
  type PrometheusAccess,
} from '@meshdeck/kube-client'
import { Agent, request, type Dispatcher } from 'undici'
import { errorOfAnswer } from './prometheus-answer.ts'
import { PrometheusError } from './prometheus-error.ts'

export interface Sent {
  method: 'GET' | 'POST'
  /** Below `/api/v1/`. */
  path: string
  form: Record<string, string>
  /** Bytes of the answer, where it is to be less than the usual. */
  maxBytes?: number
  /** Not every server has it: the answer of one that says so has no body. */
  optional?: boolean
}

/** Says that a route, or what it would tell, is not there. Servers in between and other makes have various ways to. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404, 405, 422, 501])

/** One Prometheus at the other end of HTTP. Requests throw PrometheusError, or the reason of their signal. */
export interface PrometheusTransport {
  /** With its port, for messages. */
  host: string
  send(sent: Sent, signal: AbortSignal): Promise<{ body: unknown; bytes: number }>
  close(): Promise<void>
}

export interface TransportOptions {
  access: PrometheusAccess
  /** Where it may lie; the strictest when absent. */
  policy?: AddressPolicy | undefined
  /** How names are resolved; the system's way when absent. */
  lookup?: Lookup | undefined
  maxAnswerBytes: number
}

/** Redirects are not followed, since they could lead anywhere, with the credential. */
export function createTransport({
  access,
  policy = {},
  lookup,
  maxAnswerBytes,
}: TransportOptions): PrometheusTransport {
  const { hostname, host } = new URL(access.base)
  const agent = new Agent({ connect: { ...access.tls, lookup: guardedLookup(policy, lookup) } })
  const common = { ...access.headers, accept: 'application/json' }

  async function exchange({ method, path, form }: Sent, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    // An address that is not a name never reaches the guarded lookup.
    const denial = addressDenial(hostname, policy)
    if (denial !== undefined) throw new AddressDeniedError(denial)
    const address = `${access.base}/api/v1/${path}`
    const text = new URLSearchParams(form).toString()
    const options = { method, dispatcher: agent, signal }
    if (method === 'GET') return request(text === '' ? address : `${address}?${text}`, { ...options, headers: common })
    const headers = { ...common, 'content-type': 'application/x-www-form-urlencoded' }
    return request(address, { ...options, headers, body: text })
  }

  return {
    host,
    async send(sent, signal) {
      try {
        const response = await exchange(sent, signal)
        const text = await readText(response.body, Math.min(sent.maxBytes ?? maxAnswerBytes, maxAnswerBytes), host)
        if (sent.optional === true && NOT_THERE.has(response.statusCode)) return { body: undefined, bytes: 0 }
        return { body: read(text, response, host), bytes: text.length }
      } catch (error) {
        if (error instanceof PrometheusError || signal.aborted) throw error
        const why = error instanceof AddressDeniedError ? 'its address is not allowed' : messageOf(error)
        throw new PrometheusError('unreachable', `Prometheus at ${host} cannot be reached: ${why}`, { cause: error })
      }
    },
    close: () => agent.close(),
  }
}

function read(text: string, { statusCode, headers }: Dispatcher.ResponseData, host: string): unknown {
  const body = parseJson(text)
  if (statusCode >= 300 && statusCode < 400) {
    throw new PrometheusError(
      'unreachable',
      `${host} sends elsewhere (status ${statusCode}); give the address that answers itself, with its path`,
    )
  }
  if (statusCode !== 200) {
    const error = errorOfAnswer(statusCode, body, host)
    const seconds = Number([headers['retry-after']].flat()[0])
    if (error.kind !== 'overloaded' || !Number.isInteger(seconds) || seconds < 1) throw error
    throw new PrometheusError(error.kind, error.message, { retryAfterSeconds: Math.min(seconds, 3_600) })
  }
  if (body !== undefined) return body
  const isPage = /^\s*</.test(text) || String(headers['content-type']).includes('text/html')
  throw new PrometheusError(
    'unreachable',
    isPage
      ? `${host} answers with a web page and not as Prometheus does; is a sign-in before it, or is a path missing before /api/v1?`
      : `The answer of Prometheus at ${host} is cut off, or no JSON`,
  )
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number, host: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) {
      const most = `${Math.round((maxBytes / 2 ** 20) * 10) / 10} MiB`
      throw new PrometheusError('overloaded', `The answer of Prometheus at ${host} is too large (more than ${most})`)
    }
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
