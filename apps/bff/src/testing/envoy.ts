import { isRecord } from '@meshdeck/kube'

/**
 * A reader of what istiod generates for a proxy, written from Envoy's documentation alone: it knows nothing of Istio's
 * objects, so that two ways of thinking are compared. What it does not know it throws at.
 */
export type Json = Readonly<Record<string, unknown>>

export interface EnvoyRequest {
  authority: string
  path: string
  method: string
  headers: Readonly<Record<string, string>>
  principal: string | undefined
  port: number
  ip: string
}

/** What a proxy does with a request: where it goes with which share, or what it answers. */
export interface EnvoyRoute {
  clusters: Readonly<Record<string, number>>
  status?: number
}

const json = (value: unknown): Json => (isRecord(value) ? value : {})
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(json) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A part of a configuration dump by the end of its type's name. */
function part(dump: unknown, type: string): Json {
  return list(json(dump)['configs']).find((each) => text(each['@type']).endsWith(`.${type}`)) ?? {}
}

const listenersOf = (dump: unknown): Json[] =>
  list(part(dump, 'ListenersConfigDump')['dynamicListeners']).map((each) => json(json(each['activeState'])['listener']))

/** Where the route table of a name sends a request; undefined when there is no such table. */
export function envoyRoute(dump: unknown, table: string, request: EnvoyRequest): EnvoyRoute | undefined {
  const tables = list(part(dump, 'RoutesConfigDump')['dynamicRouteConfigs']).map((each) => json(each['routeConfig']))
  const found = tables.find((each) => each['name'] === table)
  if (found === undefined) return undefined
  const host = virtualHost(list(found['virtualHosts']), request.authority, found['ignorePortInHostMatching'] === true)
  const route = list(host?.['routes']).find((each) => routeFits(json(each['match']), request))
  if (route === undefined) return { clusters: {}, status: 404 }
  if (route['directResponse'] !== undefined)
    return { clusters: {}, status: Number(json(route['directResponse'])['status']) }
  if (route['redirect'] !== undefined)
    return { clusters: {}, status: REDIRECTS[text(json(route['redirect'])['responseCode'])] ?? 301 }
  const action = json(route['route'])
  if (typeof action['cluster'] === 'string') return { clusters: { [action['cluster']]: 100 } }
  const weighted = list(json(action['weightedClusters'])['clusters'])
  const total = weighted.reduce((sum, each) => sum + Number(each['weight']), 0)
  return {
    clusters: Object.fromEntries(weighted.map((each) => [text(each['name']), (Number(each['weight']) / total) * 100])),
  }
}

const REDIRECTS: Readonly<Record<string, number>> = {
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
}

/** The exact domain, else the longest suffix, else `*`. */
function virtualHost(hosts: readonly Json[], authority: string, ignorePort: boolean): Json | undefined {
  const name = ignorePort ? authority.replace(/:\d+$/, '') : authority
  const domains = hosts.flatMap((host) =>
    (Array.isArray(host['domains']) ? host['domains'].map(String) : []).map((domain) => ({
      host,
      domain: domain.toLowerCase(),
    })),
  )
  const wild = domains
    .filter(({ domain }) => domain.startsWith('*') && name.endsWith(domain.slice(1)))
    .toSorted((a, b) => b.domain.length - a.domain.length)
  return (domains.find(({ domain }) => domain === name) ?? wild[0])?.host
}

function routeFits(match: Json, request: EnvoyRequest): boolean {
  const [path = '', query = ''] = request.path.split('?')
  const fold = (value: string): string => (match['caseSensitive'] === false ? value.toLowerCase() : value)
  const separated = text(match['pathSeparatedPrefix'])
  const isPath =
    match['path'] !== undefined
      ? fold(path) === fold(text(match['path']))
      : match['safeRegex'] !== undefined
        ? whole(text(json(match['safeRegex'])['regex']), path)
        : separated !== ''
          ? path === separated || path.startsWith(`${separated}/`)
          : fold(path).startsWith(fold(text(match['prefix'])))
  const parameters = new URLSearchParams(query)
  return (
    isPath &&
    list(match['headers']).every((each) => headerFits(each, request)) &&
    list(match['queryParameters']).every((each) => {
      const value = parameters.get(text(each['name']))
      return value !== null && (each['presentMatch'] === true || stringFits(json(each['stringMatch']), value))
    })
  )
}

const whole = (regex: string, value: string): boolean => new RegExp(`^(?:${regex})$`).test(value)

function headerFits(matcher: Json, request: EnvoyRequest): boolean {
  const name = text(matcher['name']).toLowerCase()
  const special: Readonly<Record<string, string>> = {
    ':method': request.method,
    ':authority': request.authority,
    ':path': request.path,
    ':scheme': 'http',
  }
  const value = special[name] ?? request.headers[name]
  const isInverted = matcher['invertMatch'] === true
  if (matcher['presentMatch'] !== undefined) return (value !== undefined) !== isInverted
  if (value === undefined && matcher['treatMissingHeaderAsEmpty'] !== true) return false
  return stringFits(json(matcher['stringMatch']), value ?? '') !== isInverted
}

