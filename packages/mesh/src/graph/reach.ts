import type { KindId, KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, serviceHost } from '../analysis/hosts.ts'
import { entries, fields, isEmpty, labelsIn, text, texts, type Fields } from '../analysis/read.ts'
import type { GraphNode } from './model.ts'

export const REACHED_SIDES = ['server', 'client', 'both'] as const

/** Whom an object of Istio's or the Gateway API's configuration concerns, as far as it says so itself. */
export interface Reach {
  /** Full hosts, `*.example.com` among them: calls to them are what it changes. */
  hosts: string[]
  /** Proxies that it sets up: of workloads with these labels, of all where there are none. */
  workloads?: {
    /** Absent: of the whole mesh. */
    namespace?: string
    labels: Record<string, string>
    /** Whether it is about what they are asked, what they ask, or both. */
    side: (typeof REACHED_SIDES)[number]
  }
}

/** What must be known of a node to tell whether something reaches it. */
export type ReachedNode = Pick<GraphNode, 'id' | 'type' | 'name' | 'namespace' | 'app' | 'version'>

/** What stands in the mesh's own namespace and selects nothing is for all of the mesh. */
const ROOT_NAMESPACE = 'istio-system'
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'
/** Labels that metrics know by another name. */
const APP_LABELS = ['app', 'app.kubernetes.io/name', 'service.istio.io/canonical-name']
const VERSION_LABELS = ['version', 'app.kubernetes.io/version', 'service.istio.io/canonical-revision']

/** Reads whom an object concerns. Exports, ports and matches are not looked at: it may concern fewer. */
export function reachOf(kind: KindId, object: KubeResource): Reach {
  const namespace = object.metadata.namespace ?? ''
  const spec = fields(object.spec)
  const full = (host: string): string => fullHost(host, namespace)
  switch (kind) {
    case 'VirtualService':
      return { hosts: unique(virtualServiceHosts(spec).map(full)) }
    case 'DestinationRule':
      return { hosts: unique([full(text(spec['host']))]) }
    case 'ServiceEntry':
      return { hosts: unique(texts(spec['hosts']).map(full)) }
    case 'HTTPRoute':
    case 'GRPCRoute':
      return { hosts: unique(routeHosts(spec, namespace)) }
    case 'K8sGateway':
      return { hosts: [], workloads: { namespace, labels: { [GATEWAY_NAME]: object.metadata.name }, side: 'both' } }
    case 'Gateway':
      return { hosts: [], workloads: { labels: labelsIn(spec['selector']), side: 'both' } }
    case 'WorkloadEntry':
      return { hosts: [], workloads: { namespace, labels: labelsIn(spec['labels']), side: 'both' } }
    case 'WorkloadGroup':
      return {
        hosts: [],
        workloads: { namespace, labels: labelsIn(fields(spec['metadata'])['labels']), side: 'both' },
      }
    case 'AuthorizationPolicy':
    case 'PeerAuthentication':
    case 'RequestAuthentication':
      return policyReach(spec, namespace, 'server')
    case 'Sidecar':
      return policyReach(spec, namespace, 'client')
    case 'EnvoyFilter':
    case 'ProxyConfig':
    case 'Telemetry':
    case 'WasmPlugin':
      return policyReach(spec, namespace, 'both')
    default:
      return { hosts: [] }
  }
}

/** Whether an object that reaches so far may have changed a call; `host` is what was called, where that is known. */
export function reachesCall(
  reach: Reach,
  { source, target, host }: { source: ReachedNode | undefined; target: ReachedNode | undefined; host?: string },
): boolean {
  const called = host ?? (target && hostOf(target))
  if (called !== undefined && reach.hosts.some((each) => hostCovers(each, called))) return true
  if (target?.type === 'namespace' && reach.hosts.some((each) => each.includes(`.${target.name}.svc.`))) return true
  const { workloads } = reach
  if (workloads === undefined) return false
  return (
    (workloads.side !== 'client' && target !== undefined && selectsNode(workloads, target)) ||
    (workloads.side !== 'server' && source !== undefined && selectsNode(workloads, source))
  )
}

/** Whether an object that reaches so far is in force for a node: for calls to it, or for its own proxies. */
export function reachesNode(reach: Reach, node: ReachedNode, hosts: readonly string[] = []): boolean {
  const { workloads } = reach
  const own = hosts.length > 0 ? hosts : [hostOf(node)].flatMap((host) => host ?? [])
  return (
    own.some((host) => reach.hosts.some((each) => hostCovers(each, host))) ||
    (workloads !== undefined && selectsNode(workloads, node))
  )
}

