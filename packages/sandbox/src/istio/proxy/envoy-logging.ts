import type { RequestListener, ServerResponse } from 'node:http'

const LOGGERS = [
  'admin',
  'client',
  'config',
  'connection',
  'filter',
  'grpc',
  'health_checker',
  'http',
  'http2',
  'init',
  'jwt',
  'lua',
  'main',
  'misc',
  'oauth2',
  'pool',
  'rbac',
  'router',
  'runtime',
  'secret',
  'upstream',
  'wasm',
]
const LEVELS = new Set(['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'])
const USAGE = `usage: /logging?<name>=<level> (change single level)
usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
usage: /logging?level=<level> (change all levels)
levels: trace debug info warning error critical off
`

/** Levels by name of the logger, from `/logging`; they last as long as the process. */
export function envoyLogging(initial: string): RequestListener {
  const levels = new Map(LOGGERS.map((name) => [name, name === 'misc' ? 'error' : initial]))
  return ({ method, url = '/' }, response) => {
    if (method !== 'POST') return refuse(response, 405, 'Method GET not allowed, POST required.')
    const asked = [...new URL(url, 'http://envoy').searchParams].flatMap(([name, value]): [string, string][] => {
      if (name === 'level') return LOGGERS.map((each) => [each, value])
      if (name !== 'paths') return [[name, value]]
      return value.split(',').map((each) => {
        const [logger = '', level = ''] = each.split(':')
        return [logger, level]
      })
    })
    if (asked.some(([name, level]) => !levels.has(name) || !LEVELS.has(level))) return refuse(response, 400, USAGE)
    for (const [name, level] of asked) levels.set(name, level)
    const lines = [...levels].map(([name, level]) => `  ${name}: ${level}\n`)
    response.writeHead(200, { 'content-type': 'text/plain; charset=UTF-8' }).end(`active loggers:\n${lines.join('')}\n`)
  }
}

function refuse(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=UTF-8' }).end(text)
}
