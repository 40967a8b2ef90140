import type { KubeResource } from '@meshdeck/kube'
import fc from 'fast-check'

import { YAML_FAMILIES } from './verdict-yaml-families.ts'

/** One object of the corpus, and what in it differs from an object that is right. */
export interface CorpusObject {
  object: KubeResource
  kind: string
  /** `spec.host = "a b"`; several when several things differ. */
  changes: readonly string[]
}

/** A place in an object and what may stand there, right and wrong. */
interface Slot {
  path: string
  values: readonly unknown[]
}

export interface Family {
  apiVersion: string
  kind: string
  spec: object
  slots: readonly Slot[]
}

const SEED = 20_251
const PAIRS_OF_A_KIND = 30

const HOSTS = [
  'reviews',
  'reviews.shop.svc.cluster.local',
  '*.example.com',
  '*',
  'a b',
  '-bad.example.com',
  'UPPER.example.com',
  'under_score.example.com',
  'a..b',
  'example.com.',
  '10.0.0.1',
  'x'.repeat(64),
  'foo.123',
  '*foo.com',
  'a.*.com',
  '',
]
const PORTS = [1, 80, 65_535, 0, -1, 65_536]
const DURATIONS = ['1s', '1.5s', '100ms', '1h30m', '1ms', '0s', '-1s', '1us', '1.5ms', '5', 'soon', '1d']
const LABEL_VALUES = ['v1', 'a.b', '', 'with space', 'x'.repeat(64)]
const CIDRS = ['10.0.0.0/8', '10.0.0.1', '10.0.0.0/33', '256.0.0.1', '::1', 'fd00::/8', 'ten', '10.0.0.1/8', '10.0.0']
const EXPORTS = [['*'], ['.'], ['~'], ['shop'], ['*', 'shop'], ['.', '.'], ['Bad Name'], ['a', 'a'], ['~', 'a']]
const PERCENTS = [0, 0.1, 50, 100, 101, -1]
const REGEXES = ['/api/.*', '(?i)a', '[a', '(?=a)', '', String.raw`(a)\1`, 'x'.repeat(1025), '*', 'a{1001}']
const CLIENT_TLS = ['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL', 'NONE']
const LABEL_KEYS = [
  { app: 'a' },
  { 'example.com/app': 'a' },
  { '': 'a' },
  { 'a b': 'a' },
  { app: '' },
  { app: 'a b' },
  { '*': 'a' },
  { app: '*' },
]
const destination = { host: 'reviews' }

