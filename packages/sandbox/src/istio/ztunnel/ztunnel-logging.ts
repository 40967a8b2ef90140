import type { RequestListener } from 'node:http'

const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'off'])
const QUIET = 'hickory_server::server::server_future=off'

/** The level of everything but its DNS server, from `/logging`; it lasts as long as the process. */
export function ztunnelLogging(): RequestListener {
  let level = 'info'
  return ({ method, url = '/' }, response) => {
    const answer = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`${text}\n`)
    }
    if (method !== 'POST') return answer(405, 'Invalid HTTP method')
    const asked = new URL(url, 'http://ztunnel').searchParams.get('level')
    if (asked !== null && !LEVELS.has(asked)) return answer(400, `Invalid level provided: ${asked}`)
    level = asked ?? level
    return answer(200, `current log level is ${QUIET},${level}`)
  }
}
