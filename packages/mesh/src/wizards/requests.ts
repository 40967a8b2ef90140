import { fields, items, text, type Fields } from '../analysis/read.ts'
import { aboutService, impossible, type Planned } from './about-service.ts'
import { ambientNotes } from './ambient.ts'
import { governingOf } from './governing.ts'
import { editAllRoutes, editCatchAll, editRoutes } from './host-rules.ts'
import {
  editAllRules,
  editLastRule,
  editRules,
  portOf,
  serviceRef,
  versionServices,
  type ServiceRoutes,
} from './service-routes.ts'
import { streamNotes } from './traffic.ts'
import { streamsOf } from './streams.ts'
import { editSubsets } from './subsets.ts'
import type { WizardNote, WizardService, WizardWorld } from './wizard.ts'

const FAULTY = 'fault-for-some'

/** What governs the requests of a service; nothing can be said of requests where no port speaks HTTP. */
function requestsOf(world: WizardWorld, service: WizardService) {
  const { governing, notes } = governingOf(world, service)
  const isHttp = governing.kind !== 'VirtualService' || streamsOf(service, governing.object).includes('http')
  return { governing, isHttp, notes: [...notes, ...ambientNotes(service), ...streamNotes(governing, 'http')] }
}

/** Copies of requests for another version, whose answers nobody waits for. */
export const mirror = aboutService((read, world, service) => {
  const version = read.required('version')
  const percentage = read.requiredNumber('percentage', 1, 100)
  const { governing, notes, isHttp } = requestsOf(world, service)
  if (!isHttp) return impossible('notHttp', notes)
  if (governing.kind !== 'VirtualService') {
    const services = versionServices(world, service, [version])
    const requestMirror = {
      backendRef: serviceRef(services.nameOf(version), portOf(service, governing)),
      percent: percentage,
    }
    const change = editRules(governing, (rules) =>
      editLastRule(service, governing, rules, (rule) => ({
        ...rule,
        filters: [
          ...items(rule['filters']).filter((each) => text(fields(each)['type']) !== 'RequestMirror'),
          { type: 'RequestMirror', requestMirror },
        ],
      })),
    )
    return { changes: [...services.changes, change], notes: [...notes, services.note] }
  }
  const { change, subsetOf } = editSubsets(world, service, [version])
  const edited = editRoutes(world, service, governing.object, (all, host) =>
    editCatchAll(all, host, (route) => ({
      ...route,
      mirror: { host, subset: subsetOf(version) },
      mirrorPercentage: { value: percentage },
    })),
  )
  return { ...edited, changes: [change, ...edited.changes], notes: [...notes, ...edited.notes] }
})

/** Delays or failures for a share of requests, of all callers or of those with a header. */
export const faultInjection = aboutService((read, world, service) => {
  const kind = read.required('kind')
  const percentage = kind === 'none' ? 1 : read.requiredNumber('percentage', 1, 100)
  const delay = kind === 'delay' ? (read.required('delay'), read.duration('delay')) : undefined
  const abort =
    kind === 'grpc'
      ? { grpcStatus: read.required('grpcStatus') }
      : { httpStatus: kind === 'abort' ? read.requiredNumber('status', 200, 599) : 503 }
  const header = kind === 'none' ? '' : read.text('header')
  const value = header === '' ? '' : read.required('value')
  const fault =
    delay === undefined
      ? { abort: { percentage: { value: percentage }, ...abort } }
      : { delay: { percentage: { value: percentage }, fixedDelay: delay } }
  const { governing, notes, isHttp } = requestsOf(world, service)
  if (!isHttp) return impossible('notHttp', notes)
  if (governing.kind !== 'VirtualService') return impossible('notInGatewayApi', notes)
  const root = governing.object
  if (kind === 'none') {
    // Nothing to take away is no reason to make a rule.
    if (root === undefined) return { changes: [], notes }
    const cleaned = editAllRoutes(world, service, root, (routes) => routes.filter(isOfOthers).map(withoutFault))
    return { ...cleaned, notes: [...notes, ...cleaned.notes] }
  }
  const edited = editRoutes(world, service, root, (all, host) => {
    const others = all.filter(isOfOthers).map(withoutFault)
    if (header === '') return editCatchAll(others, host, (route) => ({ ...route, fault }))
    const rest = editCatchAll(others, host, (route) => route)
    const like = rest.find((route) => items(route['match']).length === 0) ?? {}
    return [{ ...like, name: FAULTY, match: [{ headers: { [header]: { exact: value } } }], fault }, ...rest]
  })
  return { ...edited, notes: [...notes, ...edited.notes] }
})

