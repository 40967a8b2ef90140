import { fields, isEmpty, text, type Fields } from '../analysis/read.ts'
import type { RouteEntry } from './route-list.ts'
import { sourceMiss, type Asked } from './route-match.ts'

/** What a proxy itself looks at; port, gateways and labels are settled before it gets its routes. */
const ASKED_OF_REQUESTS = ['scheme', 'method', 'authority', 'headers', 'withoutHeaders', 'queryParams'] as const

/**
 * The order in which a gateway tries routes of several virtual services: what takes everything goes to the end, and what
 * stands behind it in its own virtual service is never reached. Source: Istio, `SortVHostRoutes`, and
 * `BuildHTTPRoutesForVirtualService`.
 */
export function edgeOrder(entries: readonly RouteEntry[], asked: Asked): RouteEntry[] {
  const ended = new Set<unknown>()
  const rest: RouteEntry[] = []
  const catchAll: RouteEntry[] = []
  for (const entry of entries) {
    const owner = entry.delegatedBy?.object ?? entry.object
    if (ended.has(owner)) continue
    const isThere = entry.matches.every((match) => sourceMiss(match, asked, entry.key) === undefined)
    if (isThere && entry.matches.every(takesAll)) {
      ended.add(owner)
      catchAll.push(entry)
    } else rest.push(entry)
  }
  return [...rest, ...catchAll]
}

function takesAll(match: Fields): boolean {
  const uri = fields(match['uri'])
  const isAnyPath = isEmpty(uri) || text(uri['prefix']) === '/' || text(uri['regex']) === '.*'
  return isAnyPath && ASKED_OF_REQUESTS.every((field) => match[field] === undefined || isEmpty(match[field]))
}
