import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { KubeconfigCluster } from '../kubeconfig.ts'

export interface Answer {
  readonly code: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** Of a JSON answer. */
  readonly body: Record<string, unknown>
}

/** A client that trusts nothing: it sends what it is told and gives what comes back. */
export class ApiClient {
  readonly #access: KubeconfigCluster

  constructor(access: KubeconfigCluster) {
    this.#access = access
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const payload =
      body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.#access.server}${path}`,
        { ...this.#identity({ ...headers, 'content-length': String(Buffer.byteLength(payload ?? '')) }), method },
        (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          response.on('error', reject)
          response.on('end', () => {
            resolve({ code: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) })
          })
        },
      )
      call.on('error', reject)
      call.end(payload)
    })
  }

  /** Events of a watch as they come; leaving the loop ends it. */
  async *watch(path: string): AsyncGenerator<{ type: string; object: Record<string, unknown> }> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(`${this.#access.server}${path}`, this.#identity({}), resolve)
      call.on('error', reject)
      call.end()
    })
    try {
      for await (const line of createInterface({ input: response })) yield JSON.parse(line)
    } finally {
      response.destroy()
    }
  }

  /** Begins a watch and reads nothing of it; gives what ends it. */
  async ignoredWatch(path: string): Promise<() => void> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(`${this.#access.server}${path}`, this.#identity({}), resolve)
      call.on('error', reject)
      call.end()
    })
    // Broken off by who began it.
    response.on('error', () => undefined)
    return () => response.destroy()
  }

  #identity(headers: Record<string, string>): object {
    const { user, authority } = this.#access
    const own = 'token' in user ? { authorization: `Bearer ${user.token}` } : {}
    return {
      ca: authority,
      agent: false,
      headers: { ...own, ...headers },
      ...('certificate' in user ? { cert: user.certificate, key: user.key } : {}),
    }
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
