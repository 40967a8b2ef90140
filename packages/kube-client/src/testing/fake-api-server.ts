import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createHttps, type ServerOptions } from 'node:https'
import type { ClusterConnectionSpec } from '../kubeconfig.ts'

/** A server that speaks as much of a Kubernetes API as a test needs. */
export interface FakeApiServer {
  spec: ClusterConnectionSpec
  requests: IncomingMessage[]
  close(): Promise<void>
}

/** Starts one on loopback; with `tls` it speaks HTTPS. */
export async function startFakeApiServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  tls?: ServerOptions,
): Promise<FakeApiServer> {
  const requests: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(request)
    handle(request, response)
  }
  const server = tls ? createHttps(tls, listener) : createHttp(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    requests,
    spec: {
      server: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
      insecureSkipTlsVerify: false,
      allowLoopback: true,
      contextName: 'test',
      warnings: [],
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Answers with a `Status`, as an API server does for errors. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message }, code, headers)
}
