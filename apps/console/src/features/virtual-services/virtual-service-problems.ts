import { hostsOverlap, regexFault } from '@meshdeck/mesh'
import { durationFault, type DurationFault } from '../../resource-kit/form/durations.ts'
import { isHostOrAddress, isLabel, isWildcardDomain } from '../../resource-kit/form/hosts.ts'
import {
  MESH_GATEWAY,
  type Condition,
  type MatchView,
  type RouteView,
  type VirtualServiceView,
} from './virtual-service-view.ts'
import { FULL_WEIGHT, sumOfWeights } from './weights.ts'

/** A fault that istiod would find too (`error`), or that works but is seldom meant (`warning`). */
export interface FormProblem {
  /** `spec.http[0].timeout`, as servers name fields. */
  field: string
  /** i18n key below `problems.` of `virtual-services`. */
  code:
    | DurationFault
    | 'noHost'
    | 'badHost'
    | 'anyHostInMesh'
    | 'overlap'
    | 'noRoute'
    | 'badGateway'
    | 'delegateGateways'
    | 'noDestination'
    | 'both'
    | 'badSubset'
    | 'badPort'
    | 'negativeWeight'
    | 'zeroWeight'
    | 'weightSum'
    | 'emptyText'
    | 'regexTooLong'
    | 'badRegex'
    | 'noHeaderName'
    | 'badHeaderName'
    | 'badNamespace'
    | 'negativeAttempts'
    | 'zeroAttempts'
    | 'badRetryOn'
  severity: 'error' | 'warning'
  values?: Record<string, string | number>
}

/** Source: Istio, `supportedRetryOnPolicies`; names are Envoy's. HTTP status codes are let through as well. */
export const RETRY_ON = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
] as const

const MAX_PORT = 65_535
const MAX_REGEX = 1024
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const PSEUDO_HEADERS = [':method', ':scheme', ':authority']
/** Source: Go's list of status texts, as far as its gaps matter here. */
const STATUS_CODE = /^[1-5]\d\d$/

const error = (field: string, code: FormProblem['code'], values?: FormProblem['values']): FormProblem => ({
  field,
  code,
  severity: 'error',
  ...(values === undefined ? {} : { values }),
})
const unless = (fine: boolean, problem: () => FormProblem): FormProblem[] => (fine ? [] : [problem()])

/**
 * The same rules as istiod's for what the form shows, so that most faults are told while typing. The dry run has the
 * last word. Source: Istio, pkg/config/validation (`ValidateVirtualService` and what it calls).
 */
export function virtualServiceProblems(view: VirtualServiceView): FormProblem[] {
  const { hosts, gateways, routes, others } = view
  const inMesh = gateways.length === 0 || gateways.includes(MESH_GATEWAY)
  const hostFaults = hosts.flatMap((host, at) => {
    const field = `spec.hosts[${at}]`
    if (host === '') return [error(field, 'noHost')]
    if (!isHostOrAddress(host)) return [error(field, 'badHost', { host })]
    return unless(!(inMesh && host === '*'), () => error(field, 'anyHostInMesh'))
  })
  const overlaps = hosts.flatMap((host, at) => {
    const other = hosts.slice(0, at).find((each) => hostsOverlap(each, host))
    return other === undefined || hostFaults.length > 0 ? [] : [error(`spec.hosts[${at}]`, 'overlap', { host, other })]
  })
  return [
    ...hostFaults,
    ...overlaps,
    ...gatewayProblems('spec.gateways', gateways),
    // Without hosts it is a delegate: other virtual services hand routes over to it.
    ...unless(hosts.length > 0 || gateways.length === 0, () => error('spec.gateways', 'delegateGateways')),
    ...unless(routes.length > 0 || others.includes('tls') || others.includes('tcp'), () =>
      error('spec.http', 'noRoute'),
    ),
    ...routes.flatMap((route, at) => routeProblems(`spec.http[${at}]`, route)),
  ]
}

function gatewayProblems(field: string, gateways: readonly string[]): FormProblem[] {
  return gateways.flatMap((gateway, at) => {
    const [namespace = '', name] = gateway.split(/\/(.*)/s)
    const fine =
      name === undefined ? isWildcardDomain(gateway) && !gateway.startsWith('*') : isLabel(namespace) && isLabel(name)
    return unless(fine, () => error(`${field}[${at}]`, 'badGateway', { gateway }))
  })
}

