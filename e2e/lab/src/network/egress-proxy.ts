import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** Where on this machine an address inside of a cluster is; nothing when there is nobody. */
export type Resolve = (host: string, port: number) => Promise<number | undefined>

/**
 * An HTTP CONNECT proxy on a socket (RFC 9110, 9.3.6): the API server comes to it with addresses of Services, and is
 * connected with the process that stands for the pods behind them.
 */
export async function startEgressProxy(socketPath: string, resolve: Resolve): Promise<void> {
  await rm(socketPath, { force: true })
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (incoming, client: Duplex) => {
    client.on('error', () => client.destroy())
    const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(incoming.url ?? '') ?? []
    resolve(host, Number(port)).then(
      (local) => {
        if (local === undefined) client.end(`HTTP/1.1 503 nobody is at ${host}:${port}\r\n\r\n`)
        else join(client, local)
      },
      (error: unknown) => {
        console.error(error)
        client.end('HTTP/1.1 500 failed\r\n\r\n')
      },
    )
  })
  const { promise, resolve: done, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(socketPath, done)
  return promise
}

function join(client: Duplex, port: number): void {
  const upstream = connect({ port, host: '127.0.0.1' })
  let isOpen = false
  upstream.once('connect', () => {
    isOpen = true
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    client.pipe(upstream).pipe(client)
  })
  upstream.on('error', () => {
    if (isOpen) client.destroy()
    else client.end('HTTP/1.1 502 refused\r\n\r\n')
  })
  client.on('close', () => upstream.destroy())
}
