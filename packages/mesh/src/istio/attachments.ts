import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, items, number, text, type Fields } from '../analysis/read.ts'

/** One place where an object of the Gateway API takes part, and what its controller says of that. */
export interface Attachment {
  /** `Gateway shop/edge, listener https`, or the listener's own name. Empty: the object as a whole. */
  place: string
  /** `pending`: no controller has said anything yet. */
  state: 'attached' | 'refused' | 'pending'
  /** How many routes a listener has. */
  routes?: number
  /** The controller's words for what is not well: `ResolvedRefs (BackendNotFound): …`. */
  reasons: readonly string[]
}

/** Conditions that are bad when they hold; all others are when they do not. */
const BAD_WHEN_TRUE = ['Conflicted', 'PartiallyInvalid']

/** What controllers say of a route's parents. Source: https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus */
export function routeAttachments(route: KubeResource): Attachment[] {
  const namespace = route.metadata.namespace ?? ''
  const said = items(fields(route.status)['parents']).map(fields)
  return entries(fields(route.spec)['parentRefs']).map(({ value }) => {
    const place = placeOf(value, namespace)
    const own = said.filter((parent) => placeOf(fields(parent['parentRef']), namespace) === place)
    return { place, ...judged(own.flatMap((parent) => items(parent['conditions']).map(fields))) }
  })
}

/** What the controller says of a Gateway and of its listeners. Source: https://gateway-api.sigs.k8s.io/reference/spec/#listenerstatus */
export function gatewayAttachments(gateway: KubeResource): Attachment[] {
  const status = fields(gateway.status)
  const said = items(status['listeners']).map(fields)
  return [
    { place: '', ...judged(items(status['conditions']).map(fields)) },
    ...entries(fields(gateway.spec)['listeners']).map(({ value }): Attachment => {
      const own = said.find((listener) => listener['name'] === value['name'])
      const routes = number(own?.['attachedRoutes'])
      return {
        place: text(value['name']),
        ...judged(items(own?.['conditions']).map(fields)),
        ...(routes === undefined ? {} : { routes }),
      }
    }),
  ]
}

function judged(conditions: readonly Fields[]): Pick<Attachment, 'state' | 'reasons'> {
  const bad = conditions.filter(
    ({ type, status }) => status === (BAD_WHEN_TRUE.includes(text(type)) ? 'True' : 'False'),
  )
  const isWaited = conditions.length === 0 || conditions.some(({ status }) => status === 'Unknown')
  return {
    state: bad.length > 0 ? 'refused' : isWaited ? 'pending' : 'attached',
    reasons: bad.map(({ type, reason, message }) => `${text(type)} (${text(reason)}): ${text(message)}`),
  }
}

/** A parent as people would say it; its parts in one order, so that two can be compared. */
function placeOf(ref: Fields, namespace: string): string {
  const port = number(ref['port'])
  return [
    `${text(ref['kind']) || 'Gateway'} ${text(ref['namespace']) || namespace}/${text(ref['name'])}`,
    ...(text(ref['sectionName']) === '' ? [] : [text(ref['sectionName'])]),
    ...(port === undefined ? [] : [String(port)]),
  ].join(', ')
}
