import type { KubeResource } from '@meshdeck/kube'

const make = (apiVersion: string, kind: string, namespace: string, name: string, spec: object): KubeResource => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  spec,
})
const networking = (kind: string, namespace: string, name: string, spec: object): KubeResource =>
  make('networking.istio.io/v1', kind, namespace, name, spec)
const security = (kind: string, namespace: string, name: string, spec: object): KubeResource =>
  make('security.istio.io/v1', kind, namespace, name, spec)
const to = (host: string, weight?: number): object => ({
  destination: { host },
  ...(weight === undefined ? {} : { weight }),
})
const ORDERS = { selector: { matchLabels: { app: 'orders' } } }

/** Rules on top of the lab's shop, so that there is something of each kind to explain. The last one is written last. */
export const EXPLAINED_OBJECTS: readonly KubeResource[] = [
  networking('VirtualService', 'backend', 'explained-orders', {
    hosts: ['orders'],
    http: [
      { match: [{ uri: { exact: '/old' }, ignoreUriCase: true }], redirect: { uri: '/new', redirectCode: 302 } },
      {
        match: [
          { method: { exact: 'POST' }, headers: { tier: { regex: 'gold(en)?' } } },
          { uri: { regex: '/v[12]/.*' } },
        ],
        route: [to('orders', 80), to('payment', 20)],
      },
      {
        match: [{ uri: { prefix: '/cart' }, sourceLabels: { app: 'cart' } }],
        route: [to('checkout')],
      },
      {
        match: [{ withoutHeaders: { 'x-block': {} }, queryParams: { debug: { exact: '1' } } }],
        directResponse: { status: 418 },
      },
      { route: [to('orders')] },
    ],
  }),
  // Younger than the lab's own for the same host, which takes everything: a gateway tries what takes everything last.
  networking('VirtualService', 'shop', 'explained-edge', {
    hosts: ['shop.example'],
    gateways: ['shop'],
    http: [{ match: [{ uri: { prefix: '/api' } }], route: [to('cart')] }],
  }),
  networking('DestinationRule', 'shop', 'explained-checkout', {
    host: 'checkout.backend.svc.cluster.local',
    trafficPolicy: { tls: { mode: 'DISABLE' } },
  }),
  networking('Sidecar', 'shop', 'explained-cart', {
    workloadSelector: { labels: { app: 'cart' } },
    egress: [{ hosts: ['./*', 'backend/*'] }],
  }),
  security('PeerAuthentication', 'backend', 'explained-checkout', {
    selector: { matchLabels: { app: 'checkout' } },
    mtls: { mode: 'STRICT' },
  }),
  security('AuthorizationPolicy', 'backend', 'explained-deny', {
    ...ORDERS,
    action: 'DENY',
    rules: [
      { to: [{ operation: { paths: ['/admin/*'], notMethods: ['DELETE'] } }] },
      { when: [{ key: 'request.headers[x-block]', values: ['gold*'] }] },
    ],
  }),
  security('AuthorizationPolicy', 'backend', 'explained-allow', {
    ...ORDERS,
    rules: [
      {
        from: [{ source: { namespaces: ['shop'], notPrincipals: ['*/sa/reviews'] } }],
        to: [{ operation: { methods: ['GET', 'P*'] } }],
      },
      { from: [{ source: { principals: ['cluster.local/ns/backend/sa/checkout'] } }] },
      { to: [{ operation: { paths: ['/public*'], ports: ['8080'] } }] },
    ],
  }),
  security('AuthorizationPolicy', 'backend', 'explained-last', {
    ...ORDERS,
    rules: [{ from: [{ source: { ipBlocks: ['192.0.2.0/24'] } }] }],
  }),
]