function routeProblems(field: string, route: RouteView): FormProblem[] {
  const { destinations, instead, timeout, retries } = route
  const sum = sumOfWeights(destinations.map(({ weight }) => weight))
  const fault = timeout === '' ? undefined : durationFault(timeout)
  return [
    ...route.matches.flatMap((match, at) => matchProblems(`${field}.match[${at}]`, match)),
    ...unless(destinations.length > 0 || instead !== undefined, () => error(`${field}.route`, 'noDestination')),
    ...unless(destinations.length === 0 || instead === undefined, () =>
      error(`${field}.route`, 'both', { other: instead ?? '' }),
    ),
    ...destinations.flatMap(({ host, subset, port, weight }, at) => {
      const place = `${field}.route[${at}]`
      const known = host !== '*' && isWildcardDomain(host)
      return [
        ...unless(known, () => error(`${place}.destination.host`, host === '' ? 'noHost' : 'badHost', { host })),
        ...unless(subset === '' || isLabel(subset), () =>
          error(`${place}.destination.subset`, 'badSubset', { subset }),
        ),
        ...unless(port === undefined || isPort(port), () => error(`${place}.destination.port.number`, 'badPort')),
        ...unless(weight === undefined || weight >= 0, () => error(`${place}.weight`, 'negativeWeight')),
      ]
    }),
    ...(destinations.length > 1 ? sumProblems(`${field}.route`, sum) : []),
    ...(fault === undefined ? [] : [error(`${field}.timeout`, fault, { text: timeout })]),
    ...(retries ? retryProblems(`${field}.retries`, retries) : []),
  ]
}

/** Istio takes weights as shares of their sum and refuses only a sum of nothing; people mean percent. */
function sumProblems(field: string, sum: number): FormProblem[] {
  if (sum === 0) return [error(field, 'zeroWeight')]
  return unless(sum === FULL_WEIGHT, () => ({ field, code: 'weightSum', severity: 'warning', values: { sum } }))
}

function retryProblems(field: string, retries: NonNullable<RouteView['retries']>): FormProblem[] {
  const { attempts = 0, perTryTimeout, retryOn, others } = retries
  const fault = perTryTimeout === '' ? undefined : durationFault(perTryTimeout)
  const unknown = retryOn.split(',').filter((policy) => policy !== '' && !isRetryPolicy(policy))
  const idle = attempts === 0 && (perTryTimeout !== '' || retryOn !== '' || others.includes('retryRemoteLocalities'))
  return [
    ...unless(attempts >= 0, () => error(`${field}.attempts`, 'negativeAttempts')),
    ...unless(!idle, () => error(`${field}.attempts`, 'zeroAttempts')),
    ...(fault === undefined ? [] : [error(`${field}.perTryTimeout`, fault, { text: perTryTimeout })]),
    ...unless(unknown.length === 0, () => error(`${field}.retryOn`, 'badRetryOn', { policies: unknown.join(', ') })),
  ]
}

const isRetryPolicy = (policy: string): boolean => RETRY_ON.some((each) => each === policy) || STATUS_CODE.test(policy)
const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= MAX_PORT

function matchProblems(field: string, match: MatchView): FormProblem[] {
  return match.conditions.flatMap((condition) => conditionProblems(field, condition))
}

function conditionProblems(match: string, condition: Condition): FormProblem[] {
  const field = `${match}.${fieldOfCondition(condition)}`
  switch (condition.field) {
    case 'port':
      return unless(condition.value !== undefined && isPort(condition.value), () => error(field, 'badPort'))
    case 'sourceNamespace':
      return unless(isLabel(condition.value), () => error(field, 'badNamespace', { namespace: condition.value }))
    case 'gateways':
      return gatewayProblems(field, condition.values)
    case 'sourceLabels':
      return unless(condition.name !== '', () => error(field, 'noHeaderName'))
    case 'headers':
    case 'withoutHeaders':
      return [...headerNameProblems(field, condition.name), ...textProblems(field, condition)]
    case 'queryParams':
      return [...unless(condition.name !== '', () => error(field, 'noHeaderName')), ...textProblems(field, condition)]
    default:
      return textProblems(field, condition)
  }
}

/** Where a condition stands below its match, as servers name fields. */
export function fieldOfCondition(condition: Condition): string {
  if (!('name' in condition)) return condition.field
  return /^[A-Za-z_][\w-]*$/.test(condition.name)
    ? `${condition.field}.${condition.name}`
    : `${condition.field}["${condition.name}"]`
}

function headerNameProblems(field: string, name: string): FormProblem[] {
  if (name === '') return [error(field, 'noHeaderName')]
  // `@request.auth.claims.group` routes by a claim of the token.
  const fine = name.startsWith('@request.auth.claims') || PSEUDO_HEADERS.includes(name) || HEADER_NAME.test(name)
  return unless(fine, () => error(field, 'badHeaderName', { name }))
}

function textProblems(
  field: string,
  { field: kind, operator, value }: Extract<Condition, { operator: unknown }>,
): FormProblem[] {
  // An empty prefix of a path means every path; elsewhere Envoy refuses it.
  if (operator === 'prefix') return unless(value !== '' || kind === 'uri', () => error(field, 'emptyText'))
  if (operator !== 'regex') return []
  if (value === '') return [error(field, 'emptyText')]
  if (value.length > MAX_REGEX) return [error(field, 'regexTooLong')]
  if (kind === 'withoutHeaders' && value === '*') return []
  const fault = regexFault(value)
  return fault === undefined ? [] : [error(field, 'badRegex', { fault })]
}
