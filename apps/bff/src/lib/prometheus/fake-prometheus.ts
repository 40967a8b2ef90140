import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'

/** What a client asked. */
export interface Asked {
  method: string
  path: string
  headers: IncomingHttpHeaders
  form: Record<string, string>
}

export interface FakePrometheus extends AsyncDisposable {
  url: string
  asked: Asked[]
}

/** A real HTTP server on loopback that answers as the test says, by TLS where it has a certificate; for tests. */
export async function startFakePrometheus(
  answer: (asked: Asked, response: ServerResponse) => void | Promise<void>,
  tls?: ServerOptions,
): Promise<FakePrometheus> {
  const asked: Asked[] = []
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, form }
      asked.push(one)
      void answer(one, response)
    })
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

export const vectorOf = (...samples: { metric?: Record<string, string>; value: string }[]): object => ({
  status: 'success',
  data: { resultType: 'vector', result: samples.map(({ metric = {}, value }) => ({ metric, value: [1_000, value] })) },
})

export const matrixOf = (...values: [number, string][]): object => ({
  status: 'success',
  data: { resultType: 'matrix', result: values.length === 0 ? [] : [{ metric: {}, values }] },
})
