import { RE2JS } from 're2js'
import { isRecord, listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { domainError } from './domain-name.ts'
import type { Verdict } from './validate-istio.ts'

const MATCHED = ['uri', 'scheme', 'method', 'authority']

export function validateVirtualService(object: KubeObject): Verdict {
  const errors: string[] = []
  const warnings: string[] = []
  const spec = recordAt(object, 'spec')
  const hosts = listAt(spec, 'hosts').map(String)
  const gateways = listAt(spec, 'gateways').map(String)
  const inMesh = gateways.length === 0 || gateways.includes('mesh')
  for (const host of hosts) {
    const error = domainError(host)
    if (error !== undefined) errors.push(error)
    else if (host === '*' && inMesh) {
      errors.push('wildcard host * is not allowed for virtual services bound to the mesh gateway')
    }
  }
  const http = listAt(spec, 'http')
  if (http.length + listAt(spec, 'tcp').length + listAt(spec, 'tls').length === 0) {
    errors.push('http, tcp or tls must be provided in virtual service')
  }
  for (const [index, route] of http.entries()) {
    errors.push(...routeErrors(route))
    if (index < http.length - 1 && listAt(route, 'match').length === 0) {
      const hidden = http[index + 1]
      const name = textAt(hidden, 'name')
      const rule = name === undefined ? `#${index + 1}` : JSON.stringify(name)
      warnings.push(`virtualService rule ${rule} not used (only the last rule can have no matches)`)
      break
    }
  }
  for (const route of [...listAt(spec, 'tcp'), ...listAt(spec, 'tls')]) {
    errors.push(...destinationErrors(listAt(route, 'route')))
  }
  return { errors, warnings }
}

function routeErrors(route: unknown): string[] {
  const errors: string[] = []
  const destinations = listAt(route, 'route')
  const redirect = recordAt(route)['redirect']
  const direct = recordAt(route)['directResponse']
  const delegate = recordAt(route)['delegate']
  if (destinations.length > 0 && isRecord(redirect)) errors.push('HTTP route cannot contain both route and redirect')
  if (destinations.length > 0 && isRecord(direct))
    errors.push('HTTP route cannot contain both route and direct_response')
  if (isRecord(redirect) && isRecord(direct)) errors.push('HTTP route cannot contain both redirect and direct_response')
  if (destinations.length === 0 && !isRecord(redirect) && !isRecord(direct) && !isRecord(delegate)) {
    errors.push('HTTP route, redirect or direct_response is required')
  }
  for (const match of listAt(route, 'match')) errors.push(...matchErrors(match))
  errors.push(...destinationErrors(destinations), ...faultErrors(recordAt(route, 'fault')))
  const attempts = numberAt(route, 'retries', 'attempts')
  if (attempts !== undefined && attempts < 0) errors.push('attempts cannot be negative')
  const mirror = recordAt(route)['mirror']
  if (isRecord(mirror)) errors.push(...hostErrors(mirror))
  return errors
}

function destinationErrors(destinations: readonly unknown[]): string[] {
  const errors: string[] = []
  let total = 0
  for (const destination of destinations) {
    const weight = numberAt(destination, 'weight') ?? 0
    if (weight < 0) errors.push(`weight ${weight} < 0`)
    total += weight
    errors.push(...hostErrors(recordAt(destination)['destination']))
  }
  const weighted = destinations.some((destination) => numberAt(destination, 'weight') !== undefined)
  if (destinations.length > 1 && weighted && total === 0) errors.push('total destination weight = 0')
  return errors
}

function hostErrors(destination: unknown): string[] {
  if (!isRecord(destination)) return ['destination is required']
  const error = domainError(textAt(destination, 'host') ?? '')
  return error === undefined ? [] : [error]
}

const LOWEST_STATUS = 200
const HIGHEST_STATUS = 599

function faultErrors(fault: Record<string, unknown>): string[] {
  const errors: string[] = []
  const status = numberAt(fault, 'abort', 'httpStatus')
  if (status !== undefined && (status < LOWEST_STATUS || status > HIGHEST_STATUS)) {
    errors.push(`HTTP status ${status} is not in range ${LOWEST_STATUS}-${HIGHEST_STATUS}`)
  }
  for (const kind of ['abort', 'delay']) {
    const percentage = numberAt(fault, kind, 'percentage', 'value')
    if (percentage !== undefined && percentage !== 0 && (percentage < 0.0001 || percentage > 100)) {
      errors.push(`percentage ${percentage} is neither 0.0, nor in range [0.0001, 100.0]`)
    }
  }
  return errors
}

function matchErrors(match: unknown): string[] {
  const named = [
    ...MATCHED.map((field) => [field, recordAt(match)[field]] as const),
    ...Object.entries(recordAt(match, 'headers')),
    ...Object.entries(recordAt(match, 'queryParams')),
  ]
  return named.flatMap(([field, condition]) => {
    const regex = textAt(condition, 'regex')
    const problem = regex === undefined ? undefined : regexProblem(regex)
    return problem === undefined
      ? []
      : [
          `"${field}": error parsing regexp: ${problem}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`,
        ]
  })
}

function regexProblem(regex: string): string | undefined {
  try {
    RE2JS.compile(regex)
    return undefined
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return text.replace(/^error parsing regexp: /, '')
  }
}
