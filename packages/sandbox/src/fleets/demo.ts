/** The fleet that a newcomer sees: a hub, a shop over two clusters of one region, and another team's mesh far away. */
import { KUBERNETES_VERSION } from '../discovery/discovery.ts'
import type { KubeObject } from '../kube-object.ts'
import { gatewayApiCrds, istioCrds } from '../schema/builtin-data.ts'
import type { Behaviour, Call } from '../traffic/traffic.ts'
import { DEMO_PAST } from './demo-past.ts'
import type { Fleet, FleetCluster } from './fleet.ts'
import { istioObjects } from './istio-objects.ts'
import { meshRecord } from './mesh-record.ts'
import { nodeObjects } from './nodes.ts'
import { PEOPLE, rightsOfPeople } from './people.ts'
import { namespaceObject, serviceObject, workloadObjects } from './workload-objects.ts'

type Protocol = 'http' | 'grpc' | 'tcp'

interface App {
  readonly cluster: string
  readonly namespace: string
  readonly app: string
  readonly protocol?: Protocol
  /** Version to replicas. */
  readonly versions?: Readonly<Record<string, number>>
  readonly latency?: readonly [median: number, p99: number]
  readonly failures?: Behaviour['failures']
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly stateful?: boolean
}

const EAST_1 = 'east-1'
const EAST_2 = 'east-2'
const WEST_1 = 'west-1'
const ISTIO_VERSION = '1.30.3'
const AMBIENT = 'ledger'

const GATEWAYS: Readonly<Record<string, readonly string[]>> = {
  [EAST_1]: ['istio-ingressgateway'],
  // What leaves the mesh for the bank goes through one door.
  [EAST_2]: ['istio-eastwestgateway', 'istio-egressgateway'],
  [WEST_1]: ['istio-ingressgateway'],
}

const APPS: readonly App[] = [
  { cluster: EAST_1, namespace: 'shop', app: 'frontend', versions: { v1: 3 }, latency: [18, 130] },
  { cluster: EAST_1, namespace: 'shop', app: 'catalog', versions: { v1: 2 }, latency: [12, 90] },
  { cluster: EAST_1, namespace: 'shop', app: 'search', versions: { v1: 2 }, latency: [20, 140] },
  { cluster: EAST_1, namespace: 'shop', app: 'cart', versions: { v1: 2 }, latency: [9, 70] },
  { cluster: EAST_1, namespace: 'shop', app: 'reviews', versions: { v1: 2, v2: 1 }, latency: [10, 60] },
  { cluster: EAST_1, namespace: 'shop', app: 'ratings', versions: { v1: 1 }, latency: [6, 40] },
  {
    cluster: EAST_1,
    namespace: 'shop',
    app: 'recommender',
    protocol: 'grpc',
    latency: [12, 90],
    failures: { share: 0.02, code: 200, grpcStatus: 14 },
  },
  { cluster: EAST_1, namespace: 'shop', app: 'images', versions: { v1: 2 }, latency: [20, 130] },
  { cluster: EAST_1, namespace: 'shop', app: 'redis', protocol: 'tcp', stateful: true },
  // An old proxy, kept by an annotation that somebody forgot.
  {
    cluster: EAST_1,
    namespace: 'shop',
    app: 'currency',
    latency: [4, 20],
    annotations: { 'sidecar.istio.io/proxyImage': 'docker.io/istio/proxyv2:1.28.4' },
  },
  // Out of the mesh in the middle of it.
  {
    cluster: EAST_1,
    namespace: 'shop',
    app: 'banner',
    labels: { 'sidecar.istio.io/inject': 'false' },
    latency: [5, 30],
  },
  { cluster: EAST_1, namespace: 'legacy', app: 'importer' },
  { cluster: EAST_1, namespace: 'legacy', app: 'invoices', latency: [30, 220] },
  { cluster: EAST_2, namespace: 'backend', app: 'checkout', versions: { v1: 2 }, latency: [30, 150] },
  {
    cluster: EAST_2,
    namespace: 'backend',
    app: 'payment',
    versions: { v1: 2 },
    latency: [90, 1_400],
    failures: { share: 0.11, code: 503 },
  },
  { cluster: EAST_2, namespace: 'backend', app: 'orders', versions: { v1: 2 }, latency: [15, 120] },
  { cluster: EAST_2, namespace: 'backend', app: 'stock', latency: [11, 80] },
  { cluster: EAST_2, namespace: 'backend', app: 'shipping', latency: [25, 140] },
  { cluster: EAST_2, namespace: 'backend', app: 'mail', latency: [20, 120] },
  { cluster: EAST_2, namespace: 'backend', app: 'mysql', protocol: 'tcp', stateful: true },
  { cluster: WEST_1, namespace: 'billing', app: 'portal', versions: { v1: 2 }, latency: [20, 130] },
  { cluster: WEST_1, namespace: 'billing', app: 'accounts', latency: [15, 110] },
  {
    cluster: WEST_1,
    namespace: 'billing',
    app: 'reports',
    latency: [400, 4_000],
    failures: { share: 0.03, code: 500 },
  },
  { cluster: WEST_1, namespace: 'billing', app: 'postgres', protocol: 'tcp', stateful: true },
  // Without sidecars: in the mesh by the node's ztunnel.
  { cluster: WEST_1, namespace: 'ledger', app: 'journal', latency: [8, 60] },
  { cluster: WEST_1, namespace: 'ledger', app: 'archive', latency: [25, 200] },
]

