import { fields, items, number, text, type Fields } from '../analysis/read.ts'
import {
  editCatchAll,
  editDestinations,
  editRoutes,
  editSubsets,
  routesInForce,
  destinationsInForce,
} from './host-rules.ts'
import { readAnswers, type AnswerReader } from './read-answers.ts'
import { realChanges, type Wizard, type WizardChange, type WizardService, type WizardWorld } from './wizard.ts'

const MAX_COUNT = 1_000_000
const TESTER = 'canary-testers'
const FAULTY = 'fault-for-some'

/** A wizard about a service: says so when none was chosen, and plans nothing while there are problems. */
function aboutService(
  plan: (read: AnswerReader, world: WizardWorld, service: WizardService) => readonly WizardChange[],
): Wizard {
  return (answers, world) => {
    const read = readAnswers(answers)
    if (world.service === undefined) return { changes: [], problems: [{ field: 'service', code: 'required' }] }
    const changes = plan(read, world, world.service)
    return { problems: read.problems, changes: read.problems.length > 0 ? [] : realChanges(changes) }
  }
}

/** Shares of a service's requests by version. */
export const splitTraffic = aboutService((read, world, service) => {
  const shares = read.shares('shares').filter(({ weight }) => weight > 0)
  const { change, subsetOf } = editSubsets(
    world,
    service,
    shares.map(({ version }) => version),
  )
  const routes = editRoutes(world, service, (all, host) =>
    editCatchAll(all, host, (route) => ({ ...route, route: destinations(host, shares, subsetOf) })),
  )
  // Subsets before the routes that name them.
  return [change, routes]
})

/** One step of a canary: a share of the requests for the new version, and all of certain testers if wanted. */
export const canary = aboutService((read, world, service) => {
  const stable = read.required('stable')
  const next = read.required('canary')
  if (stable !== '' && stable === next) read.tell('canary', 'same')
  const share = read.requiredNumber('share', 0, 100)
  const header = read.text('header')
  const value = header === '' ? '' : read.required('value')
  const { change, subsetOf } = editSubsets(world, service, [stable, next])
  const shares = [
    { version: stable, weight: 100 - share },
    { version: next, weight: share },
  ].filter(({ weight }) => weight > 0)
  const routes = editRoutes(world, service, (all, host) => {
    // The testers' route is this wizard's own; at the end of the way nobody needs it.
    const others = all.filter((route) => route['name'] !== TESTER)
    const tester = {
      name: TESTER,
      match: [{ headers: { [header]: { exact: value } } }],
      route: [{ destination: { host, subset: subsetOf(next) } }],
    }
    const rest = editCatchAll(others, host, (route) => ({ ...route, route: destinations(host, shares, subsetOf) }))
    return header !== '' && share < 100 ? [tester, ...rest] : rest
  })
  return [change, routes]
})

function destinations(
  host: string,
  shares: readonly { version: string; weight: number }[],
  subsetOf: (version: string) => string,
): Fields[] {
  return shares.map(({ version, weight }) => ({
    destination: { host, subset: subsetOf(version) },
    ...(shares.length === 1 ? {} : { weight }),
  }))
}

/** The share of requests that a version has by the routes in force, in percent; absent when nothing is said of it. */
export function shareOf(world: WizardWorld, service: WizardService, version: string): number | undefined {
  const subsets = items(fields(destinationsInForce(world, service)?.spec)['subsets']).map(fields)
  const subset = subsets.find((each) => fields(each['labels'])['version'] === version)
  const routes = items(fields(routesInForce(world, service)?.spec)['http']).map(fields)
  const catchAll = routes.find((route) => items(route['match']).length === 0 && Array.isArray(route['route']))
  if (subset === undefined || catchAll === undefined) return undefined
  const all = items(catchAll['route']).map(fields)
  const own = all.filter(({ destination }) => text(fields(destination)['subset']) === text(subset['name']))
  if (all.length === 1) return own.length === 1 ? 100 : 0
  return own.reduce((sum, { weight }) => sum + (number(weight) ?? 0), 0)
}

/** Copies of requests for another version, whose answers nobody waits for. */
export const mirror = aboutService((read, world, service) => {
  const version = read.required('version')
  const percentage = read.requiredNumber('percentage', 1, 100)
  const { change, subsetOf } = editSubsets(world, service, [version])
  const routes = editRoutes(world, service, (all, host) =>
    editCatchAll(all, host, (route) => ({
      ...route,
      mirror: { host, subset: subsetOf(version) },
      mirrorPercentage: { value: percentage },
    })),
  )
  return [change, routes]
})

