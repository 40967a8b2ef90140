import type { KubeResource } from '@meshdeck/kube'
import { fields, items, text, texts, type Fields } from '../analysis/read.ts'
import { fullName, noteOf, placeOf, ruleInForce, specOf } from './governing.ts'
import type { Stream } from './streams.ts'
import {
  freeName,
  made,
  type WizardChange,
  type WizardNote,
  type WizardProblem,
  type WizardService,
  type WizardWorld,
} from './wizard.ts'

/** What becomes of a VirtualService, and of those that it hands its routes on to. */
export interface RouteEdit {
  changes: readonly WizardChange[]
  notes: readonly WizardNote[]
  problems: readonly WizardProblem[]
}

/** Edits a list of routes; `host` is the service as the object names it. */
type Edit = (routes: readonly Fields[], host: string) => readonly Fields[]

export const destinationsInForce = (world: WizardWorld, service: WizardService): KubeResource | undefined =>
  ruleInForce(world, 'DestinationRule', service, (spec) => [text(spec['host'])])

/** A service as a rule in a namespace names it. */
const hostIn = (service: WizardService, namespace: string | undefined): string =>
  namespace === service.namespace ? service.name : fullName(service)

/** Whether a route takes all that no other takes. */
const isLast = (route: Fields): boolean => items(route['match']).length === 0
/** Whether a route sends requests somewhere, whatever they are. */
const isCatchAll = (route: Fields): boolean => isLast(route) && Array.isArray(route['route'])

/** The VirtualService that a route hands on to. */
function delegateOf(world: WizardWorld, root: KubeResource, route: Fields): KubeResource | string | undefined {
  if (route['delegate'] === undefined) return undefined
  const delegate = fields(route['delegate'])
  const name = `${text(delegate['namespace']) || (root.metadata.namespace ?? '')}/${text(delegate['name'])}`
  return world.all('VirtualService').find((each) => placeOf(each) === name) ?? name
}

const change = (before: KubeResource, stream: Stream, service: WizardService, edit: Edit): WizardChange => {
  const spec = specOf(before)
  const routes = edit(items(spec[stream]).map(fields), hostIn(service, before.metadata.namespace))
  return { kind: 'VirtualService', before, after: { ...before, spec: { ...spec, [stream]: routes } } }
}

/**
 * Edits the HTTP routes of a service where the one for all that no other takes lives: in the VirtualService in force, or in
 * the one that it hands on to. Without any, one is made: beside an existing one a second would not count.
 */
export function editRoutes(
  world: WizardWorld,
  service: WizardService,
  root: KubeResource | undefined,
  edit: Edit,
): RouteEdit {
  if (root === undefined)
    return { changes: [madeRoutes(world, service, { http: edit([], service.name) })], notes: [], problems: [] }
  const last = items(specOf(root)['http']).map(fields).find(isLast)
  const delegate = last && delegateOf(world, root, last)
  if (typeof delegate === 'string')
    return { changes: [], notes: [], problems: [{ field: 'service', code: 'noDelegate' }] }
  const home = delegate ?? root
  return { changes: [change(home, 'http', service, edit)], notes: notesOf(world, root, delegate), problems: [] }
}

/** Edits the HTTP routes of a service in all objects that have some; `isHome`: where the one for all others lives. */
export function editAllRoutes(
  world: WizardWorld,
  service: WizardService,
  root: KubeResource | undefined,
  edit: (routes: readonly Fields[], host: string, isHome: boolean) => readonly Fields[],
): RouteEdit {
  const inHome = editRoutes(world, service, root, (routes, host) => edit(routes, host, true))
  const home = inHome.changes[0]?.before
  if (root === undefined || home === undefined) return inHome
  const delegates = items(specOf(root)['http']).map((route) => delegateOf(world, root, fields(route)))
  const others = [...new Set([root, ...delegates])]
    .filter((each) => typeof each === 'object')
    .filter((each) => each !== home)
  return {
    changes: [
      ...inHome.changes,
      ...others.map((each) => change(each, 'http', service, (routes, host) => edit(routes, host, false))),
    ],
    notes: [...inHome.notes, ...others.filter((each) => each !== root).flatMap((each) => notesOf(world, root, each))],
    problems: [],
  }
}

/** The VirtualService in which the route for all that no other takes lives. */
export function homeOf(world: WizardWorld, root: KubeResource | undefined): KubeResource | undefined {
  const last = root && items(specOf(root)['http']).map(fields).find(isLast)
  const delegate = last && delegateOf(world, root, last)
  return typeof delegate === 'object' ? delegate : root
}

