import { textAt } from '../../json.ts'
import { proxyClusters } from './envoy-clusters.ts'
import type { ProxyCluster, ProxyView } from './envoy-clusters.ts'
import { gatewayListeners, sidecarListeners, staticListeners } from './envoy-listeners.ts'
import { gatewayRoutes, sidecarRoutes } from './envoy-routes.ts'
import { gatewayServers, isGateway, proxyEnv, proxyVersion, startedAt } from './proxy-view.ts'

const ADMIN = 'type.googleapis.com/envoy.admin.v3.'
const STATIC_CLUSTERS = ['prometheus_stats', 'agent', 'sds-grpc', 'xds-grpc']

export interface ProxyCertificate {
  /** PEM. */
  readonly chain: string
  readonly root: string
}

/** `/config_dump`. Source: https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/config_dump.proto */
export function configDump(view: ProxyView, certificate: ProxyCertificate, refusal: string | undefined): unknown {
  const { pod } = view
  const began = new Date(startedAt(pod)).toISOString()
  const update = { version_info: `${began}/1`, last_updated: began }
  const servers = gatewayServers(view)
  const listeners = isGateway(pod) ? gatewayListeners(servers) : sidecarListeners(view)
  const routes = isGateway(pod) ? gatewayRoutes(view, servers) : sidecarRoutes(view)
  return {
    configs: [
      { '@type': `${ADMIN}BootstrapConfigDump`, bootstrap: bootstrap(view), last_updated: began },
      {
        '@type': `${ADMIN}ClustersConfigDump`,
        version_info: update.version_info,
        static_clusters: STATIC_CLUSTERS.map((name) => ({
          cluster: { name, connect_timeout: '1s' },
          last_updated: began,
        })),
        dynamic_active_clusters: proxyClusters(view).map(({ config }) => ({ ...update, cluster: config })),
      },
      {
        '@type': `${ADMIN}ListenersConfigDump`,
        version_info: update.version_info,
        static_listeners: staticListeners(),
        dynamic_listeners: listeners.map((listener) => ({
          name: listener.name,
          active_state: { ...update, listener },
          ...(refusal !== undefined && listener.name === 'virtualInbound'
            ? { error_state: { last_update_attempt: began, details: refusal } }
            : {}),
        })),
      },
      { '@type': `${ADMIN}ScopedRoutesConfigDump` },
      {
        '@type': `${ADMIN}RoutesConfigDump`,
        dynamic_route_configs: routes.map((config) => ({ ...update, route_config: config })),
      },
      {
        '@type': `${ADMIN}SecretsConfigDump`,
        dynamic_active_secrets: [
          {
            name: 'default',
            ...update,
            secret: {
              name: 'default',
              tls_certificate: {
                certificate_chain: { inline_bytes: base64(certificate.chain + certificate.root) },
                // As Envoy writes it: the word "[redacted]".
                private_key: { inline_bytes: 'W3JlZGFjdGVkXQ==' },
              },
            },
          },
          {
            name: 'ROOTCA',
            ...update,
            secret: { name: 'ROOTCA', validation_context: { trusted_ca: { inline_bytes: base64(certificate.root) } } },
          },
        ],
      },
    ],
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function bootstrap({ pod }: ProxyView): unknown {
  const { name, namespace = '', labels = {} } = pod.metadata
  const ip = textAt(pod, 'status', 'podIP') ?? ''
  const type = isGateway(pod) ? 'router' : 'sidecar'
  const env = (key: string): string => proxyEnv(pod, key) ?? ''
  return {
    node: {
      id: `${type}~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
      cluster: `${labels['service.istio.io/canonical-name'] ?? ''}.${namespace}`,
      metadata: {
        CLUSTER_ID: env('ISTIO_META_CLUSTER_ID'),
        INSTANCE_IPS: ip,
        INTERCEPTION_MODE: env('ISTIO_META_INTERCEPTION_MODE'),
        ISTIO_VERSION: proxyVersion(pod),
        LABELS: labels,
        MESH_ID: env('ISTIO_META_MESH_ID'),
        NAME: name,
        NAMESPACE: namespace,
        NETWORK: env('ISTIO_META_NETWORK'),
        OWNER: env('ISTIO_META_OWNER'),
        PILOT_SAN: ['istiod.istio-system.svc'],
        SERVICE_ACCOUNT: textAt(pod, 'spec', 'serviceAccountName') ?? 'default',
        WORKLOAD_NAME: env('ISTIO_META_WORKLOAD_NAME'),
      },
    },
    static_resources: { clusters: STATIC_CLUSTERS.map((cluster) => ({ name: cluster })) },
    dynamic_resources: {
      ads_config: { api_type: 'DELTA_GRPC', grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }] },
    },
    admin: {
      profile_path: '/var/lib/istio/data/envoy.prof',
      address: { socket_address: { address: '127.0.0.1', port_value: 15_000 } },
    },
  }
}

/** `/clusters?format=json`. Source: https://www.envoyproxy.io/docs/envoy/latest/api-v3/admin/v3/clusters.proto */
export function clusterStatuses(view: ProxyView, isFailing: (cluster: ProxyCluster) => boolean): unknown {
  const own = ['prometheus_stats', 'agent'].map((name, index) => ({
    name,
    host_statuses: [
      {
        address: { socket_address: { address: '127.0.0.1', port_value: [15_000, 15_020][index] } },
        health_status: { eds_health_status: 'HEALTHY' },
        weight: 1,
      },
    ],
  }))
  const others = proxyClusters(view).map((cluster) => ({
    name: cluster.config.name,
    added_via_api: true,
    observability_name: `${cluster.config.name};`,
    ...(cluster.endpoints.length === 0
      ? {}
      : {
          host_statuses: cluster.endpoints.map(({ address, port, isHealthy, region, zone }, index) => ({
            address: { socket_address: { address, port_value: port } },
            health_status: {
              eds_health_status: isHealthy ? 'HEALTHY' : 'UNHEALTHY',
              ...(index === 0 && isFailing(cluster) ? { failed_outlier_check: true } : {}),
            },
            weight: 1,
            locality: { ...(region === undefined ? {} : { region }), ...(zone === undefined ? {} : { zone }) },
          })),
        }),
  }))
  return { cluster_statuses: [...own, ...others] }
}