/** Delays or failures for a share of requests, of all callers or of those with a header. */
export const faultInjection = aboutService((read, world, service) => {
  const kind = read.required('kind')
  const percentage = kind === 'none' ? 1 : read.requiredNumber('percentage', 1, 100)
  const delay = kind === 'delay' ? (read.required('delay'), read.duration('delay')) : undefined
  const status = kind === 'abort' ? read.requiredNumber('status', 200, 599) : undefined
  const header = kind === 'none' ? '' : read.text('header')
  const value = header === '' ? '' : read.required('value')
  const fault =
    delay === undefined
      ? { abort: { percentage: { value: percentage }, httpStatus: status } }
      : { delay: { percentage: { value: percentage }, fixedDelay: delay } }
  const routes = editRoutes(world, service, (all, host) => {
    const others = all.filter((route) => route['name'] !== FAULTY).map(withoutFault)
    if (kind === 'none') return others
    if (header === '') return editCatchAll(others, host, (route) => ({ ...route, fault }))
    const rest = editCatchAll(others, host, (route) => route)
    const like = rest.find((route) => items(route['match']).length === 0) ?? {}
    return [{ ...like, name: FAULTY, match: [{ headers: { [header]: { exact: value } } }], fault }, ...rest]
  })
  // Nothing to take away is no reason to make a rule.
  return kind === 'none' && routes.before === undefined ? [] : [routes]
})

const withoutFault = ({ fault: _fault, ...route }: Fields): Fields => route

/** How long a caller waits, and how often a request is tried again. For all routes that send requests somewhere. */
export const timeoutAndRetry = aboutService((read, world, service) => {
  const timeout = read.duration('timeout')
  const attempts = read.number('attempts', 0, 20)
  const perTryTimeout = read.duration('perTryTimeout')
  const retryOn = read.list('retryOn').join(',')
  if (timeout === undefined && attempts === undefined) read.tell('timeout', 'required')
  const retries =
    attempts === undefined
      ? undefined
      : {
          attempts,
          ...(perTryTimeout === undefined || attempts === 0 ? {} : { perTryTimeout }),
          ...(retryOn === '' || attempts === 0 ? {} : { retryOn }),
        }
  const limits = { ...(timeout === undefined ? {} : { timeout }), ...(retries === undefined ? {} : { retries }) }
  return [
    editRoutes(world, service, (all, host) =>
      editCatchAll(all, host, (route) => route).map((route) =>
        Array.isArray(route['route']) ? { ...route, ...limits } : route,
      ),
    ),
  ]
})

/** How much may wait at a service, and when one of its endpoints is left alone for a while. */
export const circuitBreaking = aboutService((read, world, service) => {
  const set = (field: string): Record<string, number> => {
    const value = read.number(field, 1, MAX_COUNT)
    return value === undefined ? {} : { [field]: value }
  }
  const tcp = set('maxConnections')
  const http = { ...set('http1MaxPendingRequests'), ...set('http2MaxRequests'), ...set('maxRequestsPerConnection') }
  const errors = set('consecutive5xxErrors')
  const interval = read.duration('interval')
  const baseEjectionTime = read.duration('baseEjectionTime')
  const share = read.number('maxEjectionPercent', 1, 100)
  const outliers = {
    ...errors,
    ...(interval === undefined ? {} : { interval }),
    ...(baseEjectionTime === undefined ? {} : { baseEjectionTime }),
    ...(share === undefined ? {} : { maxEjectionPercent: share }),
  }
  if ([tcp, http, outliers].every((each) => Object.keys(each).length === 0)) read.tell('maxConnections', 'required')
  return [
    editDestinations(world, service, (spec) => {
      const policy = fields(spec['trafficPolicy'])
      const pool = fields(policy['connectionPool'])
      const connectionPool = { ...pool, ...joined('tcp', pool, tcp), ...joined('http', pool, http) }
      return {
        ...spec,
        trafficPolicy: {
          ...policy,
          ...(Object.keys(connectionPool).length === 0 ? {} : { connectionPool }),
          ...joined('outlierDetection', policy, outliers),
        },
      }
    }),
  ]
})

/** What is set, put over what is there; nothing when nothing is set. */
const joined = (key: string, present: Fields, set: object): Fields =>
  Object.keys(set).length === 0 ? {} : { [key]: { ...fields(present[key]), ...set } }