const http = (cluster: string, from: string, to: string, perRequest: number): Call => ({
  cluster,
  from,
  to,
  protocol: 'http',
  perRequest,
})
const tcp = (cluster: string, from: string, to: string, perRequest: number, bytesPerConnection: number): Call => ({
  cluster,
  from,
  to,
  protocol: 'tcp',
  perRequest,
  bytesPerConnection,
})

const CALLS: readonly Call[] = [
  { cluster: EAST_1, from: 'istio-system/istio-ingressgateway', to: 'frontend.shop', protocol: 'http', perSecond: 60 },
  http(EAST_1, 'shop/frontend-v1', 'catalog.shop', 0.6),
  http(EAST_1, 'shop/frontend-v1', 'search.shop', 0.25),
  http(EAST_1, 'shop/frontend-v1', 'cart.shop', 0.35),
  http(EAST_1, 'shop/frontend-v1', 'reviews.shop', 0.5),
  http(EAST_1, 'shop/frontend-v1', 'currency.shop', 0.8),
  http(EAST_1, 'shop/frontend-v1', 'banner.shop', 0.3),
  { cluster: EAST_1, from: 'shop/frontend-v1', to: 'recommender.shop', protocol: 'grpc', perRequest: 0.4 },
  http(EAST_1, 'shop/catalog-v1', 'images.shop', 0.7),
  http(EAST_1, 'shop/search-v1', 'catalog.shop', 0.5),
  http(EAST_1, 'shop/reviews-v1', 'ratings.shop', 0.9),
  http(EAST_1, 'shop/reviews-v2', 'ratings.shop', 1),
  tcp(EAST_1, 'shop/cart-v1', 'redis.shop', 0.2, 4_000),
  http(EAST_1, 'shop/cart-v1', 'checkout.backend', 0.2),
  http(EAST_1, 'shop/images-v1', 'cdn.example.com', 0.1),
  http(EAST_1, 'shop/search-v1', 'telemetry.unknown.example', 0.05),
  { cluster: EAST_1, from: 'legacy/importer-v1', to: 'catalog.shop', protocol: 'http', perSecond: 2 },
  http(EAST_1, 'shop/catalog-v1', 'invoices.legacy', 0.05),
  http(EAST_2, 'backend/checkout-v1', 'payment.backend', 1),
  http(EAST_2, 'backend/checkout-v1', 'orders.backend', 0.9),
  http(EAST_2, 'backend/checkout-v1', 'stock.backend', 1.5),
  http(EAST_2, 'backend/orders-v1', 'shipping.backend', 0.8),
  http(EAST_2, 'backend/orders-v1', 'mail.backend', 1),
  tcp(EAST_2, 'backend/orders-v1', 'mysql.backend', 0.3, 9_000),
  tcp(EAST_2, 'backend/stock-v1', 'mysql.backend', 0.2, 5_000),
  http(EAST_2, 'backend/payment-v1', 'istio-egressgateway.istio-system', 0.9),
  http(EAST_2, 'istio-system/istio-egressgateway', 'api.bank.example', 1),
  { cluster: WEST_1, from: 'istio-system/istio-ingressgateway', to: 'portal.billing', protocol: 'http', perSecond: 18 },
  http(WEST_1, 'billing/portal-v1', 'accounts.billing', 1.2),
  http(WEST_1, 'billing/portal-v1', 'reports.billing', 0.15),
  tcp(WEST_1, 'billing/accounts-v1', 'postgres.billing', 0.4, 7_000),
  tcp(WEST_1, 'billing/reports-v1', 'postgres.billing', 2, 60_000),
  http(WEST_1, 'billing/accounts-v1', 'journal.ledger', 0.6),
  http(WEST_1, 'ledger/journal-v1', 'archive.ledger', 0.5),
]

