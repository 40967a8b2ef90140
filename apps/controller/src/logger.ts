import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

const SECRETS = ['authorization', 'token', 'kubeconfig', 'password', 'clientKey', 'data']

/** The log: JSON lines, without what opens doors; to standard output unless told otherwise. */
export function createLogger(level = 'info', destination?: DestinationStream): Logger {
  const options = {
    name: 'controller',
    level,
    redact: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  }
  return destination ? pino(options, destination) : pino(options)
}
