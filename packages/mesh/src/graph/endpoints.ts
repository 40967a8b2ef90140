import { versionKey, type InventoryIndex } from './inventory-index.ts'
import type { AssembledView, EdgeSample, GraphNode, GraphOptions } from './model.ts'

/** What a node is, without its numbers. */
export type NodeIdentity = Pick<GraphNode, 'id' | 'type' | 'cluster' | 'namespace' | 'name' | 'app' | 'version'>

/** One end of a call. Calls with the same labels for it share the object. */
export interface End {
  node: NodeIdentity
  /** Equal for ends with the same id. */
  index: number
  /** Equal for what all reports of the same traffic have here, whoever reports it and under whichever host. */
  party: number
}

export interface Endpoints {
  source: End
  target: End
  host?: string
}

interface Context {
  view: AssembledView
  inventory: InventoryIndex
  clusterOf: NonNullable<GraphOptions['clusterOf']>
}

type Metric = EdgeSample['metric']

const PASSTHROUGH = 'PassthroughCluster'
const BLACKHOLE = 'BlackHoleCluster'
/** A server's report of a call to the pod's address: no service was called. */
const INBOUND_PASSTHROUGH = 'InboundPassthroughCluster'
const KUBERNETES_HOST = /^([^.]+)\.([^.]+)\.svc(\.|$)/

const CLUSTERS = ['source_cluster', 'destination_cluster']
// The three that tell most ends apart come first.
const OF_SOURCE = [
  'source_workload',
  'source_workload_namespace',
  'source_canonical_service',
  ...CLUSTERS,
  'source_canonical_revision',
  'source_version',
]
const OF_TARGET = [
  'destination_service',
  'destination_workload',
  'destination_workload_namespace',
  ...CLUSTERS,
  'destination_service_name',
  'destination_service_namespace',
  'destination_canonical_service',
  'destination_canonical_revision',
  'destination_version',
]

/**
 * A reader of who calls whom, from Istio's labels. A large mesh has ten thousands of samples with few thousand ends: each
 * end is worked out once. Source: https://istio.io/latest/docs/reference/config/metrics/
 */
export function endpointsReader(context: Context): (metric: Metric) => Endpoints {
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const seen = numbers.get(text)
    if (seen !== undefined) return seen
    numbers.set(text, numbers.size)
    return numbers.size - 1
  }
  const clustersOf = (metric: Metric) => ({
    source: context.clusterOf(known(metric, 'source_cluster')),
    target: context.clusterOf(known(metric, 'destination_cluster')),
  })
  const sourceEnd = remembered(OF_SOURCE, (metric): End => {
    const { source, target } = clustersOf(metric)
    const node = sourceOf(metric, source ?? target, context)
    const from = known(metric, 'source_workload') ?? known(metric, 'source_canonical_service') ?? ''
    return { node, index: numberOf(node.id), party: numberOf(`${node.id} ${from}`) }
  })
  const targetEnd = remembered(OF_TARGET, (metric): End => {
    const { source, target } = clustersOf(metric)
    const node = targetOf(metric, target, source, context)
    const to = known(metric, 'destination_workload') ?? known(metric, 'destination_canonical_service')
    const party = to === undefined ? node.id : `${node.cluster} ${node.namespace} ${to}`
    return { node, index: numberOf(node.id), party: numberOf(party) }
  })
  return (metric) => {
    const host = known(metric, 'destination_service')
    const ends = { source: sourceEnd(metric), target: targetEnd(metric) }
    return host !== undefined && isRealHost(host) ? { ...ends, host } : ends
  }
}

/**
 * Works something out once for all metrics with the same values of some labels. The first three should tell most of
 * the rest apart: what shares them is compared one by one, since a text of all labels would be dear to make for each sample.
 */
function remembered<T>(labels: readonly string[], work: (metric: Metric) => T): (metric: Metric) => T {
  const [first = '', second = '', third = '', ...others] = labels
  const known = new Map<string, { metric: Metric; answer: T }[]>()
  return (metric) => {
    const key = `${metric[first]} ${metric[second]} ${metric[third]}`
    const alike = known.get(key) ?? []
    const seen = alike.find((each) => others.every((label) => each.metric[label] === metric[label]))
    if (seen !== undefined) return seen.answer
    const answer = work(metric)
    known.set(key, [...alike, { metric, answer }])
    return answer
  }
}

