import { listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import { matchesLabelSelector } from '../../selectors/label-selector.ts'
import type { GatewayCondition } from './conditions.ts'
import { GATEWAYS, GROUP, isGranted } from './references.ts'
import type { Reader } from './references.ts'

/** Which controller speaks, in statuses and in GatewayClasses. */
export const CONTROLLER = 'istio.io/gateway-controller'
const CLASSES = new Set(['istio', 'istio-remote'])

export interface ParentStatus {
  readonly parentRef: Record<string, unknown>
  readonly conditions: readonly GatewayCondition[]
  /** Listeners that take the route, by the Gateway's `namespace/name`. */
  readonly listeners: readonly { readonly gateway: string; readonly listener: string }[]
}

/** What becomes of a route at each parent that istiod answers for; others are not its business. */
export function parentStatuses(api: Reader, route: KubeObject): readonly ParentStatus[] {
  const resolved = resolvedRefs(api, route)
  return listAt(route, 'spec', 'parentRefs').flatMap((ref): ParentStatus[] => {
    const parentRef = { group: GROUP, kind: 'Gateway', ...recordAt({ ref }, 'ref') }
    const found =
      parentRef.kind === 'Service' ? serviceParent(api, route, parentRef) : gatewayParent(api, route, parentRef)
    if (found === undefined) return []
    return [{ parentRef, conditions: [found.accepted, resolved], listeners: found.listeners }]
  })
}

interface Attachment {
  readonly accepted: GatewayCondition
  readonly listeners: ParentStatus['listeners']
}

const refused = (reason: string, message: string): Attachment => ({
  accepted: { type: 'Accepted', status: 'False', reason, message },
  listeners: [],
})

function taken(listeners: ParentStatus['listeners']): Attachment {
  const message = listeners.length > 1 ? `Route was valid, bound to ${listeners.length} parents` : 'Route was valid'
  return { accepted: { type: 'Accepted', status: 'True', reason: 'Accepted', message }, listeners }
}

function serviceParent(api: Reader, route: KubeObject, ref: Record<string, unknown>): Attachment {
  const name = textAt(ref, 'name') ?? ''
  const service = api.get('services', textAt(ref, 'namespace') ?? route.metadata.namespace, name)
  return service === undefined ? refused('NoMatchingParent', `parent service: "${name}" not found`) : taken([])
}

function gatewayParent(api: Reader, route: KubeObject, ref: Record<string, unknown>): Attachment | undefined {
  const namespace = textAt(ref, 'namespace') ?? route.metadata.namespace ?? ''
  const gateway = api.get(GATEWAYS, namespace, textAt(ref, 'name') ?? '')
  if (gateway === undefined || !CLASSES.has(textAt(gateway, 'spec', 'gatewayClassName') ?? '')) return undefined
  const section = textAt(ref, 'sectionName')
  const port = numberAt(ref, 'port')
  const all = listAt(gateway, 'spec', 'listeners')
  const named = all.filter((listener) => section === undefined || textAt(listener, 'name') === section)
  if (named.length === 0) {
    return refused('NoMatchingParent', all.map(() => `sectionName "${section ?? ''}" not found`).join('; '))
  }
  const meant = named.filter((listener) => port === undefined || numberAt(listener, 'port') === port)
  if (meant.length === 0) {
    return refused(
      'NoMatchingParent',
      named.map((each) => `port ${port} not found, have ${numberAt(each, 'port')}`).join('; '),
    )
  }
  const outcomes = meant.map((listener) => ({ listener, why: refusalOf(api, route, gateway, listener) }))
  const listeners = outcomes.flatMap(({ listener, why }) =>
    why === undefined
      ? [{ gateway: `${namespace}/${gateway.metadata.name}`, listener: textAt(listener, 'name') ?? '' }]
      : [],
  )
  return listeners.length > 0 ? taken(listeners) : outcomes[0]?.why
}

/** Why a listener does not take a route; nothing when it does. */
function refusalOf(api: Reader, route: KubeObject, gateway: KubeObject, listener: unknown): Attachment | undefined {
  const hostname = textAt(listener, 'hostname')
  const hosts = listAt(route, 'spec', 'hostnames').map(String)
  if (!supportedKinds(listener).includes(route.kind)) {
    return refused('NotAllowedByListeners', `kind ${route.kind} is not allowed`)
  }
  if (hostname !== undefined && hosts.length > 0 && !hosts.some((host) => hostsMeet(host, hostname))) {
    return refused('NoMatchingListenerHostname', `no hostnames matched parent hostname "${hostname}"`)
  }
  const namespace = route.metadata.namespace ?? ''
  if (isNamespaceAllowed(api, namespace, gateway.metadata.namespace ?? '', listener)) return undefined
  const matched = hostname === undefined ? '' : `hostnames matched parent hostname "${hostname}", but `
  return refused('NotAllowedByListeners', `${matched}namespace "${namespace}" is not allowed by the parent`)
}

function isNamespaceAllowed(api: Reader, namespace: string, own: string, listener: unknown): boolean {
  const allowed = recordAt(listener, 'allowedRoutes', 'namespaces')
  switch (textAt(allowed, 'from') ?? 'Same') {
    case 'All':
      return true
    case 'Selector': {
      const labels = api.get('namespaces', undefined, namespace)?.metadata.labels ?? {}
      return matchesLabelSelector(recordAt(allowed, 'selector'), labels)
    }
    case 'None':
      return false
    default:
      return namespace === own
  }
}

/** Kinds of routes that a listener takes by its protocol, less those that it leaves out; none for a protocol that nobody serves. */
export function supportedKinds(listener: unknown): readonly string[] {
  const kinds = KINDS[textAt(listener, 'protocol') ?? ''] ?? []
  const wanted = listAt(listener, 'allowedRoutes', 'kinds').map((kind) => textAt(kind, 'kind') ?? '')
  return wanted.length === 0 ? kinds : kinds.filter((kind) => wanted.includes(kind))
}

const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
  HBONE: [],
}

