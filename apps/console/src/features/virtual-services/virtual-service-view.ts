import { isRecord, type KubeResource } from '@meshdeck/kube'

/** How a text is compared; `present`: whatever it says, it must be there. */
export type MatchOperator = 'exact' | 'prefix' | 'regex' | 'present'

/** One text to be compared. `raw` is set when it is of a form that Istio does not know. */
export interface TextMatch {
  operator: MatchOperator
  value: string
}

export const SINGLE_TEXTS = ['uri', 'method', 'authority', 'scheme'] as const
export const NAMED_TEXTS = ['headers', 'withoutHeaders', 'queryParams'] as const
export type SingleText = (typeof SINGLE_TEXTS)[number]
export type NamedText = (typeof NAMED_TEXTS)[number]

/** One condition of a match. All conditions of a match must hold. */
export type Condition =
  | ({ field: SingleText } & TextMatch)
  | ({ field: NamedText; name: string } & TextMatch)
  | { field: 'sourceLabels'; name: string; value: string }
  | { field: 'port'; value: number | undefined }
  | { field: 'sourceNamespace'; value: string }
  | { field: 'gateways'; values: string[] }

export interface MatchView {
  name: string
  conditions: Condition[]
  ignoreUriCase: boolean
  /** Fields that the form does not show. */
  others: string[]
}

export interface DestinationView {
  host: string
  subset: string
  port: number | undefined
  weight: number | undefined
  others: string[]
}

export interface RetriesView {
  attempts: number | undefined
  perTryTimeout: string
  retryOn: string
  others: string[]
}

export interface RouteView {
  name: string
  matches: MatchView[]
  destinations: DestinationView[]
  /** What answers in place of destinations. */
  instead: 'redirect' | 'directResponse' | 'delegate' | undefined
  timeout: string
  retries: RetriesView | undefined
  /** The route as it stands. */
  raw: unknown
}

export interface VirtualServiceView {
  namespace: string
  hosts: string[]
  gateways: string[]
  routes: RouteView[]
  others: string[]
}

/** Istio's name for all sidecars. */
export const MESH_GATEWAY = 'mesh'

/** What the form shows of a virtual service. Whatever is not of the expected shape counts as absent and stays as it is. */
export function toVirtualServiceView(resource: KubeResource): VirtualServiceView {
  const spec = record(resource.spec)
  return {
    namespace: resource.metadata.namespace ?? '',
    hosts: texts(spec['hosts']),
    gateways: texts(spec['gateways']),
    routes: list(spec['http']).map(toRoute),
    others: otherFields(spec, ['hosts', 'gateways', 'http']),
  }
}

function toRoute(value: unknown): RouteView {
  const route = record(value)
  const instead = (['redirect', 'directResponse', 'delegate'] as const).find((field) => route[field] !== undefined)
  return {
    name: text(route['name']),
    matches: list(route['match']).map(toMatch),
    destinations: list(route['route']).map(toDestination),
    instead,
    timeout: text(route['timeout']),
    retries: route['retries'] === undefined ? undefined : toRetries(record(route['retries'])),
    raw: value,
  }
}

function toMatch(value: unknown): MatchView {
  const match = record(value)
  const conditions: Condition[] = []
  for (const field of SINGLE_TEXTS) if (match[field] !== undefined) conditions.push({ field, ...toText(match[field]) })
  for (const field of NAMED_TEXTS) {
    for (const [name, each] of Object.entries(record(match[field]))) conditions.push({ field, name, ...toText(each) })
  }
  for (const [name, each] of Object.entries(record(match['sourceLabels']))) {
    conditions.push({ field: 'sourceLabels', name, value: text(each) })
  }
  if (match['sourceNamespace'] !== undefined) {
    conditions.push({ field: 'sourceNamespace', value: text(match['sourceNamespace']) })
  }
  if (match['port'] !== undefined) conditions.push({ field: 'port', value: number(match['port']) })
  if (match['gateways'] !== undefined) conditions.push({ field: 'gateways', values: texts(match['gateways']) })
  const shown = [
    ...SINGLE_TEXTS,
    ...NAMED_TEXTS,
    'sourceLabels',
    'sourceNamespace',
    'port',
    'gateways',
    'name',
    'ignoreUriCase',
  ]
  return {
    name: text(match['name']),
    conditions,
    ignoreUriCase: match['ignoreUriCase'] === true,
    others: otherFields(match, shown),
  }
}

function toText(value: unknown): TextMatch {
  const match = record(value)
  const operator = (['exact', 'prefix', 'regex'] as const).find((each) => match[each] !== undefined)
  return operator === undefined ? { operator: 'present', value: '' } : { operator, value: text(match[operator]) }
}

function toDestination(value: unknown): DestinationView {
  const entry = record(value)
  const destination = record(entry['destination'])
  return {
    host: text(destination['host']),
    subset: text(destination['subset']),
    port: number(record(destination['port'])['number']),
    weight: number(entry['weight']),
    others: [
      ...otherFields(entry, ['destination', 'weight']),
      ...otherFields(destination, ['host', 'subset', 'port']).map((field) => `destination.${field}`),
    ],
  }
}

function toRetries(retries: Record<string, unknown>): RetriesView {
  return {
    attempts: number(retries['attempts']),
    perTryTimeout: text(retries['perTryTimeout']),
    retryOn: text(retries['retryOn']),
    others: otherFields(retries, ['attempts', 'perTryTimeout', 'retryOn']),
  }
}

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const texts = (value: unknown): string[] => list(value).map(text)
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const otherFields = (value: Record<string, unknown>, shown: readonly string[]): string[] =>
  Object.keys(value).filter((field) => !shown.includes(field))
