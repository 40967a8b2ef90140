import type { Question } from './question.ts'

/** A request as a proxy sees it. */
export interface Request {
  /** `https` only where TLS has been ended. */
  protocol: 'http' | 'tls' | 'tcp'
  scheme: 'http' | 'https'
  authority: string
  sni: string | undefined
  port: number
  path: string
  query: ReadonlyMap<string, string>
  method: string
  headers: Readonly<Record<string, string>>
  /** What a proxy has checked of the token; undefined without one. */
  claims: Readonly<Record<string, unknown>> | undefined
}

const DEFAULT_PORTS = { http: 80, https: 443 }

/** The host alone, in lower case. */
export const bareHost = (host: string): string => host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '')

/** What a caller sends. HTTP in TLS that nobody has ended yet is TLS to whoever sees it. */
export function requestOf(question: Question): Request {
  const { protocol, host, port, method, headers } = question
  const [path = '', query = ''] = question.path.split(/\?(.*)/s)
  const scheme = protocol === 'https' ? 'https' : 'http'
  const withPort = DEFAULT_PORTS[scheme] === port ? bareHost(host) : `${bareHost(host)}:${port}`
  return {
    protocol: protocol === 'https' ? 'tls' : protocol,
    scheme,
    authority: headers['host'] ?? withPort,
    sni: protocol === 'https' || protocol === 'tls' ? bareHost(host) : undefined,
    port,
    path: path === '' ? '/' : path,
    query: queryOf(query),
    method: method.toUpperCase(),
    headers,
    claims: undefined,
  }
}

function queryOf(query: string): Map<string, string> {
  const pairs = query.split('&').filter((each) => each !== '')
  return new Map(
    pairs.map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [name, value]
    }),
  )
}