const FORM_FAMILIES: readonly Family[] = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    spec: { hosts: ['reviews'], http: [{ route: [{ destination }] }] },
    slots: [
      { path: 'hosts', values: [...HOSTS.map((host) => [host]), ['a.com', 'a.com'], ['*.a.com', 'b.a.com']] },
      { path: 'gateways', values: [['mesh'], ['shop/front'], ['front'], ['a/b/c'], ['Bad Name'], ['*']] },
      { path: 'exportTo', values: EXPORTS },
      { path: 'http[0].timeout', values: DURATIONS },
      {
        path: 'http[0].retries',
        values: [
          { attempts: 2 },
          { attempts: -1 },
          { attempts: 0 },
          { attempts: 1, perTryTimeout: '1us' },
          { attempts: 1, retryOn: '5xx,503' },
          { attempts: 1, retryOn: 'whenever' },
          { attempts: 0, retryOn: '5xx' },
        ],
      },
      { path: 'http[0].route[0].destination.host', values: HOSTS },
      { path: 'http[0].route[0].destination.port', values: PORTS.map((number) => ({ number })) },
      { path: 'http[0].route[0].destination.subset', values: ['v1', 'V1', 'a b', 'a_b', 'a.b'] },
      {
        path: 'http[0].route',
        values: [
          [
            { destination, weight: 90 },
            { destination, weight: 10 },
          ],
          [
            { destination, weight: 0 },
            { destination, weight: 0 },
          ],
          [
            { destination, weight: -1 },
            { destination, weight: 101 },
          ],
          [
            { destination, weight: 1 },
            { destination, weight: 2 },
          ],
          [],
        ],
      },
      { path: 'http[0].match', values: REGEXES.map((regex) => [{ uri: { regex } }]) },
      {
        path: 'http[0].match',
        values: [
          [{ uri: { prefix: '' } }],
          [{ uri: { exact: '' } }],
          [{ method: { prefix: '' } }],
          [{ headers: { '': { exact: 'a' } } }],
          [{ headers: { 'a b': { exact: 'a' } } }],
          [{ headers: { ok: {} } }],
          [{ withoutHeaders: { ok: { regex: '*' } } }],
          [{ queryParams: { a: { regex: '[' } } }],
          [{ port: 0 }],
          [{ sourceNamespace: 'Bad Name' }],
          [{ sourceLabels: { app: 'a b' } }],
          [{ gateways: ['a/b/c'] }],
          [{}],
        ],
      },
      {
        path: 'http[0].fault',
        values: [
          { delay: { fixedDelay: '1s', percentage: { value: 10 } } },
          { delay: { percentage: { value: 10 } } },
          { delay: { fixedDelay: '1us' } },
          ...PERCENTS.map((value) => ({ abort: { httpStatus: 500, percentage: { value } } })),
          { abort: { httpStatus: 600 } },
          { abort: { httpStatus: 199 } },
          { abort: { grpcStatus: 'UNAVAILABLE' } },
          { abort: { grpcStatus: 'BROKEN' } },
          {},
        ],
      },
      { path: 'http[0].mirror', values: HOSTS.slice(0, 8).map((host) => ({ host })) },
      { path: 'http[0].mirrorPercentage', values: PERCENTS.map((value) => ({ value })) },
      {
        path: 'http[0].rewrite',
        values: [{ uri: '/a' }, { authority: 'a.com' }, {}, { uriRegexRewrite: { match: '[', rewrite: 'a' } }],
      },
      {
        path: 'http[0].corsPolicy',
        values: [
          { allowOrigins: [{ exact: 'https://a.com' }] },
          { allowOrigins: [{ regex: '[' }] },
          { allowMethods: ['GET'] },
          { allowMethods: ['FETCH'] },
          { maxAge: '1s' },
          { maxAge: '1us' },
          { allowHeaders: ['a b'] },
        ],
      },
      {
        path: 'http[0].headers',
        values: [{ request: { set: { a: 'b' } } }, { request: { set: { '': 'b' } } }, { request: { remove: ['a b'] } }],
      },
      {
        path: 'tcp',
        values: [
          [{ match: [{ port: 1 }], route: [{ destination }] }],
          [{ match: [{ destinationSubnets: ['10.0.0.0/33'] }], route: [{ destination }] }],
          [{ route: [] }],
        ],
      },
      {
        path: 'tls',
        values: [
          [{ match: [{ port: 443, sniHosts: ['reviews'] }], route: [{ destination }] }],
          [{ match: [{ port: 443, sniHosts: [] }], route: [{ destination }] }],
          [{ match: [{ sniHosts: ['other.com'] }], route: [{ destination }] }],
          [{ match: [], route: [{ destination }] }],
        ],
      },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    spec: { host: 'reviews' },
    slots: [
      { path: 'host', values: HOSTS },
      { path: 'exportTo', values: EXPORTS },
      {
        path: 'subsets',
        values: [
          ...['v1', 'V1', 'a b', 'a_b', ''].map((name) => [{ name, labels: { version: 'v1' } }]),
          [{ name: 'v1' }],
          [{ name: 'v1', labels: {} }],
          [{ name: 'v1' }, { name: 'v1' }],
          ...LABEL_VALUES.map((version) => [{ name: 'v1', labels: { version } }]),
        ],
      },
      { path: 'trafficPolicy.tls', values: CLIENT_TLS.map((mode) => ({ mode })) },
      {
        path: 'trafficPolicy.tls',
        values: [
          { mode: 'MUTUAL', clientCertificate: '/a', privateKey: '/b' },
          { mode: 'MUTUAL', clientCertificate: '/a' },
          { mode: 'MUTUAL', credentialName: 'a' },
          { mode: 'ISTIO_MUTUAL', caCertificates: '/a' },
          { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/a' },
        ],
      },
      {
        path: 'trafficPolicy.connectionPool.tcp',
        values: [
          ...DURATIONS.map((connectTimeout) => ({ connectTimeout })),
          { maxConnections: 1 },
          { maxConnections: -1 },
          { maxConnections: 0 },
          { tcpKeepalive: { time: '1us' } },
          { idleTimeout: '1us' },
        ],
      },
      {
        path: 'trafficPolicy.connectionPool.http',
        values: [
          { http1MaxPendingRequests: -1 },
          { http2MaxRequests: 10 },
          { maxRetries: -1 },
          { idleTimeout: '1us' },
          { idleTimeout: '10s' },
          { h2UpgradePolicy: 'MAYBE' },
          { maxRequestsPerConnection: -1 },
          { maxConcurrentStreams: -1 },
          { useClientProtocol: true, h2UpgradePolicy: 'UPGRADE' },
          {},
        ],
      },
      {
        path: 'trafficPolicy.outlierDetection',
        values: [
          { consecutive5xxErrors: 5 },
          { consecutive5xxErrors: -1 },
          ...PERCENTS.filter(Number.isInteger).map((maxEjectionPercent) => ({ maxEjectionPercent })),
          ...PERCENTS.filter(Number.isInteger).map((minHealthPercent) => ({ minHealthPercent })),
          { interval: '1us' },
          { baseEjectionTime: '10s' },
          {},
        ],
      },
      {
        path: 'trafficPolicy.loadBalancer',
        values: [
          { simple: 'RANDOM' },
          { simple: 'BEST' },
          { consistentHash: { httpHeaderName: 'a' } },
          { consistentHash: { httpCookie: { name: 'a', ttl: '0s' } } },
          { consistentHash: { httpCookie: { name: '', ttl: '1s' } } },
          { consistentHash: { httpCookie: { name: 'a' } } },
          { consistentHash: { useSourceIp: true, minimumRingSize: 0 } },
          { simple: 'RANDOM', warmup: { duration: '1s' } },
          { simple: 'RANDOM', warmup: { duration: '1us' } },
          { localityLbSetting: { distribute: [{ from: 'a/*', to: { 'b/*': 100 } }] } },
          { localityLbSetting: { distribute: [{ from: 'a/*', to: { 'b/*': 50 } }] } },
          { localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } },
          { localityLbSetting: { failover: [{ from: 'a', to: 'a' }] } },
        ],
      },
      { path: 'trafficPolicy.portLevelSettings', values: [...PORTS.map((number) => [{ port: { number } }]), [{}]] },
      { path: 'workloadSelector', values: LABEL_KEYS.map((matchLabels) => ({ matchLabels })) },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['a.example.com'] }],
    },
    slots: [
      { path: 'selector', values: LABEL_KEYS },
      { path: 'servers', values: [[]] },
      {
        path: 'servers[0].hosts',
        values: [
          ...HOSTS.map((host) => [host]),
          ['shop/a.example.com'],
          ['./a.example.com'],
          ['*/a.example.com'],
          ['~/a.example.com'],
          ['Bad Name/a.com'],
          ['a/b/c'],
          [],
        ],
      },
      { path: 'servers[0].port.number', values: PORTS },
      { path: 'servers[0].port.protocol', values: ['HTTP2', 'GRPC', 'TCP', 'UDP', 'http', 'MYSQL', ''] },
      { path: 'servers[0].port.name', values: ['web', 'a b', 'UPPER', 'a_b', ''] },
      { path: 'servers[0].bind', values: CIDRS },
      {
        path: 'servers[0]',
        values: ['SIMPLE', 'MUTUAL', 'PASSTHROUGH', 'ISTIO_MUTUAL', 'AUTO_PASSTHROUGH', 'OPTIONAL_MUTUAL', 'NONE']
          .flatMap((mode) => [
            { mode },
            { mode, credentialName: 'c' },
            { mode, serverCertificate: '/a', privateKey: '/b' },
          ])
          .map((tls) => ({ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['a.example.com'], tls })),
      },
      {
        path: 'servers[0]',
        values: [
          { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['a.example.com'] },
          {
            port: { number: 80, name: 'http', protocol: 'HTTP' },
            hosts: ['a.example.com'],
            tls: { httpsRedirect: true },
          },
          {
            port: { number: 443, name: 'https', protocol: 'HTTPS' },
            hosts: ['a.example.com'],
            tls: { mode: 'SIMPLE', credentialName: 'a', httpsRedirect: true },
          },
          {
            port: { number: 80, name: 'http', protocol: 'HTTP' },
            hosts: ['a.example.com'],
            tls: { mode: 'SIMPLE', credentialName: 'a' },
          },
        ],
      },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    spec: {
      hosts: ['api.example.com'],
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      resolution: 'DNS',
      location: 'MESH_EXTERNAL',
    },
    slots: [
      { path: 'hosts', values: [...HOSTS.map((host) => [host]), []] },
      { path: 'exportTo', values: EXPORTS },
      { path: 'addresses', values: CIDRS.map((each) => [each]) },
      {
        path: 'ports',
        values: [
          ...PORTS.map((number) => [{ number, name: 'tls', protocol: 'TLS' }]),
          ...['HTTP', 'HTTPS', 'UDP', 'tcp', '', 'MONGO'].map((protocol) => [{ number: 443, name: 'tls', protocol }]),
          ...['a b', 'UPPER', ''].map((name) => [{ number: 443, name, protocol: 'TLS' }]),
          [
            { number: 80, name: 'a', protocol: 'HTTP' },
            { number: 80, name: 'b', protocol: 'HTTP' },
          ],
          [
            { number: 80, name: 'a', protocol: 'HTTP' },
            { number: 81, name: 'a', protocol: 'HTTP' },
          ],
          [],
        ],
      },
      { path: 'resolution', values: ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'MAGIC'] },
      { path: 'location', values: ['MESH_INTERNAL', 'ELSEWHERE'] },
      {
        path: 'endpoints',
        values: ['10.0.0.1', 'a.example.com', 'a b', '*.example.com', '', 'unix:///a'].map((address) => [{ address }]),
      },
      {
        path: 'endpoints',
        values: [
          [{ address: 'a.example.com', ports: { tls: 8443 } }],
          [{ address: 'a.example.com', ports: { other: 8443 } }],
          [{ address: 'a.example.com', ports: { tls: 0 } }],
          [{ address: 'a.example.com', labels: { app: 'a b' } }],
        ],
      },
      { path: 'workloadSelector', values: LABEL_KEYS.map((labels) => ({ labels })) },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    spec: { egress: [{ hosts: ['./*'] }] },
    slots: [
      {
        path: 'egress[0].hosts',
        values: [
          ['*/*'],
          ['~/*'],
          ['shop/reviews'],
          ['shop/*.example.com'],
          ['*'],
          ['reviews'],
          ['Bad Name/*'],
          ['a/b/c'],
          ['./'],
          [],
          ['shop/a b'],
          ['./*', './*'],
        ],
      },
      {
        path: 'egress[0].port',
        values: [
          ...PORTS.map((number) => ({ number, protocol: 'HTTP', name: 'http' })),
          { number: 80, protocol: 'UDP', name: 'a' },
        ],
      },
      { path: 'egress[0].bind', values: CIDRS.slice(0, 5) },
      { path: 'egress[0].captureMode', values: ['NONE', 'IPTABLES', 'ALL'] },
      {
        path: 'ingress',
        values: [
          [{ port: { number: 8080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' }],
          [{ port: { number: 8080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '10.0.0.1:8080' }],
          [{ port: { number: 8080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1' }],
          [{ port: { number: 0, protocol: 'HTTP', name: 'http' } }],
          [{ defaultEndpoint: '127.0.0.1:80' }],
        ],
      },
      { path: 'outboundTrafficPolicy.mode', values: ['ALLOW_ANY', 'REGISTRY_ONLY', 'NEVER'] },
      { path: 'workloadSelector', values: LABEL_KEYS.map((labels) => ({ labels })) },
    ],
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    spec: { rules: [{}] },
    slots: [
      { path: 'action', values: ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM', 'MAYBE'] },
      { path: 'selector', values: LABEL_KEYS.map((matchLabels) => ({ matchLabels })) },
      {
        path: 'rules[0].from',
        values: [
          [],
          [{}],
          [{ source: {} }],
          ...CIDRS.map((each) => [{ source: { ipBlocks: [each] } }]),
          [{ source: { principals: ['a'] } }],
          [{ source: { principals: [''] } }],
          [{ source: { principals: ['a*b'] } }],
          [{ source: { namespaces: ['a*b'] } }],
          [{ source: { serviceAccounts: ['a/b'] } }],
          [{ source: { serviceAccounts: ['a/b/c'] } }],
          [{ source: { serviceAccounts: ['a'], principals: ['b'] } }],
          [{ source: { requestPrincipals: ['*'] } }],
        ],
      },
      {
        path: 'rules[0].to',
        values: [
          [],
          [{}],
          [{ operation: {} }],
          ...['80', '0', '65536', 'http', ''].map((each) => [{ operation: { ports: [each] } }]),
          ...['/a', '/a*', '*a', '/{*}/b', '/{**}', '/{*}b', '/{a}', '/{**}/{**}', ''].map((each) => [
            { operation: { paths: [each] } },
          ]),
          [{ operation: { methods: ['GET'] } }],
          [{ operation: { methods: [''] } }],
          [{ operation: { hosts: ['a.com'] } }],
        ],
      },
      {
        path: 'rules[0].when',
        values: [
          'request.headers[a]',
          'request.headers[]',
          'request.headers',
          'source.ip',
          'remote.ip',
          'source.namespace',
          'request.auth.claims[a][b]',
          'request.auth.claims',
          'destination.port',
          'connection.sni',
          'experimental.envoy.filters.a.b[c]',
          'nothing',
          '',
        ].map((key) => [{ key, values: ['10.0.0.1'] }]),
      },
      {
        path: 'rules[0].when',
        values: [
          [{ key: 'source.ip', values: ['ten'] }],
          [{ key: 'destination.port', values: ['http'] }],
          [{ key: 'destination.port', values: ['80'] }],
          [{ key: 'source.namespace' }],
          [{ key: 'source.namespace', notValues: ['a'] }],
        ],
      },
      {
        path: 'targetRefs',
        values: [
          [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'a' }],
          [{ kind: 'Gateway', group: 'nowhere', name: 'a' }],
          [{ kind: 'Service', group: '', name: 'a' }],
          [{ kind: 'Pod', group: '', name: 'a' }],
          [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: '' }],
        ],
      },
      { path: 'provider', values: [{ name: 'opa' }, { name: '' }] },
    ],
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    spec: { mtls: { mode: 'STRICT' } },
    slots: [
      { path: 'mtls.mode', values: ['UNSET', 'PERMISSIVE', 'DISABLE', 'MAYBE', ''] },
      { path: 'selector', values: LABEL_KEYS.map((matchLabels) => ({ matchLabels })) },
      {
        path: '',
        values: PORTS.map((port) => ({
          selector: { matchLabels: { app: 'a' } },
          portLevelMtls: { [port]: { mode: 'DISABLE' } },
        })),
      },
      {
        path: '',
        values: [
          { portLevelMtls: { 80: { mode: 'DISABLE' } } },
          { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { http: { mode: 'DISABLE' } } },
          {},
        ],
      },
    ],
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    spec: { jwtRules: [{ issuer: 'https://id.example', jwksUri: 'https://id.example/keys' }] },
    slots: [
      { path: 'jwtRules', values: [[], [{}], [{ issuer: '' }], [{ issuer: 'a' }]] },
      { path: 'jwtRules[0].jwksUri', values: ['http://a/b', 'ftp://a/b', 'keys', 'https://a:99999/b', 'https://'] },
      { path: 'jwtRules[0].jwks', values: ['{"keys":[]}', 'nonsense'] },
      { path: 'jwtRules[0].audiences', values: [['a'], [''], ['a', 'a']] },
      { path: 'jwtRules[0].fromHeaders', values: [[{ name: 'a' }], [{ name: '' }], [{ name: 'a b' }]] },
      { path: 'jwtRules[0].fromParams', values: [['a'], ['']] },
      { path: 'jwtRules[0].fromCookies', values: [['a'], ['']] },
      { path: 'jwtRules[0].timeout', values: DURATIONS },
      {
        path: 'jwtRules[0].outputClaimToHeaders',
        values: [
          [{ header: 'a', claim: 'b' }],
          [{ header: '', claim: 'b' }],
          [{ header: 'a', claim: '' }],
          [{ header: 'a b', claim: 'c' }],
        ],
      },
      { path: 'selector', values: LABEL_KEYS.map((matchLabels) => ({ matchLabels })) },
    ],
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }] },
    slots: [
      { path: 'accessLogging[0].providers', values: [[{ name: '' }], [{ name: 'a' }, { name: 'b' }], []] },
      {
        path: 'accessLogging[0].filter',
        values: [{ expression: 'response.code >= 400' }, { expression: 'response.code >=' }, { expression: '' }],
      },
      { path: 'accessLogging[0].match', values: [{ mode: 'CLIENT' }, { mode: 'BOTH' }] },
      { path: 'tracing', values: PERCENTS.map((randomSamplingPercentage) => [{ randomSamplingPercentage }]) },
      {
        path: 'tracing',
        values: [
          [{ providers: [{ name: 'a' }, { name: 'b' }] }],
          [{ providers: [{ name: '' }] }],
          [{ customTags: { a: { literal: { value: '' } } } }],
        ],
      },
      {
        path: 'metrics',
        values: [
          [{ overrides: [{ match: { metric: 'REQUEST_COUNT' }, disabled: true }] }],
          [{ overrides: [{ match: { metric: 'MANY' } }] }],
          [{ overrides: [{ tagOverrides: { a: { operation: 'UPSERT' } } }] }],
          [{ overrides: [{ tagOverrides: { a: { operation: 'REMOVE', value: 'b' } } }] }],
          [{ overrides: [{ tagOverrides: { a: { operation: 'UPSERT', value: 'b' } } }] }],
          [{ providers: [{ name: '' }] }],
        ],
      },
      { path: 'selector', values: LABEL_KEYS.map((matchLabels) => ({ matchLabels })) },
    ],
  },
]

/** Every value of every place alone, and random pairs of them; always the same ones. */
export function verdictCorpus(): CorpusObject[] {
  return [...FORM_FAMILIES, ...YAML_FAMILIES].flatMap((family) => {
    const changes = family.slots.flatMap(({ path, values }) => values.map((value) => ({ path, value })))
    const pair = fc.tuple(fc.constantFrom(...changes), fc.constantFrom(...changes))
    const pairs = fc.sample(
      pair.filter(([a, b]) => !overlaps(a.path, b.path)),
      { seed: SEED, numRuns: PAIRS_OF_A_KIND },
    )
    const all = [[], ...changes.map((change) => [change]), ...pairs]
    return all.map((each, at): CorpusObject => ({
      kind: family.kind,
      changes: each.map(({ path, value }) => `${path} = ${JSON.stringify(value).slice(0, 200)}`),
      object: {
        apiVersion: family.apiVersion,
        kind: family.kind,
        metadata: { name: `verdict-${at}`, namespace: 'playground' },
        spec: each.reduce<unknown>((spec, { path, value }) => put(spec, stepsOf(path), value), family.spec),
      },
    }))
  })
}

const overlaps = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a)

const stepsOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, at, name]) => (at === undefined ? (name ?? '') : Number(at)))

/** A copy with a value at a place. */
function put(value: unknown, [step, ...rest]: readonly (string | number)[], next: unknown): unknown {
  if (step === undefined) return next
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...value] : []
    list[step] = put(list[step], rest, next)
    return list
  }
  const map: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  return { ...map, [step]: put(map[step], rest, next) }
}
