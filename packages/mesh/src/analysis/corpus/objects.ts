import type { KubeResource } from '@meshdeck/kube'

type Labels = Record<string, string>
type Metadata = Partial<KubeResource['metadata']>

/** Makers of objects for the corpus: as short as an API server would take them. */
export const SHOP = 'shop'
export const ROOT = 'istio-system'

function make(apiVersion: string, kind: string) {
  return (name: string, spec: object, metadata: Metadata = {}): KubeResource => ({
    apiVersion,
    kind,
    metadata: { name, namespace: SHOP, ...metadata },
    spec,
  })
}

export const virtualService = make('networking.istio.io/v1', 'VirtualService')
export const destinationRule = make('networking.istio.io/v1', 'DestinationRule')
export const gateway = make('networking.istio.io/v1', 'Gateway')
export const serviceEntry = make('networking.istio.io/v1', 'ServiceEntry')
export const sidecar = make('networking.istio.io/v1', 'Sidecar')
export const workloadGroup = make('networking.istio.io/v1', 'WorkloadGroup')
export const envoyFilter = make('networking.istio.io/v1alpha3', 'EnvoyFilter')
export const peer = make('security.istio.io/v1', 'PeerAuthentication')
export const request = make('security.istio.io/v1', 'RequestAuthentication')
export const policy = make('security.istio.io/v1', 'AuthorizationPolicy')
export const telemetry = make('telemetry.istio.io/v1', 'Telemetry')
export const k8sGateway = make('gateway.networking.k8s.io/v1', 'Gateway')
export const httpRoute = make('gateway.networking.k8s.io/v1', 'HTTPRoute')
export const referenceGrant = make('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant')

export function gatewayClass(name: string): KubeResource {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name },
    spec: { controllerName: 'istio.io/gateway-controller' },
  }
}

export function namespace(name: string, labels: Labels = {}, annotations: Labels = {}): KubeResource {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } }
}

export function account(name: string, place = SHOP): KubeResource {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: place } }
}

export interface PortLike {
  name?: string
  port: number
  targetPort?: number | string
  protocol?: string
  appProtocol?: string
}

export function service(
  name: string,
  ports: readonly PortLike[] = [{ name: 'http', port: 9080 }],
  spec: object = {},
  metadata: Metadata = {},
): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: SHOP, ...metadata },
    spec: { selector: { app: name }, ports, ...spec },
  }
}

const container = (name: string, port = 9080): object => ({
  name,
  image: `example/${name}:1`,
  ports: [{ containerPort: port }],
})
const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.31.0' }

/** A pod with a sidecar that runs. */
export function pod(name: string, labels: Labels, spec: object = {}, metadata: Metadata = {}): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: SHOP, labels, ...metadata },
    spec: { serviceAccountName: 'default', containers: [container('app'), proxy], ...spec },
    status: { phase: 'Running' },
  }
}

export function deployment(name: string, labels: Labels, spec: object = {}, metadata: Metadata = {}): KubeResource {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: SHOP, ...metadata },
    spec: {
      // Their pods are made by hand.
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container('app')], ...spec } },
    },
  }
}

/** A small mesh with which nothing is wrong. Each case adds to it. */
export const BASE: readonly KubeResource[] = [
  namespace(ROOT),
  namespace(SHOP, { 'istio-injection': 'enabled' }),
  account('default'),
  service('reviews'),
  deployment('reviews-v1', { app: 'reviews', version: 'v1' }),
  pod('reviews-v1-a', { app: 'reviews', version: 'v1' }),
  pod('reviews-v2-a', { app: 'reviews', version: 'v2' }),
  service(
    'istio-ingressgateway',
    [
      { name: 'http2', port: 80, targetPort: 8080 },
      { name: 'https', port: 443, targetPort: 8443 },
    ],
    { selector: { istio: 'ingressgateway' }, type: 'LoadBalancer' },
    { namespace: ROOT },
  ),
  pod('ingress-a', { istio: 'ingressgateway' }, { containers: [proxy] }, { namespace: ROOT }),
  gatewayClass('istio'),
]

export const server = (host = 'shop.example.com', port = 80, more: object = {}): object => ({
  port: { number: port, name: port === 443 ? 'https' : 'http', protocol: port === 443 ? 'HTTPS' : 'HTTP' },
  hosts: [host],
  ...more,
})
export const INGRESS = { istio: 'ingressgateway' }
export const to = (host: string, subset?: string, weight?: number): object => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
})