function selectsNode({ namespace, labels }: NonNullable<Reach['workloads']>, node: ReachedNode): boolean {
  if (node.namespace === undefined || (namespace !== undefined && namespace !== node.namespace)) return false
  const wanted = Object.entries(labels)
  if (wanted.length === 0) return true
  // A namespace as one node: some workload of it is meant.
  if (node.type === 'namespace') return namespace !== undefined
  const told = wanted.map(([label, value]) => hasLabel(node, label, value))
  return told.includes(true) && !told.includes(false)
}

/** Undefined for labels that metrics do not tell of. */
function hasLabel(node: ReachedNode, label: string, value: string): boolean | undefined {
  const app = node.app ?? (node.type === 'workload' ? undefined : node.name)
  if (APP_LABELS.includes(label)) return app === undefined ? undefined : app === value
  if (VERSION_LABELS.includes(label)) return node.version === undefined ? undefined : node.version === value
  if (label === GATEWAY_NAME) return node.name === value || node.name.startsWith(`${value}-`)
  // By convention `istio: ingressgateway` is a label of `istio-ingressgateway`.
  if (label === 'istio') return node.type === 'gateway' && (node.name === value || node.name === `istio-${value}`)
  return undefined
}

/** The host that a node stands for where calls do not say: its service, or the one that is called like its application. */
function hostOf({ type, name, namespace, app }: ReachedNode): string | undefined {
  if (type === 'external') return name
  if (namespace === undefined || type === 'namespace') return undefined
  return serviceHost(type === 'workload' ? (app ?? name) : name, namespace)
}

function virtualServiceHosts(spec: Fields): string[] {
  const gateways = texts(spec['gateways'])
  // What comes in by a gateway has the names of outside; inside it is known by where it goes.
  const own = gateways.length === 0 || gateways.includes('mesh') ? texts(spec['hosts']) : []
  const routes = ['http', 'tls', 'tcp'].flatMap((protocol) => entries(spec[protocol]))
  const destinations = routes.flatMap(({ value }) => [
    ...entries(value['route']).map(({ value: route }) => fields(route['destination'])),
    ...entries(value['mirrors']).map(({ value: mirror }) => fields(mirror['destination'])),
    fields(value['mirror']),
  ])
  return [...own, ...destinations.map(({ host }) => text(host))]
}

function routeHosts(spec: Fields, namespace: string): string[] {
  const backends = entries(spec['rules']).flatMap(({ value }) => entries(value['backendRefs']))
  return [
    ...entries(spec['parentRefs']).flatMap(({ value }) => serviceOfRef(value, namespace, '')),
    ...backends.flatMap(({ value }) => serviceOfRef(value, namespace, 'Service')),
  ]
}

/** A policy is for the workloads it selects, or for the services and gateways it names. */
function policyReach(spec: Fields, namespace: string, side: NonNullable<Reach['workloads']>['side']): Reach {
  const refs = [...entries(spec['targetRefs']).map(({ value }) => value), fields(spec['targetRef'])]
  const targets = refs.filter((ref) => !isEmpty(ref))
  const hosts = unique(targets.flatMap((ref) => serviceOfRef(ref, namespace, '')))
  const gateway = targets.find((ref) => text(ref['kind']) === 'Gateway')
  if (gateway !== undefined)
    return { hosts, workloads: { namespace, labels: { [GATEWAY_NAME]: text(gateway['name']) }, side } }
  if (targets.length > 0) return { hosts }
  const labels = {
    ...labelsIn(fields(spec['selector'])['matchLabels']),
    ...labelsIn(fields(spec['workloadSelector'])['labels']),
  }
  return { hosts, workloads: { ...(namespace !== ROOT_NAMESPACE && { namespace }), labels, side } }
}

function serviceOfRef(ref: Fields, namespace: string, usualKind: string): string[] {
  const name = text(ref['name'])
  const isService = (text(ref['kind']) || usualKind) === 'Service'
  return isService && name !== '' ? [serviceHost(name, text(ref['namespace']) || namespace)] : []
}

const unique = (hosts: readonly string[]): string[] => [...new Set(hosts)].filter((host) => host !== '')
