import { entries, fields, items, number, text, type Fields } from '../analysis/read.ts'
import { aboutService, type Planned } from './about-service.ts'
import { ambientNotes } from './ambient.ts'
import { governingOf, noteOf, specOf, type Governing } from './governing.ts'
import {
  destinationsInForce,
  destinationsTo,
  editCatchAll,
  editConnections,
  editDestinations,
  editRoutes,
  homeOf,
} from './host-rules.ts'
import type { AnswerReader } from './read-answers.ts'
import {
  backend,
  backendsOf,
  catchAllOf,
  editLastRule,
  editRules,
  isForHeader,
  portOf,
  versionOf,
  versionServices,
  type ServiceRoutes,
} from './service-routes.ts'
import { streamsIn, streamsOf, type Stream } from './streams.ts'
import { editSubsets } from './subsets.ts'
import type { WizardNote, WizardService, WizardWorld } from './wizard.ts'

const MAX_COUNT = 1_000_000
const TESTER = 'canary-testers'

/** What goes where: shares in percent, all versions that are to be known, and who tries a version before all others. */
interface Shares {
  shares: readonly { version: string; weight: number }[]
  versions: readonly string[]
  /** Absent where nothing is said of testers, so that their routes stay as they are. */
  testers?: {
    version: string
    /** Empty: nobody. */
    header: string
    value: string
    /** All have the version by now. */
    done: boolean
  }
}

/** Shares of a service's requests by version. */
export const splitTraffic = aboutService((read, world, service) => {
  const shares = read.shares('shares').filter(({ weight }) => weight > 0)
  return sendShares(read, world, service, { shares, versions: shares.map(({ version }) => version) })
})

/** One step of a canary: a share of the requests for the new version, and all of certain testers if wanted. */
export const canary = aboutService((read, world, service) => {
  const stable = read.required('stable')
  const next = read.required('canary')
  if (stable !== '' && stable === next) read.tell('canary', 'same')
  const share = read.requiredNumber('share', 0, 100)
  // Connections have no headers.
  const header = streamFor(read, world, service) === 'http' ? read.text('header') : ''
  const value = header === '' ? '' : read.required('value')
  const shares = [
    { version: stable, weight: 100 - share },
    { version: next, weight: share },
  ].filter(({ weight }) => weight > 0)
  // At the end of the way nobody needs a route of their own.
  const done = share === 100
  const testers = { version: next, header: done ? '' : header, value, done }
  return sendShares(read, world, service, { shares, versions: [stable, next], testers })
})

function sendShares(read: AnswerReader, world: WizardWorld, service: WizardService, wanted: Shares): Planned {
  const { governing, notes } = governingOf(world, service)
  const all = [...notes, ...ambientNotes(service)]
  if (governing.kind !== 'VirtualService') return byServices(world, service, governing, wanted, all)
  const stream = streamFor(read, world, service)
  const { change, subsetOf } = editSubsets(world, service, wanted.versions)
  const sendTo = (host: string): Fields[] => destinationsTo(host, wanted.shares, subsetOf)
  const edited =
    stream === 'http'
      ? editRoutes(world, service, governing.object, (routes, host) => {
          const rest = editCatchAll(
            wanted.testers ? routes.filter((route) => route['name'] !== TESTER) : routes,
            host,
            (route) => ({ ...route, route: sendTo(host) }),
          )
          const testers = wanted.testers
          if (testers === undefined || testers.header === '') return rest
          const match = [{ headers: { [testers.header]: { exact: testers.value } } }]
          return [
            { name: TESTER, match, route: [{ destination: { host, subset: subsetOf(testers.version) } }] },
            ...rest,
          ]
        })
      : editConnections(world, service, governing.object, stream, sendTo)
  return {
    // Subsets before the routes that name them.
    changes: [change, ...edited.changes],
    notes: [...all, ...edited.notes, ...streamNotes(governing, stream)],
    problems: edited.problems,
  }
}

