import { listAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { Rules } from '../../traffic/rules.ts'
import { endpointsOf, inboundPorts } from './mesh-services.ts'
import type { MeshEndpoint, MeshMember, MeshPort, MeshService } from './mesh-services.ts'

const CLUSTER = 'type.googleapis.com/envoy.config.cluster.v3.Cluster'
const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext'

/** A cluster of Envoy's, and the addresses that it balances over. */
export interface ProxyCluster {
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string }
  readonly endpoints: readonly MeshEndpoint[]
}

export interface ProxyView {
  readonly own: MeshMember
  readonly members: readonly MeshMember[]
  readonly services: readonly MeshService[]
  readonly rules: Rules
  readonly pod: KubeObject
}

/** What istiod tells a proxy of the services that it may call, and of its own ports. */
export function proxyClusters(view: ProxyView): readonly ProxyCluster[] {
  const outbound = view.services.flatMap((service) =>
    service.ports.flatMap((port) => serviceClusters(view, service, port)),
  )
  const inbound = inboundPorts(view.own, view.pod).map(({ port, service }) => ({
    config: {
      '@type': CLUSTER,
      name: `inbound|${port}||`,
      type: 'ORIGINAL_DST',
      connect_timeout: '10s',
      lb_policy: 'CLUSTER_PROVIDED',
      metadata: istioMetadata(undefined, service),
      upstream_bind_config: { source_address: { address: '127.0.0.6', port_value: 0 } },
    },
    endpoints: [],
  }))
  const plain = (name: string, type: string | undefined): ProxyCluster => ({
    config: {
      '@type': CLUSTER,
      name,
      ...(type === undefined ? {} : { type, lb_policy: 'CLUSTER_PROVIDED' }),
      connect_timeout: '10s',
    },
    endpoints: [],
  })
  return [
    ...outbound,
    plain('BlackHoleCluster', undefined),
    plain('PassthroughCluster', 'ORIGINAL_DST'),
    ...inbound,
    plain('InboundPassthroughCluster', 'ORIGINAL_DST'),
  ]
}

function serviceClusters(view: ProxyView, service: MeshService, port: MeshPort): readonly ProxyCluster[] {
  const { own, members, rules } = view
  const [rule] = rules.destinationRulesFor(service.isExternal ? service.host : `${service.name}.${service.namespace}`)
  const endpoints = endpointsOf(own, members, service, port)
  const subsets = listAt(rule, 'spec', 'subsets').map((subset) => {
    const labels = Object.entries(recordAt(subset, 'labels'))
    return clusterOf(
      service,
      port,
      rule,
      textAt(subset, 'name') ?? '',
      endpoints.filter((endpoint) => labels.every(([key, value]) => endpoint.labels[key] === value)),
    )
  })
  return [clusterOf(service, port, rule, '', endpoints), ...subsets]
}

function clusterOf(
  service: MeshService,
  { port }: MeshPort,
  rule: KubeObject | undefined,
  subset: string,
  endpoints: readonly MeshEndpoint[],
): ProxyCluster {
  const name = `outbound|${port}|${subset}|${service.host}`
  const type = service.isExternal
    ? {
        type: 'STRICT_DNS',
        load_assignment: {
          cluster_name: name,
          endpoints: [
            {
              lb_endpoints: [
                { endpoint: { address: { socket_address: { address: service.host, port_value: port } } } },
              ],
            },
          ],
        },
      }
    : { type: 'EDS', eds_cluster_config: { eds_config: { ads: {}, resource_api_version: 'V3' }, service_name: name } }
  const outlier = recordAt(rule, 'spec', 'trafficPolicy', 'outlierDetection')
  return {
    config: {
      '@type': CLUSTER,
      name,
      ...type,
      connect_timeout: '10s',
      lb_policy: 'LEAST_REQUEST',
      circuit_breakers: {
        thresholds: [{ max_connections: 4_294_967_295, max_requests: 4_294_967_295, track_remaining: true }],
      },
      ...(Object.keys(outlier).length === 0
        ? {}
        : {
            outlier_detection: {
              consecutive_5xx: outlier['consecutive5xxErrors'],
              interval: outlier['interval'],
              base_ejection_time: outlier['baseEjectionTime'],
            },
          }),
      ...(service.isExternal ? {} : { transport_socket_matches: transportSockets(service, port) }),
      metadata: istioMetadata(rule && configPath(rule, 'destination-rule'), service, subset),
    },
    endpoints,
  }
}

function transportSockets({ host, name, namespace }: MeshService, port: number): readonly unknown[] {
  const identity = `spiffe://cluster.local/ns/${namespace}/sa/${name}`
  return [
    {
      name: 'tlsMode-istio',
      match: { tlsMode: 'istio' },
      transport_socket: {
        name: 'envoy.transport_sockets.tls',
        typed_config: {
          '@type': TLS,
          common_tls_context: {
            tls_certificate_sds_secret_configs: [{ name: 'default' }],
            combined_validation_context: {
              default_validation_context: { match_subject_alt_names: [{ exact: identity }] },
              validation_context_sds_secret_config: { name: 'ROOTCA' },
            },
          },
          sni: `outbound_.${port}_._.${host}`,
        },
      },
    },
    { name: 'tlsMode-disabled', match: {}, transport_socket: { name: 'envoy.transport_sockets.raw_buffer' } },
  ]
}

/** Where istiod notes which object a part of a configuration came from. */
export function configPath({ metadata }: KubeObject, kind: string): string {
  return `/apis/networking.istio.io/v1/namespaces/${metadata.namespace ?? ''}/${kind}/${metadata.name}`
}

function istioMetadata(config: string | undefined, service: MeshService, subset = ''): unknown {
  const { host, name, namespace, isExternal } = service
  return {
    filter_metadata: {
      istio: {
        ...(config === undefined ? {} : { config }),
        ...(isExternal ? { external: true } : {}),
        services: [{ host, name, namespace }],
        ...(subset === '' ? {} : { subset }),
      },
    },
  }
}
