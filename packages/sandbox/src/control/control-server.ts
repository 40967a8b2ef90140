import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseFaults, wordsOf } from './cluster-faults.ts'
import type { ClusterFaults } from './cluster-faults.ts'

const LOOPBACK = '127.0.0.1'
const MAX_BODY_BYTES = 64 * 1024

/** What can be done to a fleet from outside of its process. */
export interface Controlled {
  readonly clusterNames: readonly string[]
  faultsOf(cluster: string): ClusterFaults
  setFaults(cluster: string, faults: ClusterFaults): Promise<void>
}

/** Faults of a running fleet over HTTP, for who knows the token: `GET /faults`, `PUT /faults/CLUSTER` with words. */
export class ControlServer {
  readonly token = randomBytes(24).toString('base64url')
  readonly #controlled: Controlled
  readonly #server: Server

  private constructor(controlled: Controlled) {
    this.#controlled = controlled
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async start(controlled: Controlled): Promise<ControlServer> {
    const control = new ControlServer(controlled)
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject)
      control.#server.listen(0, LOOPBACK, () => resolve())
    })
    return control
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#server.address()
    return `http://${LOOPBACK}:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.#knows(request.headers.authorization)) return send(response, 401, { error: 'the token is missing' })
      const { pathname } = new URL(request.url ?? '/', 'http://sandbox')
      if (request.method === 'GET' && pathname === '/faults') return send(response, 200, this.#all())
      const cluster = /^\/faults\/([^/]+)$/.exec(pathname)?.[1]
      if (request.method !== 'PUT' || cluster === undefined) return send(response, 404, { error: 'not found' })
      const { clusterNames } = this.#controlled
      if (!clusterNames.includes(cluster)) {
        return send(response, 404, { error: `no cluster ${cluster} here; there are ${clusterNames.join(', ')}` })
      }
      const words = wordsIn(await bodyOf(request))
      await this.#controlled.setFaults(cluster, parseFaults(words))
      return send(response, 200, this.#all())
    } catch (error) {
      return send(response, 400, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  #all(): Record<string, readonly string[]> {
    const { clusterNames } = this.#controlled
    return Object.fromEntries(clusterNames.map((name) => [name, wordsOf(this.#controlled.faultsOf(name))]))
  }

  #knows(authorization = ''): boolean {
    const [expected, given] = [Buffer.from(`Bearer ${this.token}`), Buffer.from(authorization)]
    return expected.length === given.length && timingSafeEqual(expected, given)
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > MAX_BODY_BYTES) throw new RangeError('too many words')
  }
  return text
}

function wordsIn(text: string): readonly string[] {
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words) || words.some((word) => typeof word !== 'string'))
    throw new TypeError('write a list of words')
  return words.map(String)
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
