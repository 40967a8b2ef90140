import type { KubeResource } from '@meshdeck/kube'
import type { FindingCode } from '../codes.ts'
import type { CredentialFacts, MeshFacts } from '../world.ts'
import {
  deployment,
  destinationRule,
  envoyFilter,
  gateway,
  gatewayClass,
  httpRoute,
  INGRESS,
  k8sGateway,
  namespace,
  peer,
  pod,
  policy,
  referenceGrant,
  request,
  ROOT,
  server,
  service,
  serviceEntry,
  SHOP,
  sidecar,
  telemetry,
  to,
  virtualService,
  workloadGroup,
} from './objects.ts'

/** Objects that, put beside the base, are found fault with in exactly these ways. */
export interface CorpusCase {
  /** All codes that are found, each once. */
  codes: readonly FindingCode[]
  what: string
  objects: readonly KubeResource[]
  facts?: Partial<MeshFacts>
  /** What is known of the Secrets, by `namespace/name`. */
  credentials?: Readonly<Record<string, CredentialFacts>>
  /** Objects of a second cluster of the mesh. */
  member?: readonly KubeResource[]
}

const http = (...route: object[]): object => ({ hosts: ['reviews'], http: route })
const subset = (name: string, version = name): object => ({ name, labels: { version } })
const rule = (name: string, ...subsets: object[]): KubeResource =>
  destinationRule(name, { host: 'reviews', ...(subsets.length > 0 ? { subsets } : {}) })