function hostsMeet(host: string, hostname: string): boolean {
  if (host === hostname) return true
  if (hostname.startsWith('*.') && host.endsWith(hostname.slice(1))) return true
  return host.startsWith('*.') && hostname.endsWith(host.slice(1))
}

/** Whether all backends are there and may be referred to; the last thing that is wrong is told. */
function resolvedRefs(api: Reader, route: KubeObject): GatewayCondition {
  const type = 'ResolvedRefs'
  const refs = listAt(route, 'spec', 'rules').flatMap((rule) => listAt(rule, 'backendRefs'))
  let condition: GatewayCondition = { type, status: 'True', reason: 'ResolvedRefs', message: 'All references resolved' }
  const own = route.metadata.namespace ?? ''
  for (const ref of refs) {
    const group = textAt(ref, 'group') ?? ''
    const kind = textAt(ref, 'kind') ?? 'Service'
    const name = textAt(ref, 'name') ?? ''
    const namespace = textAt(ref, 'namespace') ?? own
    const wrong = (reason: string, message: string): void => {
      condition = { type, status: 'False', reason, message }
    }
    if (!(group === '' && kind === 'Service') && !(group === 'networking.istio.io' && kind === 'Hostname')) {
      wrong('InvalidKind', `referencing unsupported backendRef: group "${group}" kind "${kind}"`)
    } else if (!isGranted(api, { from: { kind: route.kind, namespace: own }, to: { group, kind, namespace, name } })) {
      wrong(
        'RefNotPermitted',
        `backendRef ${name}/${namespace} not accessible to a ${route.kind} in namespace "${own}" (missing a ReferenceGrant?)`,
      )
    } else if (kind === 'Service' && api.get('services', namespace, name) === undefined) {
      wrong('BackendNotFound', `backend(${name}.${namespace}.svc.cluster.local) not found`)
    }
  }
  return condition
}