function stringFits(matcher: Json, value: string): boolean {
  const fold = (each: unknown): string => (matcher['ignoreCase'] === true ? text(each).toLowerCase() : text(each))
  if (matcher['exact'] !== undefined) return fold(value) === fold(matcher['exact'])
  if (matcher['prefix'] !== undefined) return fold(value).startsWith(fold(matcher['prefix']))
  if (matcher['suffix'] !== undefined) return fold(value).endsWith(fold(matcher['suffix']))
  if (matcher['safeRegex'] !== undefined) return whole(text(json(matcher['safeRegex'])['regex']), value)
  throw new Error(`unknown string matcher ${JSON.stringify(matcher)}`)
}

/** How a cluster connects: `auto` where it depends on the endpoint. */
export function envoyTls(dump: unknown, name: string): 'auto' | 'tls' | 'plain' | undefined {
  const clusters = list(part(dump, 'ClustersConfigDump')['dynamicActiveClusters']).map((each) => json(each['cluster']))
  const found = clusters.find((each) => each['name'] === name)
  if (found === undefined) return undefined
  if (list(found['transportSocketMatches']).length > 0) return 'auto'
  return found['transportSocket'] === undefined ? 'plain' : 'tls'
}

/** Whether the filters of a server let a request in. `transport`: how the connection came. */
export function envoyAllows(
  dump: unknown,
  transport: 'mutual' | 'plain',
  kind: 'http' | 'tcp',
  request: EnvoyRequest,
): boolean | undefined {
  const inbound = listenersOf(dump).find((each) => each['name'] === 'virtualInbound')
  const chain = list(inbound?.['filterChains']).find((each) => {
    const match = json(each['filterChainMatch'])
    const isPort = match['destinationPort'] === request.port
    // Of TLS chains, those that ask for a certificate are the mesh's; the others pass bytes on.
    const isMutual = json(json(each['transportSocket'])['typedConfig'])['requireClientCertificate'] === true
    return isPort && (transport === 'mutual' ? isMutual : match['transportProtocol'] !== 'tls')
  })
  // Where nothing takes plain text, it is refused before any policy.
  if (chain === undefined) return undefined
  const filters = list(chain['filters'])
  const manager = filters.find((each) => text(each['name']).endsWith('http_connection_manager'))
  const all = kind === 'http' && manager ? list(json(manager['typedConfig'])['httpFilters']) : filters
  const rbac = all.filter((each) => /filters\.(http|network)\.rbac/.test(text(each['name'])))
  return rbac.every((each) => {
    const rules = json(json(each['typedConfig'])['rules'])
    if (json(each['typedConfig'])['rules'] === undefined) return true
    const fits = Object.values(json(rules['policies'])).some(
      (policy) =>
        list(json(policy)['permissions']).some((one) => ruleFits(one, request)) &&
        list(json(policy)['principals']).some((one) => ruleFits(one, request)),
    )
    return text(rules['action']) === 'DENY' ? !fits : fits
  })
}

/** A permission or a principal: they share their shape. Source: envoy.config.rbac.v3 */
function ruleFits(rule: Json, request: EnvoyRequest): boolean {
  const [name = '', value] = Object.entries(rule)[0] ?? []
  const inner = json(value)
  switch (name) {
    case 'any':
      return true
    case 'andRules':
    case 'orRules': {
      const rules = list(inner['rules'])
      return name === 'andRules'
        ? rules.every((each) => ruleFits(each, request))
        : rules.some((each) => ruleFits(each, request))
    }
    case 'andIds':
    case 'orIds': {
      const ids = list(inner['ids'])
      return name === 'andIds'
        ? ids.every((each) => ruleFits(each, request))
        : ids.some((each) => ruleFits(each, request))
    }
    case 'notRule':
    case 'notId':
      return !ruleFits(inner, request)
    case 'header':
      return headerFits(inner, request)
    case 'urlPath':
      return stringFits(json(inner['path']), request.path.split('?')[0] ?? '')
    case 'destinationPort':
      return value === request.port
    case 'authenticated':
      return (
        request.principal !== undefined && stringFits(json(inner['principalName']), `spiffe://${request.principal}`)
      )
    case 'directRemoteIp':
    case 'remoteIp':
      return inBlock(request.ip, text(inner['addressPrefix']), Number(inner['prefixLen']))
    default:
      throw new Error(`unknown rule ${name}`)
  }
}

function inBlock(ip: string, base: string, length: number): boolean {
  const bits = (address: string): string =>
    address
      .split('.')
      .map((each) => Number(each).toString(2).padStart(8, '0'))
      .join('')
  return bits(ip).slice(0, length) === bits(base).slice(0, length)
}
