import type { KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers, serviceHost } from './hosts.ts'
import { entries, fields, isEmpty, labelsIn, number, text, texts } from './read.ts'
import type { World } from './world.ts'

export interface RegistryPort {
  number: number | undefined
  name: string
  /** As the service says it: by `appProtocol`, else by the port's name; empty when by neither. */
  protocol: string
  targetPort: number | string | undefined
}

/** A host that the mesh knows. */
export interface RegistryHost {
  host: string
  namespace: string
  cluster: string
  kind: 'Service' | 'ServiceEntry'
  object: KubeResource
  ports: readonly RegistryPort[]
  /** Namespaces that see it: `*`, `.` or names. */
  exportTo: readonly string[]
  /** Labels of the pods behind it; absent when no pods are. */
  selector: Readonly<Record<string, string>> | undefined
}

export interface Registry {
  /** Hosts of exactly this name, that `namespace` sees. */
  find(host: string, namespace: string): readonly RegistryHost[]
  /** The same, and hosts with a wildcard that cover it. */
  covering(host: string, namespace: string): readonly RegistryHost[]
  /** Whether any host is meant by a pattern such as `*.shop.svc.cluster.local`. */
  hasAny(pattern: string, namespace: string): boolean
  all: readonly RegistryHost[]
}

const EXPORT_ANNOTATION = 'networking.istio.io/exportTo'
/** Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
export const PROTOCOLS = [
  'http',
  'http2',
  'https',
  'tcp',
  'tls',
  'grpc',
  'grpc-web',
  'mongo',
  'mysql',
  'redis',
  'udp',
  'auto',
  'hbone',
] as const
const APP_PROTOCOLS: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'http',
}

/** The protocol that a port's name says: `http-web` is HTTP. Empty when it says none. */
export function protocolOfName(name: string): string {
  const lower = name.toLowerCase()
  if (lower === 'grpc-web' || lower.startsWith('grpc-web-')) return 'grpc-web'
  const first = lower.split('-')[0] ?? ''
  return PROTOCOLS.some((each) => each === first) ? first : ''
}

/** The protocol that `appProtocol` says; empty when it is none of Istio's. */
function protocolOfApp(appProtocol: string): string {
  const lower = appProtocol.toLowerCase()
  return APP_PROTOCOLS[lower] ?? (PROTOCOLS.some((each) => each === lower) ? lower : '')
}

/** The protocol of a Service's port: by `appProtocol`, which counts before the name; empty when it is none of Istio's. */
export function protocolOfPort({ appProtocol, name }: Readonly<Record<string, unknown>>): string {
  return appProtocol === undefined ? protocolOfName(text(name)) : protocolOfApp(text(appProtocol))
}

/** Every host of the mesh. */
export function registryOf(world: World): Registry {
  return world.derive('registry', ['Service', 'ServiceEntry'], () => makeRegistry(world))
}

function makeRegistry(world: World): Registry {
  const all = [
    ...world.everywhere('Service').map(({ cluster, object }) => ofService(cluster, object)),
    ...world.all('ServiceEntry').flatMap((object) => ofEntry(world.cluster, object)),
  ]
  const byHost = Map.groupBy(all, ({ host }) => host)
  const wild = all.filter(({ host }) => host.startsWith('*'))
  const find: Registry['find'] = (host, namespace) =>
    (byHost.get(host) ?? []).filter((each) => isVisible(each.exportTo, each.namespace, namespace))
  return {
    all,
    find,
    covering: (host, namespace) => {
      const exact = find(host, namespace)
      return exact.length > 0
        ? exact
        : wild.filter((each) => hostCovers(each.host, host) && isVisible(each.exportTo, each.namespace, namespace))
    },
    hasAny: (pattern, namespace) =>
      all.some((each) => hostCovers(pattern, each.host) && isVisible(each.exportTo, each.namespace, namespace)),
  }
}

/** Whether something that is exported so can be seen from a namespace. Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/ (exportTo) */
export function isVisible(exportTo: readonly string[], owner: string, namespace: string): boolean {
  if (exportTo.length === 0) return true
  return exportTo.some((each) => each === '*' || (each === '.' ? owner === namespace : each === namespace))
}

function ofService(cluster: string, object: KubeResource): RegistryHost {
  const { name, namespace = '', annotations } = object.metadata
  const spec = fields(object.spec)
  const selector = isEmpty(spec['selector']) ? undefined : labelsIn(spec['selector'])
  return {
    host: serviceHost(name, namespace),
    namespace,
    cluster,
    kind: 'Service',
    object,
    ports: entries(spec['ports']).map(({ value }) => ({
      number: number(value['port']),
      name: text(value['name']),
      protocol: protocolOfPort(value),
      targetPort: typeof value['targetPort'] === 'string' ? value['targetPort'] : number(value['targetPort']),
    })),
    exportTo: annotations?.[EXPORT_ANNOTATION]?.split(',').map((each) => each.trim()) ?? [],
    selector,
  }
}

function ofEntry(cluster: string, object: KubeResource): RegistryHost[] {
  const spec = fields(object.spec)
  const { namespace = '' } = object.metadata
  const labels = fields(spec['workloadSelector'])['labels']
  return texts(spec['hosts']).map((host) => ({
    host: fullHost(host, namespace),
    namespace,
    cluster,
    kind: 'ServiceEntry',
    object,
    ports: entries(spec['ports']).map(({ value }) => ({
      number: number(value['number']),
      name: text(value['name']),
      protocol: text(value['protocol']).toLowerCase(),
      targetPort: number(value['targetPort']),
    })),
    exportTo: texts(spec['exportTo']),
    selector: isEmpty(labels) ? undefined : labelsIn(labels),
  }))
}
