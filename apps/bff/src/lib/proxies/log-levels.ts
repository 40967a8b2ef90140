import { LOG_LEVELS, type LogLevel, type ProxyLogLevels } from '@meshdeck/contract'
import { ProblemError } from '../problem.ts'
import { askAdmin, unexpectedAnswer, type Proxy } from './proxy-admin.ts'

/** Which ztunnel has; it writes `warn` for what Envoy calls `warning`. */
const ZTUNNEL_LEVELS = LOG_LEVELS.filter((level) => level !== 'critical')
const ZTUNNEL_ANSWER = /^current log level is (.+)$/m

/** The level of each logger, of Envoy or of ztunnel. Both want a POST for reading too. */
export async function readLogLevels(proxy: Proxy): Promise<ProxyLogLevels> {
  return parseLevels(proxy, await askAdmin(proxy, 'POST', '/logging'))
}

/** Sets the level of one logger, or of all. Throws `ProblemError` (`invalid-input`) for what the proxy does not have. */
export async function setLogLevel(proxy: Proxy, level: LogLevel, logger?: string): Promise<ProxyLogLevels> {
  const { loggers, levels, perLogger } = await readLogLevels(proxy)
  if (!levels.includes(level)) throw invalid('level', `must be one of this proxy’s levels: ${levels.join(', ')}`)
  if (logger !== undefined && !perLogger) throw invalid('logger', 'must be left out: a ztunnel has one level for all')
  if (logger !== undefined && !loggers.some(({ name }) => name === logger))
    throw invalid('logger', `must be one of this proxy’s loggers: ${loggers.map(({ name }) => name).join(', ')}`)
  const word = !perLogger && level === 'warning' ? 'warn' : level
  return parseLevels(proxy, await askAdmin(proxy, 'POST', `/logging?${logger ?? 'level'}=${word}`))
}

const invalid = (field: string, message: string): ProblemError =>
  new ProblemError('invalid-input', `body: ${field} ${message}`, { fields: [{ field, message }] })

function parseLevels(proxy: Proxy, text: string): ProxyLogLevels {
  const directives = ZTUNNEL_ANSWER.exec(text)?.[1]
  if (directives !== undefined)
    return { loggers: directives.split(',').map(parseDirective), levels: [...ZTUNNEL_LEVELS], perLogger: false }
  const loggers = [...text.matchAll(/^\s+([\w.-]+): (\w+)$/gm)].map(([, name = '', level = '']) => ({ name, level }))
  if (loggers.length === 0) throw unexpectedAnswer(proxy, 'a proxy', 'it names no loggers')
  return { loggers, levels: [...LOG_LEVELS], perLogger: true }
}

/** `info`, or `hickory_server::server=off`. */
function parseDirective(directive: string): { name: string; level: string } {
  const [level = '', name = 'ztunnel'] = directive.trim().split('=').toReversed()
  return { name, level: level === 'warn' ? 'warning' : level }
}