function sourceOf(metric: Metric, cluster: string | undefined, context: Context): NodeIdentity {
  const namespace = known(metric, 'source_workload_namespace')
  if (namespace === undefined) return unknownNode(cluster)
  const workload = known(metric, 'source_workload')
  const canonical = known(metric, 'source_canonical_service')
  const version = versionOf(metric, 'source')
  if (context.view === 'namespace') return namespaceNode(cluster, namespace)
  if (context.view === 'workload') {
    return workload === undefined
      ? unknownNode(cluster)
      : workloadNode({ cluster, namespace, name: workload, app: canonical, version }, context)
  }
  if (context.view === 'version') {
    const app = canonical ?? workload
    return app === undefined
      ? unknownNode(cluster)
      : versionNode({ cluster, namespace, name: app, version, workload }, context)
  }
  return callerService(metric, 'source', cluster, namespace, context) ?? unknownNode(cluster)
}

function targetOf(
  metric: Metric,
  reported: string | undefined,
  caller: string | undefined,
  context: Context,
): NodeIdentity {
  const host = known(metric, 'destination_service')
  const name = known(metric, 'destination_service_name')
  if (name === PASSTHROUGH || host === PASSTHROUGH) return outsideNode('passthrough', PASSTHROUGH, caller ?? reported)
  if (name === BLACKHOLE || host === BLACKHOLE) return outsideNode('blackhole', BLACKHOLE, caller ?? reported)

  const service = calledService(metric, host, name)
  const cluster =
    reported ??
    (service.inCluster ? context.inventory.clusterOfService(service.namespace, service.name, caller) : caller)
  const namespace = known(metric, 'destination_workload_namespace')
  if (context.view === 'namespace') {
    const at = namespace ?? service.namespace
    return at === '' ? outsideNode('external', 'external') : namespaceNode(cluster, at)
  }
  const workload = known(metric, 'destination_workload')
  const app = known(metric, 'destination_canonical_service')
  if (context.view === 'workload' && workload !== undefined && namespace !== undefined) {
    return workloadNode({ cluster, namespace, name: workload, app, version: versionOf(metric, 'destination') }, context)
  }
  if (context.view === 'version' && app !== undefined && namespace !== undefined) {
    return versionNode({ cluster, namespace, name: app, version: versionOf(metric, 'destination'), workload }, context)
  }
  // ztunnel names the waypoint that it goes to as the workload, and as the service the one behind it.
  const isHop = app !== undefined && namespace !== undefined && context.inventory.isWaypoint(namespace, app)
  if (isHop) return serviceNode({ cluster, namespace, name: app }, context)
  if (service.inCluster) return serviceNode({ cluster, namespace: service.namespace, name: service.name }, context)
  if (namespace !== undefined) {
    // A host outside Kubernetes with a workload behind it (a VM), or a pod that was called by its address.
    const byHost = service.name === '' ? undefined : serviceNode({ cluster, namespace, name: service.name }, context)
    const node = byHost ?? callerService(metric, 'destination', cluster, namespace, context)
    if (node !== undefined) return node
  }
  return service.name === '' ? unknownNode(cluster) : outsideNode('external', service.name)
}

interface CalledService {
  /** Empty when no service was called. */
  name: string
  /** Empty when not known. */
  namespace: string
  /** A Kubernetes service, by its host. */
  inCluster: boolean
}

/** The host is asked first: from a waypoint the namespace label may be the waypoint's own. */
function calledService(metric: Metric, host: string | undefined, name: string | undefined): CalledService {
  const [, hostName, hostNamespace] = KUBERNETES_HOST.exec(host ?? '') ?? []
  if (hostName !== undefined && hostNamespace !== undefined) {
    return { name: hostName, namespace: hostNamespace, inCluster: true }
  }
  const namespace = known(metric, 'destination_service_namespace') ?? ''
  if (name === INBOUND_PASSTHROUGH || host === INBOUND_PASSTHROUGH) return { name: '', namespace, inCluster: false }
  return { name: host ?? name ?? '', namespace, inCluster: false }
}

/** The service that a workload stands for in the service view; undefined when it has no name at all. */
function callerService(
  metric: Metric,
  side: 'source' | 'destination',
  cluster: string | undefined,
  namespace: string,
  context: Context,
): NodeIdentity | undefined {
  const workload = known(metric, `${side}_workload`)
  const canonical = known(metric, `${side}_canonical_service`)
  const byInventory = workload && context.inventory.serviceOf(cluster, namespace, workload, canonical)
  const name = byInventory ?? canonical ?? workload
  if (name === undefined) return undefined
  const door = workload === undefined ? undefined : context.inventory.doorOf(cluster, namespace, workload)
  return serviceNode({ cluster, namespace, name, door }, context)
}

