import type { KubeResource } from '@meshdeck/kube'
import { serviceHost } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, number, text, type Fields } from '../analysis/read.ts'
import { gatewayKey, MESH_GATEWAY } from '../analysis/rules/virtual-services.ts'
import type { World } from '../analysis/world.ts'
import { ownNamespace } from './caller.ts'
import { nameOf } from './explanation.ts'

export type RouteKind = 'VirtualService' | 'HTTPRoute'

/** One route with one of its conditions, in the order in which a proxy tries them. */
export interface RouteEntry {
  kind: RouteKind
  object: KubeResource
  /** Of the route, and of the condition; the same when it has none. */
  path: string
  matchPath: string
  name: string
  /** All of these must fit: a delegate adds its own to those of whoever delegates. */
  matches: readonly Fields[]
  /** In VirtualService's terms. */
  route: Fields
  /** Reads the name of a gateway as the object means it. */
  key: (gateway: string) => string
  /** The object that hands on to this one. */
  delegatedBy?: { object: KubeResource; path: string }
  /** A delegate that does not exist. */
  missingDelegate?: string
}

type Stream = 'http' | 'tls' | 'tcp'

const keyFor =
  (namespace: string) =>
  (gateway: string): string =>
    gateway === MESH_GATEWAY ? gateway : gatewayKey(gateway, namespace)

/**
 * Routes of a virtual service in order, each with each of its conditions; those of delegates in the place where they are
 * called. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
 */
export function routesOf(world: World, object: KubeResource, stream: Stream): RouteEntry[] {
  const key = keyFor(ownNamespace(object))
  return entries(fields(object.spec)[stream]).flatMap(({ at, value: route }) => {
    const path = `spec.${stream}[${at}]`
    const own = conditionsOf(object, path, route, key)
    if (route['delegate'] === undefined) return own
    const delegate = fields(route['delegate'])
    const name = `${text(delegate['namespace']) || ownNamespace(object)}/${text(delegate['name'])}`
    const found = world.all('VirtualService').find((each) => nameOf(each) === name)
    if (found === undefined) return own.map((each) => ({ ...each, missingDelegate: name }))
    return own.flatMap((outer) =>
      routesOf(world, found, stream).map((inner) => ({
        ...inner,
        matches: [...outer.matches, ...inner.matches],
        key,
        delegatedBy: { object, path: outer.matchPath },
      })),
    )
  })
}

function conditionsOf(object: KubeResource, path: string, route: Fields, key: RouteEntry['key']): RouteEntry[] {
  const name = text(route['name'])
  const base = { kind: 'VirtualService' as const, object, path, name, route, key }
  const matches = entries(route['match'])
  if (matches.length === 0) return [{ ...base, matchPath: path, matches: [] }]
  return matches.map(({ at, value }) => ({ ...base, matchPath: `${path}.match[${at}]`, matches: [value] }))
}

