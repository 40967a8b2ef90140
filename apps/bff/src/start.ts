import { parseKubeconfig } from '@meshdeck/kube-client'
import type { FastifyBaseLogger } from 'fastify'
import { pino, type DestinationStream, type LoggerOptions } from 'pino'
import { buildApp } from './app.ts'
import type { BffOptions } from './options.ts'

export type { SandboxOptions } from './lib/sandbox-options.ts'

/** A request that takes longer than this when we stop is cut off. */
const STOP_DEADLINE_MS = 10_000

export interface StartBffOptions extends Omit<BffOptions, 'hub' | 'kubeconfig' | 'logger' | 'modes' | 'basePath'> {
  kubeconfigText: string
  /** Where relative paths in the kubeconfig start. */
  kubeconfigDirectory?: string
  /** Context of the hub; the current one when absent. */
  hubContext?: string
  modes?: BffOptions['modes']
  basePath?: string
  port: number
  logger?: FastifyBaseLogger
}

export interface RunningBff {
  /** Where the console is. */
  url: string
  close(): Promise<void>
}

/** Starts the BFF on a kubeconfig. Throws `KubeconfigError`, `BffOptionsError`, or what listening throws (`EADDRINUSE`). */
export async function startBff(options: StartBffOptions): Promise<RunningBff> {
  const {
    kubeconfigText: text,
    kubeconfigDirectory: directory,
    hubContext,
    port,
    logger,
    modes,
    basePath,
    ...rest
  } = options
  const place = { directory: directory ?? process.cwd() }
  return listen(
    {
      ...rest,
      hub: parseKubeconfig(text, {
        source: 'file',
        ...place,
        ...(hubContext === undefined ? {} : { context: hubContext }),
      }),
      kubeconfig: { text, ...place },
      modes: modes ?? ['local', 'bearer'],
      basePath: basePath ?? '',
      logger: logger ?? createLogger(),
    },
    port,
  )
}

/** Builds and listens. */
export async function listen(options: BffOptions, port: number): Promise<RunningBff> {
  const app = await buildApp(options)
  const address = await app.listen({ host: options.host, port })
  return {
    url: `${address}${options.basePath}/`,
    close: async () => {
      const deadline = setTimeout(() => app.server.closeAllConnections(), STOP_DEADLINE_MS)
      deadline.unref()
      await app.close()
      clearTimeout(deadline)
    },
  }
}

/** The log: JSON lines, without what opens doors. */
export function createLogger(level = 'info', destination: DestinationStream = pino.destination(1)): FastifyBaseLogger {
  const secrets = ['authorization', 'cookie', 'set-cookie', 'token', 'kubeconfig', 'password', 'key']
  const options: LoggerOptions = {
    level,
    redact: secrets.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`, `*.headers["${name}"]`]),
    serializers: {
      // Query strings are left out: what people search for is theirs.
      req: (request: { method?: string; url?: string }) => ({
        method: request.method,
        path: request.url?.split('?')[0],
      }),
    },
  }
  return pino(options, destination)
}