interface Place {
  cluster: string | undefined
  namespace: string
  name: string
}

function workloadNode(
  { cluster, namespace, name, app, version }: Place & { app: string | undefined; version: string | undefined },
  { inventory }: Context,
): NodeIdentity {
  const item = inventory.workload(cluster, namespace, name)
  const shownApp = item?.app ?? app
  const shownVersion = item?.version ?? version
  return {
    id: `workload:${cluster ?? ''}/${namespace}/${name}`,
    type: inventory.doorOf(cluster, namespace, name) ?? 'workload',
    ...place(cluster, namespace),
    name,
    ...(shownApp !== undefined && { app: shownApp }),
    ...(shownVersion !== undefined && { version: shownVersion }),
  }
}

function serviceNode(
  { cluster, namespace, name, door }: Place & { door?: 'gateway' | 'waypoint' | undefined },
  { inventory }: Context,
): NodeIdentity {
  return {
    id: `service:${cluster ?? ''}/${namespace}/${name}`,
    type: door ?? inventory.doorOf(cluster, namespace, name) ?? 'service',
    ...place(cluster, namespace),
    name,
  }
}

/** One version of an application: what its workloads do together. */
function versionNode(
  { cluster, namespace, name, version, workload }: Place & Record<'version' | 'workload', string | undefined>,
  { inventory }: Context,
): NodeIdentity {
  return {
    id: `version:${cluster ?? ''}/${namespace}/${versionKey(name, version)}`,
    type: inventory.doorOf(cluster, namespace, workload ?? name) ?? 'version',
    ...place(cluster, namespace),
    name,
    app: name,
    ...(version !== undefined && { version }),
  }
}

const namespaceNode = (cluster: string | undefined, namespace: string): NodeIdentity => ({
  id: `namespace:${cluster ?? ''}/${namespace}`,
  type: 'namespace',
  ...place(cluster, namespace),
  name: namespace,
})

const unknownNode = (cluster: string | undefined): NodeIdentity => outsideNode('unknown', 'unknown', cluster)

const outsideNode = (
  type: 'external' | 'passthrough' | 'blackhole' | 'unknown',
  name: string,
  cluster?: string | undefined,
): NodeIdentity => ({
  id: cluster === undefined ? `${type}:${name}` : `${type}:${cluster}/${name}`,
  type,
  ...(cluster !== undefined && { cluster }),
  name,
})

/** The node of something in the inventory, for a view; services have no place in the workload view, nor the reverse. */
export function inventoryNodes(options: GraphOptions, inventory: InventoryIndex): NodeIdentity[] {
  const { workloads = [], services = [] } = options.inventory ?? {}
  const context = { view: options.view, inventory, clusterOf: (id: string | undefined) => id }
  switch (options.view) {
    case 'workload':
      return workloads.map((item) => workloadNode({ app: undefined, version: undefined, ...item }, context))
    case 'version':
      return workloads.map(({ cluster, namespace, name, app, version }) =>
        versionNode({ cluster, namespace, name: app ?? name, version, workload: name }, context),
      )
    case 'service':
      return services.map(({ cluster, namespace, name }) => serviceNode({ cluster, namespace, name }, context))
    case 'namespace':
      return [...workloads, ...services].map(({ cluster, namespace }) => namespaceNode(cluster, namespace))
  }
}

function place(cluster: string | undefined, namespace: string): { cluster?: string; namespace: string } {
  return { ...(cluster !== undefined && { cluster }), namespace }
}

/** `latest` is what Istio writes when a pod has no version. */
function versionOf(metric: Metric, side: 'source' | 'destination'): string | undefined {
  const version = known(metric, `${side}_canonical_revision`) ?? known(metric, `${side}_version`)
  return version === 'latest' ? undefined : version
}

/** A label's value, unless it is one of Istio's ways to say that nobody knows. */
function known(metric: Metric, label: string): string | undefined {
  const value = metric[label]
  return value === undefined || value === '' || value === 'unknown' ? undefined : value
}

const isRealHost = (host: string): boolean => host !== PASSTHROUGH && host !== BLACKHOLE && host !== INBOUND_PASSTHROUGH