/**
 * Routes of HTTPRoutes in the order in which they are tried: exact paths, then longer prefixes, then those with a method,
 * more headers, more query parameters; then age. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function routesOfHttpRoutes(objects: readonly KubeResource[]): RouteEntry[] {
  return objects
    .flatMap((object) => entries(fields(object.spec)['rules']).flatMap(({ at, value }) => ofRule(object, at, value)))
    .map((entry, order) => ({ entry, order, rank: rankOf(entry) }))
    .toSorted((a, b) => {
      const at = a.rank.findIndex((each, index) => each !== b.rank[index])
      return at < 0 ? a.order - b.order : (b.rank[at] ?? 0) - (a.rank[at] ?? 0)
    })
    .map(({ entry }) => entry)
}

function rankOf({ matches }: RouteEntry): number[] {
  const match = matches[0] ?? {}
  const uri = fields(match['uri'])
  const size = (value: unknown): number => Object.keys(fields(value)).length
  return [
    uri['exact'] === undefined ? 0 : 1,
    (text(uri['exact']) || text(uri['pathPrefix']) || text(uri['prefix']) || text(uri['regex'])).length,
    match['method'] === undefined ? 0 : 1,
    size(match['headers']),
    size(match['queryParams']),
  ]
}

function ofRule(object: KubeResource, at: number, rule: Fields): RouteEntry[] {
  const path = `spec.rules[${at}]`
  const namespace = ownNamespace(object)
  const route = toRoute(rule, namespace)
  const base = { kind: 'HTTPRoute' as const, object, path, name: text(rule['name']), route, key: keyFor(namespace) }
  const matches = entries(rule['matches'])
  if (matches.length === 0) return [{ ...base, matchPath: path, matches: [] }]
  return matches.map(({ at: index, value }) => ({
    ...base,
    matchPath: `${path}.matches[${index}]`,
    matches: [toMatch(value)],
  }))
}

function toMatch(match: Fields): Fields {
  const { type, value } = fields(match['path'])
  const kind = { Exact: 'exact', RegularExpression: 'regex' }[text(type)]
  const named = (list: unknown): Record<string, unknown> =>
    Object.fromEntries(
      entries(list).map(({ value: each }) => [
        text(each['name']).toLowerCase(),
        { [each['type'] === 'RegularExpression' ? 'regex' : 'exact']: text(each['value']) },
      ]),
    )
  const prefix = text(value) === '/' ? undefined : { pathPrefix: text(value) }
  const uri = kind === undefined ? prefix : { [kind]: text(value) }
  const headers = named(match['headers'])
  const queryParams = named(match['queryParams'])
  return {
    ...(match['path'] === undefined || uri === undefined ? {} : { uri }),
    ...(match['method'] === undefined ? {} : { method: { exact: match['method'] } }),
    ...(isEmpty(headers) ? {} : { headers }),
    ...(isEmpty(queryParams) ? {} : { queryParams }),
  }
}

/** Filters, backends and timeouts of a rule as a virtual service says them. */
function toRoute(rule: Fields, namespace: string): Fields {
  const filters = entries(rule['filters']).map(({ value }) => value)
  const filter = (type: string, field: string): Fields | undefined => {
    const found = filters.find((each) => each['type'] === type)
    return found === undefined ? undefined : fields(found[field])
  }
  const redirect = filter('RequestRedirect', 'requestRedirect')
  const rewrite = filter('URLRewrite', 'urlRewrite')
  const mirror = filter('RequestMirror', 'requestMirror')
  const timeout = text(fields(rule['timeouts'])['request'])
  const route = entries(rule['backendRefs']).map(({ value }) => ({
    destination: destinationOf(value, namespace),
    weight: number(value['weight']) ?? 1,
  }))
  return {
    ...(redirect === undefined
      ? {}
      : {
          redirect: {
            authority: text(redirect['hostname']),
            uri: pathOf(redirect['path']),
            scheme: text(redirect['scheme']),
            redirectCode: number(redirect['statusCode']) ?? 302,
          },
        }),
    ...(rewrite === undefined
      ? {}
      : { rewrite: { uri: pathOf(rewrite['path']), authority: text(rewrite['hostname']) } }),
    ...(mirror === undefined ? {} : { mirror: destinationOf(fields(mirror['backendRef']), namespace) }),
    ...(timeout === '' ? {} : { timeout }),
    route,
  }
}

const pathOf = (path: unknown): string =>
  text(fields(path)['replaceFullPath']) || text(fields(path)['replacePrefixMatch'])

function destinationOf(ref: Fields, namespace: string): Fields {
  const host = serviceHost(text(ref['name']), text(ref['namespace']) || namespace)
  const port = number(ref['port'])
  return {
    // `Hostname` is Istio's own kind of backend: the host as it stands.
    host: text(ref['kind']) === 'Hostname' ? text(ref['name']) : host,
    ...(port === undefined ? {} : { port: { number: port } }),
  }
}
