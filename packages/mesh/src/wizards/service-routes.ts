import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, items, labelsIn, number, text, type Fields } from '../analysis/read.ts'
import { specOf, type ServiceRouteKind } from './governing.ts'
import { streamOfPort } from './streams.ts'
import { labelOf } from './subsets.ts'
import { freeName, made, type WizardChange, type WizardNote, type WizardService, type WizardWorld } from './wizard.ts'

/** Routes of the Gateway API that govern a service. */
export interface ServiceRoutes {
  kind: ServiceRouteKind
  objects: readonly [KubeResource, ...KubeResource[]]
}

/** Whether a rule takes whatever comes: the API server writes the path `/` into rules of HTTP that ask for nothing. */
function isCatchAll(rule: Fields): boolean {
  const matches = entries(rule['matches'])
  const isOpen = ({ value }: { value: Fields }): boolean => {
    const path = fields(value['path'])
    const isRoot = (text(path['type']) || 'PathPrefix') === 'PathPrefix' && (text(path['value']) || '/') === '/'
    return isRoot && Object.keys(value).every((key) => key === 'path')
  }
  return (matches.length === 0 || matches.some(isOpen)) && items(rule['backendRefs']).length > 0
}

/** The rule for all that no other takes, and the object that it is in: the oldest when none has it. */
export function catchAllOf({ objects }: ServiceRoutes): { object: KubeResource; rule: Fields | undefined } {
  for (const object of objects) {
    const rule = items(specOf(object)['rules']).map(fields).find(isCatchAll)
    if (rule !== undefined) return { object, rule }
  }
  return { object: objects[0], rule: undefined }
}

/** Edits the rules of the object that has the one for all that no other takes. */
export function editRules(routes: ServiceRoutes, edit: (rules: readonly Fields[]) => readonly Fields[]): WizardChange {
  const { object } = catchAllOf(routes)
  const spec = specOf(object)
  const rules = edit(items(spec['rules']).map(fields))
  return { kind: routes.kind, before: object, after: { ...object, spec: { ...spec, rules } } }
}

/** Edits the rule for all that no other takes; made when there is none. */
export function editLastRule(
  service: WizardService,
  routes: ServiceRoutes,
  rules: readonly Fields[],
  edit: (rule: Fields) => Fields,
): readonly Fields[] {
  const at = rules.findIndex(isCatchAll)
  if (at >= 0) return rules.map((rule, index) => (index === at ? edit(rule) : rule))
  return [...rules, edit({ backendRefs: [backend(service.name, portOf(service, routes), 1)] })]
}

/** Edits every rule of all objects that sends requests somewhere. */
export const editAllRules = (
  service: WizardService,
  routes: ServiceRoutes,
  edit: (rule: Fields) => Fields,
): WizardChange[] => {
  const home = catchAllOf(routes).object
  return routes.objects.map((object) => {
    const spec = specOf(object)
    const present = items(spec['rules']).map(fields)
    const rules = object === home ? editLastRule(service, routes, present, (rule) => rule) : present
    const edited = rules.map((rule) => (items(rule['backendRefs']).length > 0 ? edit(rule) : rule))
    return { kind: routes.kind, before: object, after: { ...object, spec: { ...spec, rules: edited } } }
  })
}

/** A Service as routes refer to it, with all that the API server would add. */
export const serviceRef = (name: string, port: number | undefined): Fields => ({
  group: '',
  kind: 'Service',
  name,
  ...(port === undefined ? {} : { port }),
})
export const backend = (name: string, port: number | undefined, weight: number): Fields => ({
  ...serviceRef(name, port),
  weight,
})

/** Services that the rule for all that no other takes sends to. */
export const backendsOf = (routes: ServiceRoutes): string[] =>
  entries(catchAllOf(routes).rule?.['backendRefs'])
    .filter(({ value }) => (text(value['kind']) || 'Service') === 'Service')
    .map(({ value }) => text(value['name']))

/** Whether a rule sends those with one header, and nothing else of a condition, to just this service. */
export function isForHeader(rule: Fields, service: string, header: string): boolean {
  const matches = entries(rule['matches'])
  const [match] = matches
  const names = entries(match?.value['headers']).map(({ value }) => text(value['name']))
  const refs = entries(rule['backendRefs']).map(({ value }) => text(value['name']))
  return (
    matches.length === 1 &&
    items(rule['filters']).length === 0 &&
    isCatchAll({ ...rule, matches: [{ ...match?.value, headers: undefined }].map(withoutEmpty) }) &&
    names.length === 1 &&
    (header === '' || names[0] === header) &&
    refs.length === 1 &&
    refs[0] === service
  )
}

const withoutEmpty = (value: Fields): Fields =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))

/** The port that requests are sent to now; else the first that speaks HTTP. */
export function portOf(service: WizardService, routes: ServiceRoutes): number | undefined {
  const [first] = entries(catchAllOf(routes).rule?.['backendRefs'])
  return (
    number(first?.value['port']) ??
    (service.ports.find((each) => streamOfPort(each) === 'http') ?? service.ports[0])?.port
  )
}

/** Services of single versions: the Gateway API knows no subsets. Those that select just that are used, others are made. */
export function versionServices(
  world: WizardWorld,
  service: WizardService,
  versions: readonly string[],
): { changes: readonly WizardChange[]; nameOf: (version: string) => string; note: WizardNote } {
  const names = new Map<string, string>()
  const changes: WizardChange[] = []
  for (const version of versions) {
    const selector = { ...service.selector, version }
    const known = world
      .all('Service')
      .find(
        (each) => each.metadata.namespace === service.namespace && isSame(labelsIn(specOf(each)['selector']), selector),
      )
    const name =
      known?.metadata.name ?? freeName(world, 'Service', service.namespace, `${service.name}-${labelOf(version)}`)
    names.set(version, name)
    if (known === undefined) {
      const after = made('Service', service.namespace, name, { selector, ports: service.ports.map(toServicePort) })
      changes.push({ kind: 'Service', before: undefined, after })
    }
  }
  const note: WizardNote = { code: 'versionServices', values: { services: [...names.values()].join(', ') } }
  return { changes, nameOf: (version) => names.get(version) ?? version, note }
}

/** The version that a service stands for; absent when it selects several. */
export function versionOf(world: WizardWorld, service: WizardService, name: string): string | undefined {
  const found = world
    .all('Service')
    .find(({ metadata }) => metadata.namespace === service.namespace && metadata.name === name)
  return labelsIn(specOf(found)['selector'])['version']
}

function toServicePort({ name, port, targetPort, protocol }: WizardService['ports'][number]): Fields {
  const target = targetPort !== undefined && /^\d+$/.test(targetPort) ? Number(targetPort) : targetPort
  const isNamed = protocol === undefined || name?.startsWith(protocol) === true
  return {
    ...(name === undefined ? {} : { name }),
    port,
    ...(target === undefined ? {} : { targetPort: target }),
    ...(isNamed ? {} : { appProtocol: protocol }),
  }
}

const isSame = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(a).toSorted()) === JSON.stringify(Object.entries(b).toSorted())