const isOfOthers = (route: Fields): boolean => route['name'] !== FAULTY
const withoutFault = ({ fault: _fault, ...route }: Fields): Fields => route

/** How long a caller waits, and how often a request is tried again. For all routes that send requests somewhere. */
export const timeoutAndRetry = aboutService((read, world, service) => {
  const timeout = read.duration('timeout')
  const attempts = read.number('attempts', 0, 20)
  const perTryTimeout = read.duration('perTryTimeout')
  const retryOn = read.list('retryOn')
  if (timeout === undefined && attempts === undefined) read.tell('timeout', 'required')
  const { governing, notes, isHttp } = requestsOf(world, service)
  if (!isHttp) return impossible('notHttp', notes)
  if (governing.kind !== 'VirtualService')
    return limitRules(world, service, governing, { timeout, attempts, perTryTimeout, retryOn }, notes)
  const retries =
    attempts === undefined
      ? undefined
      : {
          attempts,
          ...(perTryTimeout === undefined || attempts === 0 ? {} : { perTryTimeout }),
          ...(retryOn.length === 0 || attempts === 0 ? {} : { retryOn: retryOn.join(',') }),
        }
  const limits = { ...(timeout === undefined ? {} : { timeout }), ...(retries === undefined ? {} : { retries }) }
  const edited = editAllRoutes(world, service, governing.object, (routes, host, isHome) =>
    (isHome ? editCatchAll(routes, host, (route) => route) : routes).map((route) =>
      Array.isArray(route['route']) ? { ...route, ...limits } : route,
    ),
  )
  return { ...edited, notes: [...notes, ...edited.notes] }
})

interface Limits {
  timeout: string | undefined
  attempts: number | undefined
  perTryTimeout: string | undefined
  retryOn: readonly string[]
}

/** In rules of the Gateway API. Source: https://gateway-api.sigs.k8s.io/reference/spec/#httproutetimeouts, `HTTPRouteRetry` */
function limitRules(
  world: WizardWorld,
  service: WizardService,
  routes: ServiceRoutes,
  { timeout, attempts, perTryTimeout, retryOn }: Limits,
  notes: readonly WizardNote[],
): Planned {
  const hasRetries = world.knows(routes.kind, 'spec.rules.retry')
  if (routes.kind === 'GRPCRoute' || (timeout === undefined && !hasRetries)) return impossible('notInGatewayApi', notes)
  const codes = [...new Set(retryOn.flatMap(codesOf))]
  const retry = attempts === undefined ? undefined : { attempts, ...(codes.length === 0 ? {} : { codes }) }
  const timeouts = {
    ...(timeout === undefined ? {} : { request: gatewayDuration(timeout) }),
    ...(perTryTimeout === undefined ? {} : { backendRequest: gatewayDuration(perTryTimeout) }),
  }
  return {
    changes: editAllRules(service, routes, (rule) => ({
      ...rule,
      ...(Object.keys(timeouts).length === 0 ? {} : { timeouts: { ...fields(rule['timeouts']), ...timeouts } }),
      ...(retry === undefined || !hasRetries ? {} : { retry: { ...fields(rule['retry']), ...retry } }),
    })),
    notes: [...notes, ...(attempts === undefined || hasRetries ? [] : [{ code: 'noRetries' as const }])],
  }
}

/** The statuses that a condition of Envoy's means. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry */
function codesOf(condition: string): number[] {
  if (condition === '5xx') return [500, 502, 503, 504]
  if (condition === 'gateway-error') return [502, 503, 504]
  return /^[1-5]\d\d$/.test(condition) ? [Number(condition)] : []
}

/** A duration as the Gateway API takes it, without fractions. Source: GEP-2257. */
function gatewayDuration(text: string): string {
  if (/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(text)) return text
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  const all = Math.round(parts.reduce((sum, [, value, unit = 'ms']) => sum + Number(value) * (units[unit] ?? 1), 0))
  return [...(all >= 1000 ? [`${Math.floor(all / 1000)}s`] : []), ...(all % 1000 > 0 ? [`${all % 1000}ms`] : [])].join(
    '',
  )
}
