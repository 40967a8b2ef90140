import { entries, fields, isEmpty, number, text, type Fields } from '../analysis/read.ts'
import { placeOf, type Hop, type Outcomes, type Step } from './explanation.ts'
import type { Request } from './request.ts'
import type { RouteEntry } from './route-list.ts'
import type { StepCode } from './step-codes.ts'

export interface Acted {
  steps: readonly Step[]
  /** What goes on to the destination. */
  request: Request
  /** The proxy answers itself. */
  answered?: Outcomes
}

const DEFAULT_REDIRECT = 301
const ALL = 100

/**
 * What a route does to a request before, or instead of, sending it on. Source:
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute
 */
export function act(cluster: string, hop: Hop, entry: RouteEntry, request: Request): Acted {
  const { route } = entry
  const steps: Step[] = []
  const say = (
    code: StepCode,
    field: string,
    values: Record<string, string>,
    outcome: Step['outcome'] = 'note',
  ): void => {
    const path = entry.kind === 'VirtualService' ? `${entry.path}.${field}` : entry.path
    steps.push({ hop, outcome, code, values, place: placeOf(cluster, entry.kind, entry.object, path) })
  }
  const delay = fields(fields(route['fault'])['delay'])
  if (!isEmpty(delay))
    say('action.fault-delay', 'fault.delay', { delay: text(delay['fixedDelay']), percent: String(percentOf(delay)) })
  const abort = fields(fields(route['fault'])['abort'])
  let maybe: Outcomes | undefined
  if (!isEmpty(abort)) {
    const status = number(abort['httpStatus'])
    const percent = percentOf(abort)
    const answered: Outcomes = { verdict: 'answered', ...(status === undefined ? {} : { status }) }
    say(
      'action.fault-abort',
      'fault.abort',
      { status: String(status ?? text(abort['grpcStatus'])), percent: String(percent) },
      percent >= ALL ? 'stop' : 'open',
    )
    if (percent >= ALL) return { steps, request, answered }
    if (percent > 0) maybe = { verdict: 'depends' }
  }
  if (route['redirect'] !== undefined) {
    const redirect = fields(route['redirect'])
    const status = number(redirect['redirectCode']) ?? DEFAULT_REDIRECT
    const to = `${text(redirect['scheme']) || request.scheme}://${text(redirect['authority']) || request.authority}${text(redirect['uri']) || request.path}`
    say('action.redirect', 'redirect', { to, status: String(status) }, 'stop')
    return { steps, request, answered: { verdict: 'answered', status } }
  }
  if (route['directResponse'] !== undefined) {
    const status = number(fields(route['directResponse'])['status']) ?? 200
    say('action.direct', 'directResponse', { status: String(status) }, 'stop')
    return { steps, request, answered: { verdict: 'answered', status } }
  }
  const after = rewritten(entry, request)
  if (after !== request) say('action.rewrite', 'rewrite', { path: after.path, authority: after.authority })
  const headers = changeHeaders(after, fields(fields(route['headers'])['request']))
  if (headers !== after) say('action.headers', 'headers.request', { names: changedNames(route).join(', ') })
  if (text(route['timeout']) !== '') say('action.timeout', 'timeout', { timeout: text(route['timeout']) })
  const retries = fields(route['retries'])
  if (!isEmpty(retries))
    say('action.retries', 'retries', {
      attempts: String(number(retries['attempts']) ?? 0),
      timeout: text(retries['perTryTimeout']),
      on: text(retries['retryOn']),
    })
  for (const { field, value, percent } of mirrorsOf(route))
    say('action.mirror', field, { host: text(value['host']), subset: text(value['subset']), percent })
  return { steps, request: headers, ...(maybe && { answered: maybe }) }
}

/** Nobody is meant when a fault does not say of how many. */
const percentOf = (fault: Fields): number => {
  const value = fields(fault['percentage'])['value'] ?? fault['percent']
  return typeof value === 'number' ? value : 0
}

function mirrorsOf(route: Fields): { field: string; value: Fields; percent: string }[] {
  const share = (value: unknown): string => String(fields(value)['value'] ?? ALL)
  return [
    ...(route['mirror'] === undefined
      ? []
      : [{ field: 'mirror', value: fields(route['mirror']), percent: share(route['mirrorPercentage']) }]),
    ...entries(route['mirrors']).map(({ at, value }) => ({
      field: `mirrors[${at}]`,
      value: fields(value['destination']),
      percent: share(value['percentage']),
    })),
  ]
}

/** A prefix that matched is replaced by the new one; any other path as a whole. */
function rewritten({ route, matches }: RouteEntry, request: Request): Request {
  const rewrite = fields(route['rewrite'])
  const uri = text(rewrite['uri'])
  const authority = text(rewrite['authority'])
  if (uri === '' && authority === '') return request
  const match = fields(matches.map((each) => each['uri']).find((each) => each !== undefined))
  const prefix = text(match['prefix']) || text(match['pathPrefix'])
  const isPrefix = prefix !== '' && request.path.startsWith(prefix)
  const path = uri === '' ? request.path : isPrefix ? uri + request.path.slice(prefix.length) : uri
  return { ...request, path, authority: authority === '' ? request.authority : authority }
}

function changeHeaders(request: Request, change: Fields): Request {
  const set = { ...fields(change['add']), ...fields(change['set']) }
  const removed = entries(change['remove']).length
  const gone = Array.isArray(change['remove']) ? change['remove'].map((each) => String(each).toLowerCase()) : []
  if (isEmpty(set) && removed === 0) return request
  const kept = Object.entries(request.headers).filter(([name]) => !gone.includes(name))
  const more = Object.entries(set).map(([name, value]) => [name.toLowerCase(), String(value)])
  return { ...request, headers: Object.fromEntries([...kept, ...more]) }
}

function changedNames(route: Fields): string[] {
  const change = fields(fields(route['headers'])['request'])
  const removed = Array.isArray(change['remove']) ? change['remove'].map(String) : []
  return [...Object.keys(fields(change['set'])), ...Object.keys(fields(change['add'])), ...removed]
}
