import { createServer, request } from 'node:http'
import { pipeline } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './processes.ts'

export interface SlowProxy {
  url: string
  close: () => Promise<void>
}

/** Stands before a server and holds each request back for a while, as a network would; answers pass as they come. */
export async function createSlowProxy(target: string, delayMs: number): Promise<SlowProxy> {
  const port = await freePort()
  const server = createServer((incoming, outgoing) => {
    void sleep(delayMs).then(() => {
      const { method, headers, url = '/' } = incoming
      const onward = request(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        pipeline(answer, outgoing, () => undefined)
      })
      onward.on('error', () => outgoing.writeHead(502).end())
      pipeline(incoming, onward, () => undefined)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
