import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { PromqlError } from '../promql/promql-error.ts'
import type { Clock } from '../store/cluster-api.ts'
import { ANSWERS, labelValues } from './query-api.ts'
import type { PrometheusSource } from './query-api.ts'

const LOOPBACK = '127.0.0.1'
const MAX_BODY_BYTES = 2 ** 20
const STATUS = { bad_data: 400, execution: 422, timeout: 503 } as const

export interface PrometheusFaults {
  /** Connections are refused. */
  readonly down?: boolean
  /** Milliseconds before each answer. */
  readonly delayMs?: number
}

export interface PrometheusServerOptions {
  readonly source: PrometheusSource
  readonly clock: Clock
  /** 0: any. */
  readonly port?: number
  readonly onError: (error: unknown) => void
}

/** The HTTP API of Prometheus 2.42 over a source of series, on a port of this machine. */
export class PrometheusServer {
  readonly #options: PrometheusServerOptions
  #server: Server
  #port: number
  #faults: PrometheusFaults = {}

  private constructor(options: PrometheusServerOptions) {
    this.#options = options
    this.#port = options.port ?? 0
    this.#server = this.#create()
  }

  static async start(options: PrometheusServerOptions): Promise<PrometheusServer> {
    const server = new PrometheusServer(options)
    await server.#listen()
    return server
  }

  get faults(): PrometheusFaults {
    return this.#faults
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}`
  }

  async setFaults(faults: PrometheusFaults): Promise<void> {
    const before = this.#faults
    this.#faults = faults
    if (faults.down === true && before.down !== true) await this.stop()
    if (faults.down !== true && before.down === true) {
      this.#server = this.#create()
      await this.#listen()
    }
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #create(): Server {
    return createServer((request, response) => void this.#serve(request, response))
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#port, LOOPBACK, () => {
        this.#server.off('error', reject)
        const address: AddressInfo | string | null = this.#server.address()
        if (typeof address === 'object' && address !== null) this.#port = address.port
        resolve()
      })
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#faults.delayMs !== undefined) await delay(this.#faults.delayMs)
      const url = new URL(request.url ?? '/', 'http://sandbox')
      if (url.pathname === '/-/healthy' || url.pathname === '/-/ready') {
        response.end('Prometheus Server is Healthy.\n')
        return
      }
      const parameters = await parametersOf(request, url)
      const data = this.#answer(url.pathname, parameters)
      if (data === undefined) {
        response.writeHead(404).end('404 page not found\n')
        return
      }
      send(response, 200, { status: 'success', data })
    } catch (error) {
      if (error instanceof PromqlError) {
        send(response, STATUS[error.kind], { status: 'error', errorType: error.kind, error: error.message })
        return
      }
      this.#options.onError(error)
      send(response, 500, { status: 'error', errorType: 'internal', error: 'see the log of the sandbox' })
    }
  }

  #answer(path: string, parameters: URLSearchParams): unknown {
    const { source, clock } = this.#options
    const route = /^\/api\/v1\/(.+)$/.exec(path)?.[1] ?? ''
    const label = /^label\/([^/]+)\/values$/.exec(route)?.[1]
    if (label !== undefined) return labelValues(source, label, parameters, clock.now())
    return Object.hasOwn(ANSWERS, route) ? ANSWERS[route]?.(source, parameters, clock.now()) : undefined
  }
}

/** Of the query string, and of a form that was posted. @throws PromqlError */
async function parametersOf(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(url.searchParams)
  if (request.method !== 'POST') return parameters
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_BODY_BYTES)
      throw new PromqlError('bad_data', 'error parsing form values: http: request body too large')
  }
  for (const [name, value] of new URLSearchParams(text)) parameters.append(name, value)
  return parameters
}

function send(response: ServerResponse, code: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