function notesOf(world: WizardWorld, root: KubeResource, delegate: KubeResource | undefined): WizardNote[] {
  if (delegate === undefined) return []
  const others = world.all('VirtualService').filter(
    (each) =>
      each !== root &&
      items(specOf(each)['http'])
        .map(fields)
        .some((route) => delegateOf(world, each, route) === delegate),
  )
  return [
    ...noteOf('delegate', 'VirtualService', delegate, { root: placeOf(root) }),
    ...(others.length === 0
      ? []
      : noteOf('sharedDelegate', 'VirtualService', delegate, { others: others.map(placeOf).join(', ') })),
  ]
}

/**
 * Sends the TLS or TCP connections of a service to destinations by their shares: in all routes that send to this service
 * alone. Routes of TLS are told apart by the name that the client asks for, so one is made only where there is no rule yet.
 */
export function editConnections(
  world: WizardWorld,
  service: WizardService,
  root: KubeResource | undefined,
  stream: Exclude<Stream, 'http'>,
  sendTo: (host: string) => readonly Fields[],
): RouteEdit {
  const port = service.ports.find((each) => each.protocol !== undefined)?.port ?? service.ports[0]?.port
  const match = {
    ...(port === undefined ? {} : { port }),
    ...(stream === 'tls' ? { sniHosts: [fullName(service)] } : {}),
  }
  const fresh = (host: string): Fields =>
    stream === 'tls' ? { match: [match], route: sendTo(host) } : { route: sendTo(host) }
  if (root === undefined) {
    const hosts = stream === 'tls' ? [fullName(service)] : [service.name]
    const routes = { [stream]: [fresh(service.name)] }
    return { changes: [madeRoutes(world, service, routes, hosts)], notes: [], problems: [] }
  }
  const isOwn = (route: Fields, host: string): boolean =>
    items(route['route']).length > 0 &&
    items(route['route'])
      .map((each) => text(fields(fields(each)['destination'])['host']))
      .every((each) => each === host || each === fullName(service) || each === service.name)
  const present = items(specOf(root)[stream]).map(fields)
  const host = hostIn(service, root.metadata.namespace)
  const isThere = present.some((route) => isOwn(route, host))
  const isNamed = texts(specOf(root)['hosts']).includes(fullName(service))
  if (!isThere && stream === 'tls' && !isNamed)
    return { changes: [], notes: [], problems: [{ field: 'service', code: 'noTlsRoute' }] }
  const edited = change(root, stream, service, (routes) =>
    isThere
      ? routes.map((route) => (isOwn(route, host) ? { ...route, route: sendTo(host) } : route))
      : [...routes, fresh(host)],
  )
  return { changes: [edited], notes: [], problems: [] }
}

function madeRoutes(
  world: WizardWorld,
  service: WizardService,
  routes: object,
  hosts: readonly string[] = [service.name],
): WizardChange {
  const name = freeName(world, 'VirtualService', service.namespace, service.name)
  const after = made('VirtualService', service.namespace, name, { hosts, ...routes })
  return { kind: 'VirtualService', before: undefined, after }
}

/** Edits the DestinationRule of a service; subsets and settings that it has already stay. */
export function editDestinations(
  world: WizardWorld,
  service: WizardService,
  edit: (spec: Fields) => Fields,
): WizardChange {
  const before = destinationsInForce(world, service)
  const after =
    before === undefined
      ? made(
          'DestinationRule',
          service.namespace,
          freeName(world, 'DestinationRule', service.namespace, service.name),
          edit({ host: service.name }),
        )
      : { ...before, spec: edit(specOf(before)) }
  return { kind: 'DestinationRule', before, after }
}

/** Edits the route for all that no other route takes; made when there is none. */
export function editCatchAll(
  routes: readonly Fields[],
  host: string,
  edit: (route: Fields) => Fields,
): readonly Fields[] {
  const at = routes.findIndex(isCatchAll)
  if (at >= 0) return routes.map((route, index) => (index === at ? edit(route) : route))
  return [...routes, edit({ route: [{ destination: { host } }] })]
}

/** Routes to the versions by their shares, as the object that names the service `host` writes them. */
export const destinationsTo = (
  host: string,
  shares: readonly { version: string; weight: number }[],
  subsetOf: (version: string) => string,
): Fields[] =>
  shares.map(({ version, weight }) => ({
    destination: { host, subset: subsetOf(version) },
    ...(shares.length === 1 ? {} : { weight }),
  }))
