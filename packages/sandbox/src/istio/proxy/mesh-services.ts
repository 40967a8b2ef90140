/** The services that a proxy of a cluster is told of, with the addresses behind them. */
import { listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'

export interface MeshService {
  /** `reviews.shop.svc.cluster.local`, or the host of a ServiceEntry. */
  readonly host: string
  readonly name: string
  readonly namespace: string
  /** None of a headless or an external one. */
  readonly address?: string
  readonly isExternal: boolean
  readonly ports: readonly MeshPort[]
}

export interface MeshPort {
  readonly port: number
  readonly name: string
  readonly isHttp: boolean
}

export interface MeshEndpoint {
  readonly address: string
  readonly port: number
  readonly isHealthy: boolean
  readonly region?: string
  readonly zone?: string
  /** Labels of the pod behind it. */
  readonly labels: Readonly<Record<string, string>>
}

/** A cluster of the mesh. */
export interface MeshMember {
  readonly name: string
  readonly api: Pick<ClusterApi, 'get' | 'list'>
}

const EAST_WEST_PORT = 15_443
const DOMAIN = 'svc.cluster.local'

export function meshServices(api: Pick<ClusterApi, 'list'>): readonly MeshService[] {
  const services = api.list('services').flatMap((service): MeshService[] => {
    const { name, namespace = '' } = service.metadata
    const address = textAt(service, 'spec', 'clusterIP')
    if (textAt(service, 'spec', 'type') === 'ExternalName') return []
    return [
      {
        host: `${name}.${namespace}.${DOMAIN}`,
        name,
        namespace,
        ...(address === undefined || address === 'None' ? {} : { address }),
        isExternal: false,
        ports: listAt(service, 'spec', 'ports').map((port) => portOf(port, 'port')),
      },
    ]
  })
  const entries = api.list('networking.istio.io/serviceentries').flatMap((entry) =>
    listAt(entry, 'spec', 'hosts').map((host): MeshService => ({
      host: String(host),
      name: String(host),
      namespace: entry.metadata.namespace ?? '',
      isExternal: true,
      ports: listAt(entry, 'spec', 'ports').map((port) => portOf(port, 'number')),
    })),
  )
  return [...services, ...entries].toSorted((a, b) => (a.host < b.host ? -1 : 1))
}

function portOf(port: unknown, number: string): MeshPort {
  const name = textAt(port, 'name') ?? ''
  const protocol = textAt(port, 'appProtocol') ?? textAt(port, 'protocol') ?? ''
  const isHttp = /^(http2?|grpc|grpc-web)(-|$)/.test(name) || /^(http2?|grpc)$/i.test(protocol)
  return { port: numberAt(port, number) ?? 0, name, isHttp }
}

/** Addresses behind a port of a service: those of the proxy's own cluster, and gateways to those of the others. */
export function endpointsOf(
  own: MeshMember,
  members: readonly MeshMember[],
  service: MeshService,
  port: MeshPort,
): readonly MeshEndpoint[] {
  if (service.isExternal) return []
  return members.flatMap((member) => {
    const found = localEndpoints(member.api, service, port)
    if (member.name === own.name || found.length === 0) return found
    const gateway = eastWestAddress(member.api)
    // Several pods behind one gateway are one endpoint.
    return gateway === undefined
      ? []
      : [{ ...found[0], address: gateway, port: EAST_WEST_PORT, isHealthy: true, labels: {} }]
  })
}

function localEndpoints(
  api: Pick<ClusterApi, 'get' | 'list'>,
  { name, namespace }: MeshService,
  { name: portName }: MeshPort,
): readonly MeshEndpoint[] {
  const slices = api
    .list('discovery.k8s.io/endpointslices', namespace)
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
  return slices.flatMap((slice) => {
    const port = listAt(slice, 'ports').find((each) => (textAt(each, 'name') ?? '') === portName)
    const number = numberAt(port, 'port')
    if (number === undefined) return []
    return listAt(slice, 'endpoints').flatMap((endpoint): MeshEndpoint[] => {
      const address = String(listAt(endpoint, 'addresses')[0] ?? '')
      const target = api.get('pods', namespace, textAt(endpoint, 'targetRef', 'name') ?? '')
      const node = api.get('nodes', undefined, textAt(endpoint, 'nodeName') ?? '')
      const region = node?.metadata.labels?.['topology.kubernetes.io/region']
      const zone = node?.metadata.labels?.['topology.kubernetes.io/zone']
      return [
        {
          address,
          port: number,
          isHealthy: recordAt(endpoint, 'conditions')['ready'] !== false,
          ...(region === undefined ? {} : { region }),
          ...(zone === undefined ? {} : { zone }),
          labels: target?.metadata.labels ?? {},
        },
      ]
    })
  })
}

function eastWestAddress(api: Pick<ClusterApi, 'list'>): string | undefined {
  const gateway = api.list('services', 'istio-system').find(({ metadata }) => metadata.name === 'istio-eastwestgateway')
  return textAt(listAt(gateway, 'status', 'loadBalancer', 'ingress')[0], 'ip')
}

/** Ports of services that select a pod, by the port that the pod itself listens on. */
export function inboundPorts(
  { api }: MeshMember,
  pod: KubeObject,
): readonly { port: number; isHttp: boolean; service: MeshService }[] {
  const found = new Map<number, { port: number; isHttp: boolean; service: MeshService }>()
  const ip = textAt(pod, 'status', 'podIP')
  for (const service of meshServices(api).filter(({ namespace }) => namespace === pod.metadata.namespace)) {
    for (const port of service.isExternal ? [] : service.ports) {
      const own = localEndpoints(api, service, port).find(({ address }) => address === ip)
      if (own !== undefined && !found.has(own.port))
        found.set(own.port, { port: own.port, isHttp: port.isHttp, service })
    }
  }
  return [...found.values()]
}
