import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  createConnection,
  createResourceClient,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'

/** An HTTP server that a test answers for: what stands at the far end of a real socket. */
export interface EdgeServer {
  readonly url: string
  /** `GET /version`, in the order they came. */
  readonly requests: string[]
  readonly connection: ClusterConnection
  readonly client: ResourceClient
  close(): Promise<void>
}

/** What came in: the body is parsed when there is one. */
export interface EdgeRequest {
  method: string
  path: string
  url: URL
  headers: IncomingMessage['headers']
  body: unknown
}

/** Starts one on loopback; `answer` writes the response, or leaves it hanging. */
export async function startEdgeServer(
  answer: (request: EdgeRequest, response: ServerResponse) => void,
): Promise<EdgeServer> {
  const requests: string[] = []
  const server = createServer((incoming, response) => {
    let text = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => (text += chunk))
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://edge')
      const method = incoming.method ?? 'GET'
      requests.push(`${method} ${url.pathname}`)
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      answer({ method, path: url.pathname, url, headers: incoming.headers, body }, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  const connection = createConnection(
    { server: url, insecureSkipTlsVerify: false, allowLoopback: true, contextName: 'test', warnings: [] },
    { name: 'test' },
  )
  return {
    url,
    requests,
    connection,
    client: createResourceClient(connection, STORED),
    close: async () => {
      server.closeAllConnections()
      await Promise.all([new Promise((resolve) => server.close(resolve)), connection.close()])
    },
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Answers with a `Status`, as an API server does for errors. */
export function sendStatus(response: ServerResponse, code: number, message: string): void {
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, code)
}
