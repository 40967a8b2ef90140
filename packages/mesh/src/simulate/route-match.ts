import { fields, isEmpty, labelsIn, number, text, texts, type Fields } from '../analysis/read.ts'
import { selects, type Party } from './caller.ts'
import type { Request } from './request.ts'
import type { StepCode } from './step-codes.ts'
import { inBlocks, matchesString, printMatch, type Tri } from './string-match.ts'

/** Why a condition does not fit. */
export interface Miss {
  code: StepCode
  values: Readonly<Record<string, string>>
}

/** What a proxy that looks for a route knows. */
export interface Asked {
  request: Request
  party: Party
  /** `mesh`, or the gateways that took the request (`namespace/name`). */
  gateways: readonly string[]
}

const CLAIM_HEADER = /^@request\.auth\.claims(?:\.(.+)|((?:\[[^\]]+\])+))$/

/**
 * Why a match block of an HTTP route does not fit a request; nothing when it does. `prefix` of the Gateway API ends at
 * a slash. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest
 */
export function httpMiss(match: Fields, asked: Asked, key: (gateway: string) => string): Miss | undefined {
  const { request } = asked
  const bound = sourceMiss(match, asked, key)
  if (bound !== undefined) return bound
  const ignoreCase = match['ignoreUriCase'] === true
  const prefix = text(fields(match['uri'])['pathPrefix'])
  const path: Tri =
    match['uri'] === undefined
      ? true
      : prefix === ''
        ? matchesString(match['uri'], request.path, ignoreCase)
        : isBelow(request.path, prefix)
  if (path !== true) return miss('uri', path, { wanted: printMatch(match['uri']), got: request.path })
  for (const [field, value] of [
    ['scheme', request.scheme],
    ['method', request.method],
    ['authority', request.authority],
  ] as const) {
    const fits = match[field] === undefined || matchesString(match[field], value)
    if (fits !== true) return miss(field, fits, { wanted: printMatch(match[field]), got: value })
  }
  for (const [name, wanted] of Object.entries(fields(match['headers']))) {
    const isClaim = CLAIM_HEADER.test(name)
    const got = isClaim ? undefined : headerOf(request, name)
    const fits = isClaim ? claimFits(request, name, wanted) : matchesString(wanted, got)
    if (fits !== true)
      return miss(isClaim ? 'claim' : 'header', fits, { name, wanted: printMatch(wanted), got: got ?? '' })
  }
  for (const [name, wanted] of Object.entries(fields(match['withoutHeaders']))) {
    const isClaim = CLAIM_HEADER.test(name)
    const fits = isClaim ? claimFits(request, name, wanted) : matchesString(wanted, headerOf(request, name))
    if (fits !== false)
      return miss('without-header', fits === true ? false : fits, { name, wanted: printMatch(wanted) })
  }
  for (const [name, wanted] of Object.entries(fields(match['queryParams']))) {
    const got = request.query.get(name)
    const fits = matchesString(wanted, got)
    if (fits !== true) return miss('query', fits, { name, wanted: printMatch(wanted), got: got ?? '' })
  }
  return undefined
}

/** Why a match block of a TLS or TCP route does not fit. */
export function streamMiss(match: Fields, asked: Asked, key: (gateway: string) => string): Miss | undefined {
  const bound = sourceMiss(match, asked, key)
  if (bound !== undefined) return bound
  const { sni = '' } = asked.request
  const names = texts(match['sniHosts'])
  if (names.length > 0 && !names.some((each) => each === sni || (each.startsWith('*') && sni.endsWith(each.slice(1)))))
    return { code: 'miss.sni', values: { wanted: names.join(', '), got: sni } }
  const subnets = texts(match['destinationSubnets'])
  // Where a name leads to is not known here.
  if (subnets.length > 0 && inBlocks(undefined, subnets) !== true)
    return { code: 'miss.subnet', values: { wanted: subnets.join(', ') } }
  return undefined
}

/** Conditions on the proxy rather than on what is sent. Gateways named in a block take the place of labels. */
export function sourceMiss(
  match: Fields,
  { request, party, gateways }: Asked,
  key: (gateway: string) => string,
): Miss | undefined {
  const port = number(match['port'])
  if (port !== undefined && port !== request.port)
    return { code: 'miss.port', values: { wanted: String(port), got: String(request.port) } }
  const named = texts(match['gateways'])
  if (named.length > 0) {
    const fits = named.some((each) => gateways.includes(key(each)))
    return fits ? undefined : { code: 'miss.gateway', values: { wanted: named.join(', '), got: gateways.join(', ') } }
  }
  const labels = labelsIn(match['sourceLabels'])
  if (!isEmpty(labels) && !selects(labels, party.labels))
    return {
      code: 'miss.source-labels',
      values: {
        wanted: Object.entries(labels)
          .map((each) => each.join('='))
          .join(', '),
      },
    }
  const namespace = text(match['sourceNamespace'])
  if (namespace !== '' && namespace !== party.namespace)
    return { code: 'miss.source-namespace', values: { wanted: namespace, got: party.namespace } }
  return undefined
}

type Field = 'uri' | 'scheme' | 'method' | 'authority' | 'header' | 'claim' | 'without-header' | 'query'

/** A regex that cannot be read counts as one that does not fit, and says so. */
const miss = (field: Field, fits: Tri, values: Record<string, string>): Miss =>
  fits === undefined ? { code: 'miss.regex', values } : { code: `miss.${field}`, values }

/** Source: https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch (PathPrefix) */
export const isBelow = (path: string, prefix: string): boolean => {
  const base = prefix.replace(/\/$/, '')
  return path === base || path.startsWith(`${base}/`)
}

const headerOf = ({ headers, authority }: Request, name: string): string | undefined => {
  const lower = name.toLowerCase()
  return lower === ':authority' || lower === 'host' ? authority : headers[lower]
}

/** Source: https://istio.io/latest/docs/tasks/security/authentication/jwt-route/ */
function claimFits({ claims }: Request, name: string, wanted: unknown): Tri {
  const [, dotted, bracketed] = CLAIM_HEADER.exec(name) ?? []
  const path = dotted?.split('.') ?? [...(bracketed ?? '').matchAll(/\[([^\]]+)\]/g)].map(([, part = '']) => part)
  const found = claimAt(claims, path)
  return found.some((value) => matchesString(wanted, value) === true)
}

/** Values of a claim; a list has each of its texts, and a text with blanks each word of it as well. */
export function claimAt(claims: Readonly<Record<string, unknown>> | undefined, path: readonly string[]): string[] {
  const value = path.reduce<unknown>((inner, part) => fields(inner)[part], claims)
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'string') return [value, ...(value.includes(' ') ? value.split(' ') : [])]
  return value === undefined || value === null || typeof value === 'object' ? [] : [String(value)]
}
