import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import { StatusError } from '../api/status-error.ts'
import type { KeyPair } from '../auth/certificates.ts'
import type { ApiHandler } from './api-handler.ts'
import type { Upgrade } from './exchange.ts'
import type { ApiFaults } from './faults.ts'
import { NO_FAULTS } from './faults.ts'

const LOOPBACK = '127.0.0.1'

export interface ApiServerOptions {
  readonly handler: ApiHandler
  readonly serving: KeyPair
  /** PEM of the authority that signs client certificates. */
  readonly authority: string
  /** 0: any. */
  readonly port: number
  /** Forgets the changes that watches could be resumed from. */
  readonly compact: () => void
}

/** An API server on a socket of this machine. */
export class ApiServer {
  readonly #options: ApiServerOptions
  #server: Server
  #port: number
  #faults: ApiFaults = NO_FAULTS
  #requests = 0
  /** Connections that speak something else than HTTP by now, which the server itself has forgotten. */
  readonly #upgraded = new Set<Duplex>()

  private constructor(options: ApiServerOptions) {
    this.#options = options
    this.#port = options.port
    this.#server = this.#create()
  }

  /** Rejects when the port is taken. */
  static async start(options: ApiServerOptions): Promise<ApiServer> {
    const server = new ApiServer(options)
    await server.#listen()
    return server
  }

  get faults(): ApiFaults {
    return this.#faults
  }

  /** How many requests have come in so far. */
  get requests(): number {
    return this.#requests
  }

  get url(): string {
    return `https://${LOOPBACK}:${this.#port}`
  }

  /** Replaces all faults by these; none heals it. */
  async setFaults(faults: ApiFaults): Promise<void> {
    const before = this.#faults
    this.#faults = faults
    if (faults.gone === true && before.gone !== true) {
      this.#options.compact()
      this.cutConnections()
    }
    // Watches that run already are cut as well: those that come instead have a short life.
    if (faults.watchLifeMs !== undefined && before.watchLifeMs === undefined) this.cutConnections()
    if (faults.down === true && before.down !== true) await this.stop()
    if (faults.down !== true && before.down === true) {
      this.#server = this.#create()
      await this.#listen()
    }
  }

  /** Ends every connection, those of watches among them; clients may come again at once. */
  cutConnections(): void {
    this.#server.closeAllConnections()
    for (const socket of this.#upgraded) socket.destroy()
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.cutConnections()
    })
  }

  #create(): Server {
    const { serving, authority } = this.#options
    const server = createServer(
      { cert: serving.certificate, key: serving.key, ca: authority, requestCert: true, rejectUnauthorized: false },
      (request, response) => void this.#serve(request, response),
    )
    server.on('upgrade', (request, socket, head) => {
      this.#upgraded.add(socket)
      socket.once('close', () => this.#upgraded.delete(socket))
      socket.on('error', () => socket.destroy())
      const response = new ServerResponse(request)
      // A refusal is an answer like any other; who takes the connection over lets go of it first.
      if (socket instanceof Socket) response.assignSocket(socket)
      response.once('finish', () => socket.end())
      void this.#serve(request, response, { socket, head })
    })
    return server
  }

  async #serve(request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): Promise<void> {
    this.#requests++
    const faults = this.#faults
    if (faults.delayMs !== undefined) await delay(faults.delayMs)
    const refusal = refusalOf(faults, request)
    if (refusal !== undefined) {
      if (refusal.status.code === 429) response.setHeader('Retry-After', '1')
      response.writeHead(refusal.status.code ?? 500, { 'Content-Type': 'application/json', Connection: 'close' })
      response.end(JSON.stringify({ ...refusal.status, metadata: {} }))
      return
    }
    if (faults.watchLifeMs !== undefined && isWatch(request)) {
      const cut = setTimeout(() => request.socket.destroy(), faults.watchLifeMs)
      request.socket.once('close', () => clearTimeout(cut))
    }
    if (faults.lostAnswers !== undefined && isChange(request) && Math.random() < faults.lostAnswers) {
      // What a response without a socket is given stays in it.
      response.detachSocket(request.socket)
      await this.#options.handler(request, response, clientCertificate(request), upgrade)
      request.socket.destroy()
      return
    }
    await this.#options.handler(request, response, clientCertificate(request), upgrade)
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
}

function clientCertificate(request: IncomingMessage): PeerCertificate | undefined {
  const { socket } = request
  if (!(socket instanceof TLSSocket)) return undefined
  const certificate = socket.getPeerCertificate()
  if (Object.keys(certificate).length === 0) return undefined
  // An expired one is known by its dates, which say more than the handshake does; one of a stranger is nobody's.
  const trusted = socket.authorized || socket.authorizationError?.toString().includes('CERT_HAS_EXPIRED') === true
  return trusted ? certificate : undefined
}

function refusalOf(faults: ApiFaults, request: IncomingMessage): StatusError | undefined {
  if (faults.unauthorized === true) return new StatusError(401, 'Unauthorized', 'Unauthorized')
  if (faults.tooManyRequests !== undefined && Math.random() < faults.tooManyRequests) {
    return new StatusError(429, 'TooManyRequests', 'Too many requests, please try again later.', {
      retryAfterSeconds: 1,
    })
  }
  if (faults.serverErrors !== undefined && Math.random() < faults.serverErrors) {
    return new StatusError(500, 'InternalError', 'Internal error occurred: a fault of the sandbox')
  }
  if (faults.gone === true && isWatch(request) && /resourceVersion=[1-9]/.test(request.url ?? '')) {
    return new StatusError(410, 'Expired', 'too old resource version')
  }
  return undefined
}

/** Whether a request leaves something behind: a dry run does not, and a review is a question. */
function isChange({ method, url = '' }: IncomingMessage): boolean {
  return method !== 'GET' && method !== 'HEAD' && !url.includes('dryRun=') && !/\/[a-z]+reviews\b/.test(url)
}

function isWatch(request: IncomingMessage): boolean {
  return /[?&]watch=/.test(request.url ?? '')
}