const select = (app: string): object => ({ selector: { matchLabels: { app } } })
const allow = (...rules: object[]): object => ({ action: 'ALLOW', rules })
const external = (port: object, more: object = {}): object => ({
  hosts: ['api.example.com'],
  ports: [port],
  resolution: 'DNS',
  ...more,
})
const HTTPS = { number: 443, name: 'tls', protocol: 'TLS' }
const match = (uri: object): object => ({ match: [{ uri }], route: [to('reviews')] })
const patch = (applyTo: string, operation: string): object => ({
  configPatches: [{ applyTo, match: { context: 'SIDECAR_INBOUND' }, patch: { operation, value: {} } }],
})
const edge = gateway('edge', {
  selector: INGRESS,
  servers: [server('shop.example.com', 443, { tls: { mode: 'SIMPLE', credentialName: 'edge-cert' } })],
})
const injector = (clientConfig: object): KubeResource => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-sidecar-injector' },
  webhooks: [
    {
      name: 'namespace.sidecar-injector.istio.io',
      clientConfig,
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
    },
  ],
})
const istiod = service('istiod', [{ name: 'https-webhook', port: 443 }], {}, { namespace: ROOT })
const ambient = namespace('ambient-shop', { 'istio.io/dataplane-mode': 'ambient' })
const withWaypoint = namespace('ambient-shop', {
  'istio.io/dataplane-mode': 'ambient',
  'istio.io/use-waypoint': 'waypoint',
})
const waypoint = k8sGateway(
  'waypoint',
  { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  { namespace: 'ambient-shop' },
)
const waypointClass = gatewayClass('istio-waypoint')
const cart = service('cart', [{ name: 'http', port: 80 }], {}, { namespace: 'ambient-shop' })

const cartPod = pod(
  'p',
  { app: 'cart' },
  { containers: [{ name: 'app', image: 'x' }] },
  { namespace: 'ambient-shop', annotations: { 'ambient.istio.io/redirection': 'enabled' } },
)

export const CASES: readonly CorpusCase[] = [
  // References
  {
    codes: ['IST0101'],
    what: 'destination that does not exist',
    objects: [virtualService('reviews', http({ route: [to('nowhere')] }))],
  },
  {
    codes: ['IST0101'],
    what: 'mirror that does not exist',
    objects: [virtualService('reviews', http({ route: [to('reviews')], mirror: { host: 'nowhere' } }))],
  },
  {
    codes: ['IST0101'],
    what: 'subset that no rule defines',
    objects: [virtualService('reviews', http({ route: [to('reviews', 'v9')] })), rule('reviews', subset('v1'))],
  },
  {
    codes: ['IST0101'],
    what: 'gateway that does not exist',
    objects: [virtualService('reviews', { ...http({ route: [to('reviews')] }), gateways: ['nowhere', 'mesh'] })],
  },
  {
    codes: ['IST0101'],
    what: 'gateway whose selector fits no pod',
    objects: [gateway('edge', { selector: { istio: 'nowhere' }, servers: [server()] })],
  },
  {
    codes: ['IST0101'],
    what: 'namespace of a policy that does not exist',
    objects: [policy('allow', allow({ from: [{ source: { namespaces: ['nowhere'] } }] }))],
  },
  {
    codes: ['IST0101'],
    what: 'delegate that does not exist',
    objects: [virtualService('reviews', http({ delegate: { name: 'nowhere', namespace: SHOP } }))],
  },
  {
    codes: ['IST0101'],
    what: 'sidecar that selects nothing',
    objects: [sidecar('s', { workloadSelector: { labels: { app: 'no' } }, egress: [{ hosts: ['./*'] }] })],
  },
  {
    codes: ['IST0101'],
    what: 'telemetry that selects nothing',
    objects: [telemetry('t', { ...select('no'), tracing: [{ randomSamplingPercentage: 1 }] })],
  },
  {
    codes: ['IST0112'],
    what: 'port left out of several',
    objects: [
      service('two', [
        { name: 'http', port: 80 },
        { name: 'http-admin', port: 81 },
      ]),
      virtualService('two', { hosts: ['two'], http: [{ route: [to('two')] }] }),
    ],
  },
  // Virtual services
  {
    codes: ['IST0109'],
    what: 'two virtual services own a host',
    objects: [
      virtualService('a', http({ route: [to('reviews')] })),
      virtualService('b', http({ route: [to('reviews')] })),
    ],
  },
  {
    codes: ['IST0130'],
    what: 'route behind a catch-all',
    objects: [virtualService('reviews', http({ route: [to('reviews')] }, match({ prefix: '/x' })))],
  },
  {
    codes: ['IST0130'],
    what: 'route behind a wider prefix',
    objects: [virtualService('reviews', http(match({ prefix: '/x' }), match({ prefix: '/x/y' })))],
  },
  {
    codes: ['IST0131'],
    what: 'one of two matches was there before',
    objects: [
      virtualService(
        'reviews',
        http(match({ exact: '/a' }), {
          match: [{ uri: { exact: '/a' } }, { uri: { exact: '/b' } }],
          route: [to('reviews')],
        }),
      ),
    ],
  },
  {
    codes: ['IST0132'],
    what: 'host that the gateway does not serve',
    objects: [
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      virtualService('reviews', {
        hosts: ['other.example.com'],
        gateways: ['edge'],
        http: [{ route: [to('reviews')] }],
      }),
    ],
  },
  {
    codes: ['IST0140'],
    what: 'gateway that passes a split by',
    objects: [
      rule('reviews', subset('v1'), subset('v2')),
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      virtualService('inside', http({ route: [to('reviews', 'v1', 50), to('reviews', 'v2', 50)] })),
      virtualService('outside', {
        hosts: ['shop.example.com'],
        gateways: ['edge'],
        http: [{ route: [to('reviews')] }],
      }),
    ],
  },
  {
    codes: ['IST0149'],
    what: 'claims that nobody reads',
    objects: [
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      virtualService('outside', {
        hosts: ['shop.example.com'],
        gateways: ['edge'],
        http: [{ match: [{ headers: { '@request.auth.claims.group': { exact: 'dev' } } }], route: [to('reviews')] }],
      }),
    ],
  },
  {
    codes: ['IST0165'],
    what: 'gateway that a Kubernetes Gateway was made into',
    objects: [
      virtualService('reviews', {
        hosts: ['shop.example.com'],
        gateways: ['edge-istio-autogenerated-k8s-gateway-http'],
        http: [{ route: [to('reviews')] }],
      }),
    ],
  },
  {
    codes: ['IST0002'],
    what: 'percent of a delay',
    objects: [
      virtualService('reviews', http({ fault: { delay: { percent: 10, fixedDelay: '1s' } }, route: [to('reviews')] })),
    ],
  },
  {
    codes: ['MD1101'],
    what: 'weight of one alone',
    objects: [virtualService('reviews', http({ route: [to('reviews', undefined, 30)] }))],
  },
  {
    codes: ['MD1102'],
    what: 'destination named twice',
    objects: [virtualService('reviews', http({ route: [to('reviews', undefined, 50), to('reviews', undefined, 50)] }))],
  },
  {
    codes: ['MD1110'],
    what: 'weights that are no percents',
    objects: [
      rule('reviews', subset('v1'), subset('v2')),
      virtualService('reviews', http({ route: [to('reviews', 'v1', 1), to('reviews', 'v2', 2)] })),
    ],
  },
  {
    codes: ['MD1103'],
    what: 'two virtual services for a host at a gateway',
    objects: [
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      ...['a', 'b'].map((name) =>
        virtualService(name, {
          hosts: ['shop.example.com'],
          gateways: ['edge'],
          http: [match({ prefix: `/${name}` })],
        }),
      ),
    ],
  },
  {
    codes: ['MD1104'],
    what: 'gateway named as early Istio did',
    objects: [
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      virtualService('outside', {
        hosts: ['shop.example.com'],
        gateways: ['edge.shop.svc.cluster.local'],
        http: [{ route: [to('reviews')] }],
      }),
    ],
  },
  {
    codes: ['MD1112', 'MD1120'],
    what: 'delegate with hosts',
    objects: [
      virtualService('root', http({ delegate: { name: 'child', namespace: SHOP } })),
      virtualService('child', { hosts: ['child.example.com'], http: [{ route: [to('reviews')] }] }),
    ],
  },
  {
    codes: ['MD1113'],
    what: 'delegate of a delegate',
    objects: [
      virtualService('root', http({ delegate: { name: 'child', namespace: SHOP } })),
      virtualService('child', { http: [{ delegate: { name: 'grandchild', namespace: SHOP } }] }),
      virtualService('grandchild', { http: [{ route: [to('reviews')] }] }),
    ],
  },
  {
    codes: ['MD1114'],
    what: 'try that may last longer than all of it',
    objects: [
      virtualService(
        'reviews',
        http({ route: [to('reviews')], timeout: '1s', retries: { attempts: 2, perTryTimeout: '2s' } }),
      ),
    ],
  },
  {
    codes: ['MD1115'],
    what: 'fault beside a timeout',
    objects: [
      virtualService(
        'reviews',
        http({
          route: [to('reviews')],
          timeout: '1s',
          fault: { abort: { httpStatus: 500, percentage: { value: 1 } } },
        }),
      ),
    ],
  },
  {
    codes: ['MD1116'],
    what: 'expression that RE2 does not know',
    objects: [virtualService('reviews', http(match({ regex: '(?=x)y' })))],
  },
  {
    codes: ['MD1117'],
    what: 'host that is not exported to here',
    objects: [
      namespace('other', { 'istio-injection': 'enabled' }),
      service('hidden', undefined, {}, { namespace: 'other', annotations: { 'networking.istio.io/exportTo': '.' } }),
      virtualService('reviews', http({ route: [to('hidden.other.svc.cluster.local')] })),
    ],
  },
  {
    codes: ['MD1118'],
    what: 'match for a gateway that the object is not bound to',
    objects: [
      gateway('edge', { selector: INGRESS, servers: [server()] }),
      virtualService('reviews', http({ match: [{ gateways: ['edge'] }], route: [to('reviews')] })),
    ],
  },
  {
    codes: ['MD1120'],
    what: 'host that nobody in the mesh can call',
    objects: [virtualService('reviews', { hosts: ['nowhere'], http: [{ route: [to('reviews')] }] })],
  },
  // Destination rules
  {
    codes: ['IST0174'],
    what: 'rule of a host that does not exist',
    objects: [destinationRule('r', { host: 'nowhere' })],
  },
  { codes: ['IST0173'], what: 'subset without pods', objects: [rule('reviews', subset('v9'))] },
  { codes: ['MD0207'], what: 'subset without labels', objects: [rule('reviews', { name: 'all' })] },
  { codes: ['MD0201'], what: 'two rules of one subset', objects: [rule('a', subset('v1')), rule('b', subset('v1'))] },
  {
    codes: ['IST0128'],
    what: 'TLS without verification',
    objects: [destinationRule('r', { host: 'reviews', trafficPolicy: { tls: { mode: 'SIMPLE' } } })],
  },
  {
    codes: ['IST0129'],
    what: 'TLS of a port without verification',
    objects: [
      destinationRule('r', {
        host: 'reviews',
        trafficPolicy: { portLevelSettings: [{ port: { number: 9080 }, tls: { mode: 'SIMPLE' } }] },
      }),
    ],
  },
  {
    codes: ['MD0213'],
    what: 'failover that nothing triggers',
    objects: [
      destinationRule('r', {
        host: 'reviews',
        trafficPolicy: {
          loadBalancer: { localityLbSetting: { enabled: true, failover: [{ from: 'a', to: 'b' }] } },
        },
      }),
    ],
  },
  // Mutual TLS
  {
    codes: ['MD0202'],
    what: 'narrower rule that loses mutual TLS',
    objects: [
      peer('default', { mtls: { mode: 'STRICT' } }),
      destinationRule('wide', { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
      destinationRule('narrow', { host: 'reviews', trafficPolicy: { connectionPool: { tcp: { maxConnections: 9 } } } }),
    ],
  },
  {
    codes: ['MD0203'],
    what: 'clients of the mesh ask for what no server promises',
    objects: [
      destinationRule(
        'all',
        { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
        { namespace: ROOT },
      ),
    ],
  },
  {
    codes: ['MD0204'],
    what: 'clients of a namespace ask for what no server promises',
    objects: [
      destinationRule('all', { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
    ],
  },
  {
    codes: ['MD0205'],
    what: 'plain clients of a strict namespace',
    objects: [
      peer('default', { mtls: { mode: 'STRICT' } }),
      destinationRule('r', { host: 'reviews', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
    ],
  },
  {
    codes: ['MD0206'],
    what: 'plain clients in a strict mesh',
    objects: [
      peer('default', { mtls: { mode: 'STRICT' } }, { namespace: ROOT }),
      destinationRule('r', { host: 'reviews', trafficPolicy: { tls: { mode: 'DISABLE' } } }),
    ],
  },
  {
    codes: ['MD0401'],
    what: 'strict mesh whose clients choose nothing by themselves',
    objects: [peer('default', { mtls: { mode: 'STRICT' } }, { namespace: ROOT })],
    facts: { autoMtls: false },
  },
  {
    codes: ['MD0402'],
    what: 'strict namespace whose clients choose nothing by themselves',
    objects: [peer('default', { mtls: { mode: 'STRICT' } })],
    facts: { autoMtls: false },
  },
  {
    codes: ['MD0403'],
    what: 'plain namespace whose clients insist',
    objects: [
      peer('default', { mtls: { mode: 'DISABLE' } }),
      destinationRule('all', { host: '*.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
    ],
  },
  {
    codes: ['MD0203', 'MD0404'],
    what: 'plain mesh whose clients insist',
    objects: [
      peer('default', { mtls: { mode: 'DISABLE' } }, { namespace: ROOT }),
      destinationRule(
        'all',
        { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
        { namespace: ROOT },
      ),
    ],
  },
  {
    codes: ['MD0501'],
    what: 'two policies of a namespace',
    objects: [peer('a', { mtls: { mode: 'STRICT' } }), peer('b', { mtls: { mode: 'PERMISSIVE' } })],
  },
  {
    codes: ['MD0502'],
    what: 'two policies of a workload',
    objects: [
      peer('a', { ...select('reviews'), mtls: { mode: 'STRICT' } }),
      peer('b', { ...select('reviews'), mtls: { mode: 'PERMISSIVE' } }),
    ],
  },
  {
    codes: ['MD0503'],
    what: 'policy of no workload',
    objects: [peer('a', { ...select('no'), mtls: { mode: 'STRICT' } })],
  },
  {
    codes: ['MD0503'],
    what: 'tokens of no workload',
    objects: [request('a', { ...select('no'), jwtRules: [{ issuer: 'me', jwksUri: 'https://example.com/jwks' }] })],
  },
  {
    codes: ['IST0175'],
    what: 'keys from anywhere',
    objects: [
      deployment('istiod', { app: 'istiod' }, {}, { namespace: ROOT, labels: { app: 'istiod' } }),
      request('a', { jwtRules: [{ issuer: 'me', jwksUri: 'https://example.com/jwks' }] }),
    ],
  },
  // Authorization
  {
    codes: ['IST0127', 'MD0109'],
    what: 'policy that selects nothing',
    objects: [policy('a', { ...select('no'), ...allow() })],
  },
  {
    codes: ['MD0101'],
    what: 'method that is none',
    objects: [policy('a', allow({ to: [{ operation: { methods: ['get'] } }] }))],
  },
  {
    codes: ['MD0102'],
    what: 'host that nobody serves',
    objects: [policy('a', allow({ to: [{ operation: { hosts: ['nowhere.example.com'] } }] }))],
  },
  {
    codes: ['MD0103'],
    what: 'callers that cannot be told',
    objects: [
      peer('default', { mtls: { mode: 'DISABLE' } }),
      policy('a', allow({ from: [{ source: { principals: ['cluster.local/ns/shop/sa/default'] } }] })),
    ],
  },
  {
    codes: ['MD0104'],
    what: 'account that does not exist',
    objects: [policy('a', allow({ from: [{ source: { principals: ['cluster.local/ns/shop/sa/nobody'] } }] }))],
  },
  {
    codes: ['MD0105'],
    what: 'account of another cluster only',
    objects: [policy('a', allow({ from: [{ source: { principals: ['cluster.local/ns/shop/sa/there'] } }] }))],
    member: [pod('there', { app: 'there' }, { serviceAccountName: 'there' })],
  },
  {
    codes: ['MD0106'],
    what: 'domain that the mesh does not trust',
    objects: [policy('a', allow({ from: [{ source: { principals: ['other.domain/ns/shop/sa/default'] } }] }))],
  },
  {
    codes: ['MD0110'],
    what: 'condition that nothing can meet',
    objects: [policy('a', allow({ when: [{ key: 'source.ip', values: ['10.0.0.1'], notValues: ['10.0.0.1'] }] }))],
  },
  {
    codes: ['MD0111'],
    what: 'provider that the mesh does not have',
    objects: [policy('a', { action: 'CUSTOM', provider: { name: 'nowhere' }, rules: [{}] })],
    facts: { providers: ['opa'] },
  },
  // Gateways
  {
    codes: ['IST0138'],
    what: 'one certificate in two gateways',
    objects: ['a', 'b'].map((name) =>
      gateway(name, {
        selector: INGRESS,
        servers: [server(`${name}.example.com`, 443, { tls: { mode: 'SIMPLE', credentialName: 'shared' } })],
      }),
    ),
  },
  {
    codes: ['IST0145'],
    what: 'two gateways of one host',
    objects: ['a', 'b'].map((name) => gateway(name, { selector: INGRESS, servers: [server()] })),
  },
  {
    codes: ['IST0162'],
    what: 'port that no service has',
    objects: [gateway('edge', { selector: INGRESS, servers: [server('shop.example.com', 8081)] })],
  },
  {
    codes: ['MD0601'],
    what: 'protocol that Istio does not know',
    objects: [
      gateway('edge', {
        selector: INGRESS,
        servers: [{ port: { number: 80, name: 'x', protocol: 'SOAP' }, hosts: ['shop.example.com'] }],
      }),
    ],
  },
  {
    codes: ['MD0302'],
    what: 'HTTPS without TLS',
    objects: [gateway('edge', { selector: INGRESS, servers: [server('shop.example.com', 443)] })],
  },
  // Service entries
  {
    codes: ['IST0134'],
    what: 'TCP without an address',
    objects: [serviceEntry('e', external({ number: 5432, name: 'tcp', protocol: 'TCP' }))],
  },
  {
    codes: ['MD1201'],
    what: 'two entries of a host',
    objects: [serviceEntry('a', external(HTTPS)), serviceEntry('b', external(HTTPS))],
  },
  {
    codes: ['MD1201', 'IST0177'],
    what: 'two entries that disagree',
    objects: [serviceEntry('a', external(HTTPS)), serviceEntry('b', external({ ...HTTPS, protocol: 'HTTP' }))],
  },
  {
    codes: ['MD1202'],
    what: 'entry that selects nothing',
    objects: [
      serviceEntry('e', {
        hosts: ['vm.example.com'],
        ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
        location: 'MESH_INTERNAL',
        resolution: 'STATIC',
        workloadSelector: { labels: { app: 'vm' } },
      }),
    ],
  },
  {
    codes: ['MD1702'],
    what: 'two groups with the same labels',
    objects: ['a', 'b'].map((name) =>
      workloadGroup(name, { metadata: { labels: { app: 'vm' } }, template: { serviceAccount: 'default' } }),
    ),
  },
  {
    codes: ['MD1701'],
    what: 'group with an account that does not exist',
    objects: [workloadGroup('a', { metadata: { labels: { app: 'vm' } }, template: { serviceAccount: 'nobody' } })],
  },
  // Sidecars
  {
    codes: ['IST0110'],
    what: 'two sidecars of a workload',
    objects: ['a', 'b'].map((name) =>
      sidecar(name, { workloadSelector: { labels: { app: 'reviews' } }, egress: [{ hosts: ['./*'] }] }),
    ),
  },
  {
    codes: ['IST0111'],
    what: 'two sidecars of a namespace',
    objects: ['a', 'b'].map((name) => sidecar(name, { egress: [{ hosts: ['./*'] }] })),
  },
  {
    codes: ['IST0167'],
    what: 'sidecar of an ambient namespace',
    objects: [ambient, sidecar('s', { egress: [{ hosts: ['./*'] }] }, { namespace: 'ambient-shop' })],
  },
  {
    codes: ['MD0001'],
    what: 'egress to a namespace that does not exist',
    objects: [sidecar('s', { egress: [{ hosts: ['nowhere/*'] }] })],
  },
  {
    codes: ['MD0001'],
    what: 'export to a namespace that does not exist',
    objects: [destinationRule('r', { host: 'reviews', exportTo: ['.', 'nowhere'] })],
  },
  {
    codes: ['MD1001'],
    what: 'egress to a host that does not exist',
    objects: [sidecar('s', { egress: [{ hosts: ['./nowhere.shop.svc.cluster.local'] }] })],
  },
  {
    codes: ['MD1002'],
    what: 'selector in the root namespace',
    objects: [
      sidecar('s', { workloadSelector: { labels: INGRESS }, egress: [{ hosts: ['./*'] }] }, { namespace: ROOT }),
    ],
  },
  {
    codes: ['MD1003'],
    what: 'policy without a mode',
    objects: [sidecar('s', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: {} })],
  },
  // Telemetry and EnvoyFilter
  {
    codes: ['IST0159'],
    what: 'two telemetries of a workload',
    objects: ['a', 'b'].map((name) =>
      telemetry(name, { ...select('reviews'), tracing: [{ randomSamplingPercentage: 1 }] }),
    ),
  },
  {
    codes: ['IST0160'],
    what: 'two telemetries of a namespace',
    objects: ['a', 'b'].map((name) => telemetry(name, { tracing: [{ randomSamplingPercentage: 1 }] })),
  },
  {
    codes: ['IST0157'],
    what: 'log that goes nowhere',
    objects: [telemetry('t', { accessLogging: [{ filter: { expression: 'true' } }] })],
    facts: { hasDefaultLogging: false },
  },
  {
    codes: ['IST0151'],
    what: 'patch beside another',
    objects: [envoyFilter('f', patch('HTTP_FILTER', 'INSERT_BEFORE'))],
  },
  {
    codes: ['IST0152'],
    what: 'replacement that is none',
    objects: [envoyFilter('f', patch('CLUSTER', 'REPLACE'))],
  },
  { codes: ['IST0153'], what: 'addition that is passed over', objects: [envoyFilter('f', patch('HTTP_ROUTE', 'ADD'))] },
  {
    codes: ['IST0154'],
    what: 'removal that is passed over',
    objects: [envoyFilter('f', patch('HTTP_ROUTE', 'REMOVE'))],
  },
  {
    codes: ['IST0151', 'IST0155'],
    what: 'patch of one version of the proxy, and another one',
    objects: ['a', 'b'].map((name) =>
      envoyFilter(name, {
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: { context: 'SIDECAR_INBOUND', proxy: { proxyVersion: '^1\\.31.*' } },
            patch: { operation: 'INSERT_BEFORE', value: { name: 'envoy.filters.http.lua' } },
          },
        ],
      }),
    ),
  },
  // Gateway API
  {
    codes: ['MD1401'],
    what: 'route without a gateway',
    objects: [
      httpRoute('r', {
        parentRefs: [{ name: 'nowhere' }],
        rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }],
      }),
    ],
  },
  {
    codes: ['MD1402'],
    what: 'route to nowhere',
    objects: [
      k8sGateway('edge', { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
      httpRoute('r', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'nowhere', port: 80 }] }] }),
    ],
  },
  {
    codes: ['MD1403'],
    what: 'listener that is not there',
    objects: [
      k8sGateway('edge', { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
      httpRoute('r', {
        parentRefs: [{ name: 'edge', sectionName: 'https' }],
        rules: [{ backendRefs: [{ name: 'reviews', port: 9080 }] }],
      }),
    ],
  },
  {
    codes: ['MD1404'],
    what: 'port that the service does not have',
    objects: [
      k8sGateway('edge', { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
      httpRoute('r', { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'reviews', port: 1 }] }] }),
    ],
  },
  {
    codes: ['MD1501', 'MD1502'],
    what: 'two Gateways at one address',
    objects: ['a', 'b'].map((name) =>
      k8sGateway(name, {
        gatewayClassName: 'istio',
        addresses: [{ type: 'Hostname', value: 'edge.shop.svc.cluster.local' }],
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      }),
    ),
  },
  {
    codes: ['MD1503'],
    what: 'two listeners of one kind',
    objects: [
      k8sGateway('edge', {
        gatewayClassName: 'istio',
        listeners: ['a', 'b'].map((name) => ({ name, port: 80, protocol: 'HTTP' })),
      }),
    ],
  },
  {
    codes: ['MD1504'],
    what: 'class that does not exist',
    objects: [
      k8sGateway('edge', { gatewayClassName: 'nowhere', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
    ],
  },
  {
    codes: ['MD1601'],
    what: 'grant for nobody',
    objects: [
      referenceGrant('g', {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'nowhere' }],
        to: [{ group: '', kind: 'Service' }],
      }),
    ],
  },
  {
    codes: ['IST0171'],
    what: 'status that says no',
    objects: [
      {
        ...k8sGateway('edge', { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
        status: { conditions: [{ type: 'Programmed', status: 'False', reason: 'AddressNotAssigned', message: 'no' }] },
      },
    ],
  },
  // Ambient mode
  {
    codes: ['MD0107'],
    what: 'HTTP policy without a waypoint',
    objects: [
      ambient,
      policy('a', allow({ to: [{ operation: { methods: ['GET'] } }] }), { namespace: 'ambient-shop' }),
      cartPod,
    ],
  },
  {
    codes: ['MD0108'],
    what: 'HTTP policy by selector at a waypoint',
    objects: [
      withWaypoint,
      waypointClass,
      waypoint,
      cartPod,
      policy(
        'a',
        { ...select('cart'), ...allow({ to: [{ operation: { methods: ['GET'] } }] }) },
        { namespace: 'ambient-shop' },
      ),
    ],
  },
  {
    codes: ['MD1105'],
    what: 'route without a waypoint',
    objects: [
      ambient,
      cart,
      virtualService('cart', { hosts: ['cart'], http: [{ route: [to('cart')] }] }, { namespace: 'ambient-shop' }),
    ],
  },
  {
    codes: ['MD0208'],
    what: 'HTTP settings without a waypoint',
    objects: [
      ambient,
      cart,
      destinationRule(
        'cart',
        { host: 'cart', trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } } },
        { namespace: 'ambient-shop' },
      ),
    ],
  },
  {
    codes: ['MD1107'],
    what: 'route outside of its service’s namespace',
    objects: [
      withWaypoint,
      waypointClass,
      waypoint,
      cart,
      virtualService('cart', {
        hosts: ['cart.ambient-shop.svc.cluster.local'],
        http: [{ route: [to('cart.ambient-shop.svc.cluster.local')] }],
      }),
    ],
  },
  {
    codes: ['MD1108'],
    what: 'tokens without a waypoint',
    objects: [
      ambient,
      request(
        'a',
        { jwtRules: [{ issuer: 'me', jwksUri: 'https://example.com/jwks' }] },
        { namespace: 'ambient-shop' },
      ),
    ],
  },
  {
    codes: ['MD1119'],
    what: 'tokens by selector at a waypoint',
    objects: [
      withWaypoint,
      waypointClass,
      waypoint,
      cartPod,
      request(
        'a',
        { ...select('cart'), jwtRules: [{ issuer: 'me', jwksUri: 'https://example.com/jwks' }] },
        { namespace: 'ambient-shop' },
      ),
    ],
  },
  {
    codes: ['IST0166', 'MD0109'],
    what: 'selector of a Gateway’s pods',
    objects: [
      pod('edge-a', { 'gateway.networking.k8s.io/gateway-name': 'edge' }),
      policy('a', { selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } }, ...allow() }),
    ],
  },
  {
    codes: ['MD1316'],
    what: 'sidecar in an ambient namespace',
    objects: [ambient, pod('p', { app: 'x' }, {}, { namespace: 'ambient-shop' })],
  },
  {
    codes: ['MD1311'],
    what: 'sidecar in an ambient pod',
    objects: [ambient, pod('p', { app: 'x', 'istio.io/dataplane-mode': 'ambient' }, {}, { namespace: 'ambient-shop' })],
  },
  {
    codes: ['MD1314'],
    what: 'pod that asks for both',
    objects: [
      ambient,
      pod(
        'p',
        { app: 'x', 'sidecar.istio.io/inject': 'true' },
        { containers: [{ name: 'app', image: 'x' }] },
        { namespace: 'ambient-shop', annotations: { 'ambient.istio.io/redirection': 'enabled' } },
      ),
    ],
  },
  {
    codes: ['MD1312'],
    what: 'waypoint of a pod that is not ambient',
    objects: [pod('p', { app: 'x', 'istio.io/use-waypoint': 'w' })],
  },
  { codes: ['MD1313'], what: 'waypoint that does not exist', objects: [withWaypoint] },
  // Services and workloads
  { codes: ['IST0118'], what: 'port that says no protocol', objects: [service('x', [{ name: 'web', port: 80 }])] },
  {
    codes: ['MD0602'],
    what: 'appProtocol that Istio does not know',
    objects: [service('x', [{ name: 'web', port: 80, appProtocol: 'soap' }])],
  },
  {
    codes: ['IST0150'],
    what: 'external name over TCP',
    objects: [
      service('x', [{ name: 'tcp', port: 80 }], {
        type: 'ExternalName',
        externalName: 'example.com',
        selector: undefined,
      }),
    ],
  },
  {
    codes: ['MD0701'],
    what: 'target port that no container has',
    objects: [
      service('x', [{ name: 'http', port: 80, targetPort: 1234 }]),
      deployment('x', { app: 'x', version: 'v1' }),
    ],
  },
  {
    codes: ['IST0137', 'MD2004'],
    what: 'two services with ports of their own for one target',
    objects: [
      deployment('x', { app: 'x', version: 'v1' }),
      service('x', [{ name: 'http', port: 80, targetPort: 9080 }]),
      service('y', [{ name: 'http', port: 81, targetPort: 9080 }], { selector: { app: 'x' } }, {}),
    ],
  },
  {
    codes: ['MD2001'],
    what: 'service of one version',
    objects: [service('x', undefined, { selector: { app: 'x', version: 'v1' } })],
  },
  {
    codes: ['MD2003'],
    what: 'workload without a version',
    objects: [deployment('x', { app: 'x' })],
  },
  {
    codes: ['MD2005'],
    what: 'workload in the network of its node',
    objects: [deployment('x', { app: 'x', version: 'v1' }, { hostNetwork: true })],
  },
  {
    codes: ['MD2007'],
    what: 'port of the sidecar',
    objects: [
      deployment(
        'x',
        { app: 'x', version: 'v1' },
        {
          containers: [{ name: 'app', image: 'x', ports: [{ containerPort: 15001 }] }],
        },
      ),
    ],
  },
  {
    codes: ['MD2008'],
    what: 'names that the sidecar does not see',
    objects: [deployment('x', { app: 'x', version: 'v1' }, { dnsPolicy: 'Default' })],
  },
  {
    codes: ['IST0144'],
    what: 'user of the sidecar',
    objects: [deployment('x', { app: 'x', version: 'v1' }, { securityContext: { runAsUser: 1337 } })],
  },
  {
    codes: ['IST0170'],
    what: 'service that differs between clusters',
    objects: [],
    member: [service('reviews', [{ name: 'http', port: 9081 }])],
  },
  {
    codes: ['MD2006'],
    what: 'workload in a cluster without its service',
    objects: [],
    member: [deployment('reviews-v3', { app: 'reviews', version: 'v3' })],
  },
  {
    codes: ['MD0002'],
    what: 'configuration where nobody reads it',
    objects: [],
    member: [service('reviews'), virtualService('reviews', http({ route: [to('reviews')] }))],
  },
  // Injection
  {
    codes: ['IST0102'],
    what: 'namespace that says nothing',
    objects: [
      namespace('plain'),
      pod('p', { app: 'x' }, { containers: [{ name: 'app', image: 'x' }] }, { namespace: 'plain' }),
    ],
  },
  {
    codes: ['IST0148'],
    what: 'namespace that is injected all the same',
    objects: [namespace('plain')],
    facts: { injectsByDefault: true },
  },
  {
    codes: ['IST0103'],
    what: 'pod without a sidecar',
    objects: [pod('p', { app: 'x' }, { containers: [{ name: 'app', image: 'x' }] })],
  },
  {
    codes: ['IST0123'],
    what: 'namespace that says two things',
    objects: [namespace('both', { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' })],
  },
  {
    codes: ['IST0147'],
    what: 'image that nobody replaced',
    objects: [pod('p', { app: 'x' }, { containers: [{ name: 'istio-proxy', image: 'auto' }] })],
  },
  // Annotations
  {
    codes: ['IST0107'],
    what: 'annotation where it does nothing',
    objects: [namespace('n', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/proxyCPU': '1' })],
  },
  {
    codes: ['IST0108'],
    what: 'annotation that nobody knows',
    objects: [namespace('n', { 'istio-injection': 'enabled' }, { 'sidecar.istio.io/nothing': '1' })],
  },
  {
    codes: ['IST0125'],
    what: 'annotation with a bad value',
    objects: [pod('p', { app: 'x' }, {}, { annotations: { 'sidecar.istio.io/proxyCPU': 'much' } })],
  },
  {
    codes: ['IST0135'],
    what: 'annotation that Istio gives up',
    objects: [service('x', undefined, {}, { annotations: { 'alpha.istio.io/canonical-serviceaccounts': 'a' } })],
  },
  // Webhooks
  {
    codes: ['IST0139'],
    what: 'webhook without its service',
    objects: [injector({ service: { name: 'istiod', namespace: ROOT, path: '/inject' } })],
  },
  { codes: ['IST0163'], what: 'webhook at an address that is none', objects: [injector({ url: 'https://[10.0.0.1' })] },
  { codes: ['IST0164'], what: 'webhook at a number', objects: [injector({ url: 'https://10.0.0.1:15017/inject' })] },
  {
    codes: ['IST0146'],
    what: 'image for a webhook that does not look',
    objects: [
      istiod,
      injector({ service: { name: 'istiod', namespace: ROOT, path: '/inject' } }),
      namespace('plain'),
      deployment(
        'gateway',
        { app: 'gateway', version: 'v1' },
        { containers: [{ name: 'istio-proxy', image: 'auto' }] },
        { namespace: 'plain' },
      ),
    ],
  },
  // Certificates
  {
    codes: ['IST0101'],
    what: 'certificate that is not there',
    objects: [edge],
    credentials: { 'istio-system/edge-cert': { exists: false } },
  },
  {
    codes: ['IST0161'],
    what: 'certificate that is no good',
    objects: [edge],
    credentials: { 'istio-system/edge-cert': { exists: true, fault: 'it has expired' } },
  },
  {
    codes: ['MD0303'],
    what: 'host that is only a namespace',
    objects: [gateway('edge', { selector: INGRESS, servers: [server('shop/')] })],
  },
  // One service of several
  {
    codes: ['IST0116', 'MD2004'],
    what: 'one port over TCP and UDP',
    objects: [
      deployment('x', { app: 'x', version: 'v1' }),
      service('x', [{ name: 'http', port: 9080 }]),
      service('y', [{ name: 'udp', port: 9080, protocol: 'UDP' }], { selector: { app: 'x' } }),
    ],
  },
  {
    codes: ['MD2002', 'MD2004'],
    what: 'two services of a workload',
    objects: [
      deployment('x', { app: 'x', version: 'v1' }),
      service('x', [{ name: 'http', port: 9080 }]),
      service('y', [{ name: 'http', port: 9080 }], { selector: { app: 'x' } }),
    ],
  },
  // A service without the waypoint of its namespace
  ...(
    [
      [
        'MD1106',
        virtualService('cart', { hosts: ['cart'], http: [{ route: [to('cart')] }] }, { namespace: 'ambient-shop' }),
      ],
      [
        'MD0209',
        destinationRule(
          'cart',
          { host: 'cart', trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } } },
          { namespace: 'ambient-shop' },
        ),
      ],
    ] as const
  ).map(([code, object]): CorpusCase => ({
    codes: [code],
    what: 'service that has left the waypoint',
    objects: [
      withWaypoint,
      waypointClass,
      waypoint,
      { ...cart, metadata: { ...cart.metadata, labels: { 'istio.io/use-waypoint': 'none' } } },
      object,
    ],
  })),
  {
    codes: ['MD0210'],
    what: 'HTTP settings outside of their service’s namespace',
    objects: [
      withWaypoint,
      waypointClass,
      waypoint,
      cart,
      destinationRule('cart', {
        host: 'cart.ambient-shop.svc.cluster.local',
        trafficPolicy: { outlierDetection: { consecutive5xxErrors: 1 } },
      }),
    ],
  },
]