const istio = (kind: string, namespace: string, name: string, spec: unknown, group = 'networking'): KubeObject => ({
  apiVersion: `${group}.istio.io/v1`,
  kind,
  metadata: { name, namespace },
  spec,
})

const EAST_1_RULES: readonly KubeObject[] = [
  istio('Gateway', 'shop', 'shop', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'] }],
  }),
  istio('VirtualService', 'shop', 'frontend', {
    hosts: ['shop.example.com'],
    gateways: ['shop'],
    http: [{ name: 'all', route: [{ destination: { host: 'frontend', port: { number: 8_080 } } }] }],
  }),
  istio('DestinationRule', 'shop', 'reviews', {
    host: 'reviews',
    subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
  }),
  istio('VirtualService', 'shop', 'reviews', {
    hosts: ['reviews'],
    http: [
      {
        name: 'canary',
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
        ],
        timeout: '5s',
      },
    ],
  }),
  // Broken, since somebody changed it (`DEMO_PAST`): nobody describes the subset, so a tenth of the calls has nowhere to go.
  istio('VirtualService', 'shop', 'ratings', {
    hosts: ['ratings'],
    http: [
      {
        route: [
          { destination: { host: 'ratings' }, weight: 90 },
          { destination: { host: 'ratings', subset: 'next' }, weight: 10 },
        ],
      },
    ],
  }),
  istio('ServiceEntry', 'shop', 'cdn', {
    hosts: ['cdn.example.com'],
    location: 'MESH_EXTERNAL',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'DNS',
  }),
]

const EAST_2_RULES: readonly KubeObject[] = [
  istio('PeerAuthentication', 'backend', 'default', { mtls: { mode: 'STRICT' } }, 'security'),
  istio(
    'AuthorizationPolicy',
    'backend',
    'payment-callers',
    {
      selector: { matchLabels: { app: 'payment' } },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals: ['cluster.local/ns/backend/sa/checkout'] } }] }],
    },
    'security',
  ),
  istio('DestinationRule', 'backend', 'payment', {
    host: 'payment',
    trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s' } },
  }),
  istio('ServiceEntry', 'backend', 'bank', {
    hosts: ['api.bank.example'],
    location: 'MESH_EXTERNAL',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'DNS',
  }),
  istio('Gateway', 'backend', 'bank', {
    selector: { istio: 'egressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['api.bank.example'] }],
  }),
  // Sidecars send it to the egress gateway, and that on to the bank.
  istio('VirtualService', 'backend', 'bank', {
    hosts: ['api.bank.example'],
    gateways: ['mesh', 'bank'],
    http: [
      {
        match: [{ gateways: ['mesh'], port: 80 }],
        route: [{ destination: { host: 'istio-egressgateway.istio-system.svc.cluster.local', port: { number: 80 } } }],
      },
      {
        match: [{ gateways: ['bank'], port: 80 }],
        route: [{ destination: { host: 'api.bank.example', port: { number: 80 } } }],
      },
    ],
  }),
]

