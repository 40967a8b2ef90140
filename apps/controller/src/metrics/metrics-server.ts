import { createServer } from 'node:http'
import type { Registry } from 'prom-client'

export interface MetricsServerOptions {
  registry: Registry
  /** Whether the hub was heard lately. */
  ready: () => boolean
  host: string
  /** 0 takes any free port. */
  port: number
}

/** Serves `/metrics`, `/healthz` and `/readyz`. Rejects when the port cannot be had. */
export async function startMetricsServer(
  options: MetricsServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body)
    }
    const path = request.url?.split('?')[0]
    if (path === '/healthz') return answer(200, 'text/plain', 'ok\n')
    if (path === '/readyz') {
      return options.ready()
        ? answer(200, 'text/plain', 'ok\n')
        : answer(503, 'text/plain', 'the hub does not answer\n')
    }
    if (path !== '/metrics') return answer(404, 'text/plain', 'there are /metrics, /healthz and /readyz\n')
    options.registry.metrics().then(
      (text) => answer(200, options.registry.contentType, text),
      () => answer(500, 'text/plain', 'the figures cannot be read\n'),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : options.port
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
