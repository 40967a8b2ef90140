import { inboundPorts } from './mesh-services.ts'
import type { ProxyView } from './envoy-clusters.ts'
import type { GatewayServer } from './envoy-routes.ts'

const LISTENER = 'type.googleapis.com/envoy.config.listener.v3.Listener'
const MANAGER = 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'
const TCP = 'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy'
const DOWNSTREAM = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext'
const PLAIN_HTTP = ['http/1.1', 'h2c']
const MESH_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2']
const MESH_TCP = ['istio-peer-exchange', 'istio']

type Listener = Readonly<Record<string, unknown>> & { readonly name: string }

const socket = (address: string, port: number): unknown => ({ socket_address: { address, port_value: port } })
const tcpProxy = (cluster: string): unknown => ({
  name: 'envoy.filters.network.tcp_proxy',
  typed_config: { '@type': TCP, stat_prefix: cluster, cluster },
})
const httpManager = (config: Record<string, unknown>): unknown => ({
  name: 'envoy.filters.network.http_connection_manager',
  typed_config: {
    '@type': MANAGER,
    ...config,
    http_filters: [{ name: 'istio.stats' }, { name: 'envoy.filters.http.router' }],
  },
})
const rds = (name: string): Record<string, unknown> => ({
  rds: { config_source: { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' }, route_config_name: name },
})

/** Listeners of a sidecar: what leaves the pod by address and port, and what comes in. */
export function sidecarListeners(view: ProxyView): readonly Listener[] {
  const ports = view.services.flatMap((service) => service.ports.map((port) => ({ service, ...port })))
  const http = new Set(ports.filter(({ isHttp }) => isHttp).map(({ port }) => port))
  const tcp = ports.filter(({ isHttp, service }) => !isHttp && service.address !== undefined)
  return [
    ...[...http].toSorted((a, b) => a - b).map(httpListener),
    ...tcp.map(({ service, port }) => {
      const address = service.address ?? ''
      return outbound(`${address}_${port}`, address, port, [
        { filters: [tcpProxy(`outbound|${port}||${service.host}`)] },
      ])
    }),
    virtualOutbound(),
    virtualInbound(view),
  ]
}

function httpListener(port: number): Listener {
  return {
    ...outbound(`0.0.0.0_${port}`, '0.0.0.0', port, [
      {
        filter_chain_match: { transport_protocol: 'raw_buffer', application_protocols: PLAIN_HTTP },
        filters: [httpManager({ stat_prefix: `outbound_0.0.0.0_${port}`, ...rds(String(port)) })],
      },
    ]),
    default_filter_chain: { name: 'PassthroughFilterChain', filters: [tcpProxy('PassthroughCluster')] },
  }
}

function outbound(name: string, address: string, port: number, chains: readonly unknown[]): Listener {
  return {
    '@type': LISTENER,
    name,
    address: socket(address, port),
    filter_chains: chains,
    traffic_direction: 'OUTBOUND',
    bind_to_port: false,
  }
}

function virtualOutbound(): Listener {
  return {
    '@type': LISTENER,
    name: 'virtualOutbound',
    address: socket('0.0.0.0', 15_001),
    filter_chains: [
      {
        name: 'virtualOutbound-blackhole',
        filter_chain_match: { destination_port: 15_001 },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      { name: 'virtualOutbound-catchall-tcp', filters: [tcpProxy('PassthroughCluster')] },
    ],
    use_original_dst: true,
    traffic_direction: 'OUTBOUND',
  }
}

function virtualInbound(view: ProxyView): Listener {
  const chains = inboundPorts(view.own, view.pod).flatMap(({ port, isHttp }) => {
    const cluster = `inbound|${port}||`
    const filter = isHttp
      ? httpManager({
          stat_prefix: `inbound_0.0.0.0_${port}`,
          route_config: {
            name: cluster,
            virtual_hosts: [
              {
                name: `inbound|http|${port}`,
                domains: ['*'],
                routes: [{ name: 'default', match: { prefix: '/' }, route: { cluster, timeout: '0s' } }],
              },
            ],
          },
        })
      : tcpProxy(cluster)
    const isStrict = strict(view)
    return [
      {
        name: `0.0.0.0_${port}`,
        filter_chain_match: {
          destination_port: port,
          transport_protocol: 'tls',
          ...(isStrict ? {} : { application_protocols: isHttp ? MESH_HTTP : MESH_TCP }),
        },
        filters: [filter],
        transport_socket: {
          name: 'envoy.transport_sockets.tls',
          typed_config: { '@type': DOWNSTREAM, require_client_certificate: true },
        },
      },
      ...(isStrict
        ? []
        : [
            {
              name: `0.0.0.0_${port}`,
              filter_chain_match: { destination_port: port, transport_protocol: 'raw_buffer' },
              filters: [filter],
            },
          ]),
    ]
  })
  return {
    '@type': LISTENER,
    name: 'virtualInbound',
    address: socket('0.0.0.0', 15_006),
    filter_chains: [
      {
        name: 'virtualInbound-blackhole',
        filter_chain_match: { destination_port: 15_006 },
        filters: [tcpProxy('BlackHoleCluster')],
      },
      ...chains,
      { name: 'virtualInbound', filters: [tcpProxy('InboundPassthroughCluster')] },
    ],
    use_original_dst: true,
    traffic_direction: 'INBOUND',
  }
}

/** Whether only mutual TLS comes in, by the namespace's own rule or the mesh's. */
function strict({ rules, pod }: ProxyView): boolean {
  const all = rules.policies('security.istio.io/peerauthentications', pod.metadata.namespace ?? '')
  return all.some((policy) => policy.spec !== undefined && JSON.stringify(policy.spec) === '{"mtls":{"mode":"STRICT"}}')
}

/** Listeners of a gateway, one for each port that its Gateways open. */
export function gatewayListeners(servers: readonly GatewayServer[]): readonly Listener[] {
  const ports = new Set(servers.map(({ port }) => port))
  return [...ports].map((port) => ({
    '@type': LISTENER,
    name: `0.0.0.0_${port}`,
    address: socket('0.0.0.0', port),
    filter_chains: [{ filters: [httpManager({ stat_prefix: `outbound_0.0.0.0_${port}`, ...rds(`http.${port}`) })] }],
    traffic_direction: 'OUTBOUND',
  }))
}

/** What every proxy opens for those who watch it. */
export function staticListeners(): readonly unknown[] {
  return [15_090, 15_021].map((port) => ({
    listener: {
      '@type': LISTENER,
      address: socket('0.0.0.0', port),
      filter_chains: [
        {
          filters: [
            httpManager({
              stat_prefix: port === 15_090 ? 'stats' : 'agent',
              route_config: {
                virtual_hosts: [
                  {
                    name: 'backend',
                    domains: ['*'],
                    routes: [
                      {
                        match: { prefix: port === 15_090 ? '/stats/prometheus' : '/healthz/ready' },
                        route: { cluster: port === 15_090 ? 'prometheus_stats' : 'agent' },
                      },
                    ],
                  },
                ],
              },
            }),
          ],
        },
      ],
    },
  }))
}
