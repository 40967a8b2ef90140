import { kindOf, type KindId } from '@meshdeck/kube'

const ISTIO = 'https://istio.io/latest/docs/reference/config'
const ISTIO_PAGES: Partial<Record<KindId, string>> = {
  VirtualService: 'networking/virtual-service',
  DestinationRule: 'networking/destination-rule',
  Gateway: 'networking/gateway',
  ServiceEntry: 'networking/service-entry',
  Sidecar: 'networking/sidecar',
  WorkloadEntry: 'networking/workload-entry',
  WorkloadGroup: 'networking/workload-group',
  EnvoyFilter: 'networking/envoy-filter',
  ProxyConfig: 'networking/proxy-config',
  PeerAuthentication: 'security/peer_authentication',
  RequestAuthentication: 'security/request_authentication',
  AuthorizationPolicy: 'security/authorization-policy',
  Telemetry: 'telemetry',
  WasmPlugin: 'proxy_extensions/wasm-plugin',
}
const GATEWAY_API = 'https://gateway-api.sigs.k8s.io/api-types'

/** The reference page of a kind. */
export function kindDocs(id: KindId): string | undefined {
  const page = ISTIO_PAGES[id]
  if (page !== undefined) return `${ISTIO}/${page}/`
  const { category, kind } = kindOf(id)
  return category === 'gateway-api' ? `${GATEWAY_API}/${kind.toLowerCase()}/` : undefined
}
