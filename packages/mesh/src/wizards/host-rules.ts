import type { KindId, KubeResource } from '@meshdeck/kube'
import { fullHost, serviceHost } from '../analysis/hosts.ts'
import { fields, items, text, texts, type Fields } from '../analysis/read.ts'
import { freeName, made, oldest, type WizardChange, type WizardService, type WizardWorld } from './wizard.ts'

const fullName = ({ name, namespace }: WizardService): string => serviceHost(name, namespace)
const specOf = (object: KubeResource | undefined): Fields => fields(object?.spec)

/** The rule in force for a service: in its own namespace if there is one, the oldest first. */
function ruleInForce(
  world: WizardWorld,
  kind: KindId,
  service: WizardService,
  hostsOf: (spec: Fields) => readonly string[],
): KubeResource | undefined {
  const found = world.all(kind).filter((object) => {
    const { namespace = '' } = object.metadata
    return hostsOf(specOf(object)).some((host) => fullHost(host, namespace) === fullName(service))
  })
  const own = found.filter(({ metadata }) => metadata.namespace === service.namespace)
  return oldest(own.length > 0 ? own : found)
}

/** A VirtualService that is bound to gateways alone says nothing of calls inside the mesh. */
const isForMesh = (spec: Fields): boolean => {
  const gateways = texts(spec['gateways'])
  return gateways.length === 0 || gateways.includes('mesh')
}

export const routesInForce = (world: WizardWorld, service: WizardService): KubeResource | undefined =>
  ruleInForce(world, 'VirtualService', service, (spec) => (isForMesh(spec) ? texts(spec['hosts']) : []))

export const destinationsInForce = (world: WizardWorld, service: WizardService): KubeResource | undefined =>
  ruleInForce(world, 'DestinationRule', service, (spec) => [text(spec['host'])])

/** A service as a rule in a namespace names it. */
const hostIn = (service: WizardService, namespace: string | undefined): string =>
  namespace === service.namespace ? service.name : fullName(service)

/** Edits the HTTP routes of a service inside the mesh. An existing VirtualService is extended: a second one would not count. */
export function editRoutes(
  world: WizardWorld,
  service: WizardService,
  edit: (routes: readonly Fields[], host: string) => readonly Fields[],
): WizardChange {
  const before = routesInForce(world, service)
  const host = hostIn(service, before?.metadata.namespace ?? service.namespace)
  const spec = specOf(before)
  const http = edit(items(spec['http']).map(fields), host)
  const after =
    before === undefined
      ? made('VirtualService', service.namespace, freeName(world, 'VirtualService', service.namespace, service.name), {
          hosts: [service.name],
          http,
        })
      : { ...before, spec: { ...spec, http } }
  return { kind: 'VirtualService', before, after }
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

/** Whether a route sends requests somewhere, whatever they are. */
const isCatchAll = (route: Fields): boolean => items(route['match']).length === 0 && Array.isArray(route['route'])

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

/** Subsets for some versions; those that exist for just that label are used. Gives the name of each version's. */
export function editSubsets(
  world: WizardWorld,
  service: WizardService,
  versions: readonly string[],
): { change: WizardChange; subsetOf: (version: string) => string } {
  const names = new Map<string, string>()
  const change = editDestinations(world, service, (spec) => {
    const present = items(spec['subsets']).map(fields)
    const added: Fields[] = []
    for (const version of versions) {
      const known = present.find((subset) => {
        const labels = Object.entries(fields(subset['labels']))
        return labels.length === 1 && labels[0]?.[0] === 'version' && labels[0][1] === version
      })
      const taken = new Set([...present, ...added].map((subset) => text(subset['name'])))
      const name = known === undefined ? freeLabel(version, taken) : text(known['name'])
      names.set(version, name)
      if (known === undefined) added.push({ name, labels: { version } })
    }
    return added.length === 0 ? spec : { ...spec, subsets: [...present, ...added] }
  })
  return { change, subsetOf: (version) => names.get(version) ?? version }
}

/** Names of subsets are labels of DNS; versions need not be. */
function freeLabel(version: string, taken: ReadonlySet<string>): string {
  const label = version
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? label : `${label}-${number}`
    if (!taken.has(name)) return name
  }
}
