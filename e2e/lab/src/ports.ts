import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

/** A port that the lab needs is taken by somebody else. */
export class PortError extends Error {
  override name = 'PortError'
}

// Below the range from which the kernel takes ports for outgoing connections: a port must still be
// free when a cluster that was stopped is started again.
const FIRST_PORT = 20_000
const BLOCK_SIZE = 100
const BLOCKS = 120

/**
 * Gives out free ports. A directory gets the same block of ports each time, so that bookmarks and
 * firewalls survive `down` and `up`, and two labs on one machine rarely meet.
 */
export function createPortPicker(dir: string): () => Promise<number> {
  const hash = createHash('sha256').update(dir).digest()
  let next = FIRST_PORT + (hash.readUInt16BE(0) % BLOCKS) * BLOCK_SIZE
  return async () => {
    for (let tries = 0; tries < 1_000; tries++) {
      const port = next++
      if (await isFree(port)) return port
    }
    throw new PortError('no free port found')
  }
}

/** Throws when one of these ports is taken, naming it and what it is for. */
export async function requireFree(ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [use, port] of Object.entries(ports)) {
    if (!(await isFree(port))) {
      throw new PortError(
        `port ${port} (${use}) is taken by another process; end it, or run \`pnpm lab down\` and \`up\``,
      )
    }
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}