/** By routes of the Gateway API, which send to a Service for each version. */
function byServices(
  world: WizardWorld,
  service: WizardService,
  routes: ServiceRoutes,
  { shares, versions, testers }: Shares,
  notes: readonly WizardNote[],
): Planned {
  const port = portOf(service, routes)
  const services = versionServices(world, service, versions)
  const change = editRules(routes, (rules) => {
    const isTesters = (rule: Fields): boolean =>
      testers !== undefined &&
      (rule['name'] === TESTER ||
        ((testers.done || testers.header !== '') &&
          isForHeader(rule, services.nameOf(testers.version), testers.header)))
    const rest = editLastRule(
      service,
      routes,
      rules.filter((rule) => !isTesters(rule)),
      (rule) => ({
        ...rule,
        backendRefs: shares.map(({ version, weight }) => backend(services.nameOf(version), port, weight)),
      }),
    )
    if (testers === undefined || testers.header === '') return rest
    const own = {
      ...(world.knows(routes.kind, 'spec.rules.name') ? { name: TESTER } : {}),
      matches: [{ headers: [{ name: testers.header, type: 'Exact', value: testers.value }] }],
      backendRefs: [backend(services.nameOf(testers.version), port, 1)],
    }
    return [own, ...rest]
  })
  return { changes: [...services.changes, change], notes: [...notes, services.note] }
}

/** Which kind of routes is meant: what was chosen, else the first that there can be. */
export function streamFor(read: AnswerReader, world: WizardWorld, service: WizardService): Stream {
  const { governing } = governingOf(world, service)
  if (governing.kind !== 'VirtualService') return 'http'
  const streams = streamsOf(service, governing.object)
  return streams.find((each) => each === read.text('stream')) ?? streams[0] ?? 'http'
}

/** Says which of several kinds of routes is changed. */
export function streamNotes(governing: Governing, stream: Stream): WizardNote[] {
  if (governing.kind !== 'VirtualService') return []
  const streams = streamsIn(governing.object)
  return streams.length < 2
    ? []
    : noteOf('severalStreams', 'VirtualService', governing.object, { streams: streams.join(', '), stream })
}

/** The share of requests that a version has by the routes in force, in percent; absent when nothing is said of it. */
export function shareOf(world: WizardWorld, service: WizardService, version: string): number | undefined {
  const { governing } = governingOf(world, service)
  if (governing.kind !== 'VirtualService') {
    const refs = entries(catchAllOf(governing).rule?.['backendRefs']).map(({ value }) => value)
    const versions = refs.map((ref) => versionOf(world, service, text(ref['name'])))
    if (versions.every((each) => each === undefined)) return undefined
    const weights = refs.map((ref) => number(ref['weight']) ?? 1)
    const sum = weights.reduce((all, each) => all + each, 0)
    const own = weights.reduce((all, each, at) => all + (versions[at] === version ? each : 0), 0)
    return sum === 0 ? 0 : Math.round((100 * own) / sum)
  }
  const subsets = items(specOf(destinationsInForce(world, service))['subsets']).map(fields)
  const subset = subsets.find((each) => fields(each['labels'])['version'] === version)
  const home = homeOf(world, governing.object)
  const [stream = 'http'] = streamsIn(home)
  const routes = items(specOf(home)[stream]).map(fields)
  const last = routes.find(
    (route) => Array.isArray(route['route']) && (stream === 'tls' || items(route['match']).length === 0),
  )
  if (subset === undefined || last === undefined) return undefined
  const all = items(last['route']).map(fields)
  const own = all.filter(({ destination }) => text(fields(destination)['subset']) === text(subset['name']))
  if (all.length === 1) return own.length === 1 ? 100 : 0
  return own.reduce((sum, { weight }) => sum + (number(weight) ?? 0), 0)
}

/** The kinds of routes that a wizard may change; with one there is nothing to choose. */
export function streamChoices(world: WizardWorld): readonly Stream[] {
  if (world.service === undefined) return []
  const { governing } = governingOf(world, world.service)
  return governing.kind === 'VirtualService' ? streamsOf(world.service, governing.object) : ['http']
}

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
  const { governing } = governingOf(world, service)
  // Envoy limits what it sends to, which may be the Services of versions.
  const backends = governing.kind === 'VirtualService' ? [] : backendsOf(governing)
  const names = backends.length === 0 ? [service.name] : backends
  const isElsewhere = names.some((name) => name !== service.name)
  return {
    notes: [
      ...(isElsewhere ? [{ code: 'backends' as const, values: { services: names.join(', ') } }] : []),
      ...ambientNotes(service),
    ],
    changes: names.map((name) =>
      editDestinations(world, { ...service, name }, (spec) => {
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
    ),
  }
})

/** What is set, put over what is there; nothing when nothing is set. */
const joined = (key: string, present: Fields, set: object): Fields =>
  Object.keys(set).length === 0 ? {} : { [key]: { ...fields(present[key]), ...set } }