export function demoFleet(): Fleet {
  return {
    name: 'demo',
    hub: 'hub',
    people: PEOPLE,
    clusters: [
      {
        name: 'hub',
        version: KUBERNETES_VERSION,
        objects: [...nodeObjects('hub', 'east', 2, KUBERNETES_VERSION), ...rightsOfPeople([])],
      },
      { ...meshCluster(EAST_1, 'east', 'shop', EAST_1_RULES), past: DEMO_PAST },
      meshCluster(EAST_2, 'east', 'shop', EAST_2_RULES),
      meshCluster(WEST_1, 'west', 'billing', []),
    ],
    meshes: [meshRecord('shop', EAST_1, [EAST_2]), meshRecord('billing', WEST_1, [])],
    traffic: { behaviours: behaviours(), calls: CALLS },
  }
}

function meshCluster(name: string, region: string, meshName: string, rules: readonly KubeObject[]): FleetCluster {
  const apps = APPS.filter((app) => app.cluster === name)
  const namespaces = [...new Set(apps.map(({ namespace }) => namespace))]
  // A Service that clusters share is declared in each, as multi-cluster DNS wants it.
  const remote = APPS.filter((app) => app.cluster !== name && app.app === 'checkout' && meshName === 'shop')
  return {
    name,
    version: KUBERNETES_VERSION,
    mesh: meshName,
    objects: [
      ...istioCrds(),
      ...gatewayApiCrds(),
      ...nodeObjects(name, region, 3, KUBERNETES_VERSION),
      ...istioObjects({
        version: ISTIO_VERSION,
        cluster: name,
        meshId: meshName,
        network: `${name}-network`,
        gateways: GATEWAYS[name] ?? [],
        ambient: namespaces.includes(AMBIENT),
      }),
      ...[...namespaces, ...remote.map(({ namespace }) => namespace)].map((namespace) =>
        namespaceObject(namespace, namespace === AMBIENT ? 'ambient' : namespace !== 'legacy'),
      ),
      ...rightsOfPeople(namespaces),
      ...apps.flatMap(appObjects),
      ...remote.map((app) => serviceObject(app.namespace, app.app, portOf(app))),
      ...rules,
    ],
  }
}

function appObjects(app: App): readonly KubeObject[] {
  const versions = Object.entries(app.versions ?? { v1: 1 })
  return [
    ...versions.flatMap(([version, replicas]) =>
      workloadObjects({
        namespace: app.namespace,
        app: app.app,
        version,
        name: app.stateful === true ? app.app : `${app.app}-${version}`,
        replicas,
        port: portOf(app),
        ...(app.labels === undefined ? {} : { labels: app.labels }),
        ...(app.annotations === undefined ? {} : { annotations: app.annotations }),
        ...(app.stateful === undefined ? {} : { stateful: app.stateful }),
      }),
    ),
    serviceObject(app.namespace, app.app, portOf(app)),
  ]
}

function portOf({ protocol = 'http' }: App): { name: string; number: number } {
  return { name: protocol, number: { http: 8_080, grpc: 9_090, tcp: 6_000 }[protocol] }
}

function behaviours(): Record<string, Behaviour> {
  return Object.fromEntries(
    APPS.flatMap(({ namespace, app, versions = { v1: 1 }, latency = [10, 80], failures, stateful }) =>
      Object.keys(versions).map((version) => {
        const [median, p99] = version === 'v2' ? [latency[0] * 2, latency[1] * 3] : latency
        return [
          `${namespace}/${stateful === true ? app : `${app}-${version}`}`,
          { latencyMs: { median, p99 }, ...(failures === undefined ? {} : { failures }) },
        ]
      }),
    ),
  )
}
