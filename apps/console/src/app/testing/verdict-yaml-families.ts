import type { Family } from './verdict-corpus.ts'

const PORTS = [1, 65_535, 0, -1, 65_536]
const LABELS = [
  { app: 'a' },
  { app: '' },
  { app: 'a b' },
  { app: '*' },
  { '': 'a' },
  { 'a b': 'a' },
  { 'example.com/a': 'a' },
]
const SELECTED = [{ app: 'a' }, { app: '*' }, { '*': 'a' }, { '': 'a' }]
const ADDRESSES = [
  '10.0.0.1',
  'fd00::1',
  'machine.example.com',
  'unix:///run/app.sock',
  'unix://@app',
  'unix://run/app.sock',
  'unix:///run/',
  '*.example.com',
  'a b',
  '',
]
const REGEXES = ['1\\.3[01].*', '[a', '(?=a)', '']
const VALUE = { typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' } }
const PATCH = { operation: 'INSERT_BEFORE', value: { name: 'a', ...VALUE } }
const FILTER = 'envoy.filters.network.http_connection_manager'
const MATCH_OF_FILTER = (filter: object) => ({
  context: 'ANY',
  listener: { filterChain: { filter } },
})

/** Kinds that have no form: they are edited as YAML, and held to the rules all the same. */
export const YAML_FAMILIES: readonly Family[] = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    spec: { address: '10.0.0.1', labels: { app: 'a' } },
    slots: [
      { path: 'address', values: ADDRESSES },
      { path: 'network', values: ['east', ''] },
      { path: 'ports', values: [...PORTS.map((http) => ({ http })), { 'a b': 80 }, { 'x-': 80 }, {}] },
      { path: 'labels', values: LABELS },
      { path: 'weight', values: [0, 1, -1] },
      { path: 'serviceAccount', values: ['a', 'x'.repeat(254)] },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadGroup',
    spec: { metadata: { labels: { app: 'a' } }, template: { serviceAccount: 'a' } },
    slots: [
      { path: 'metadata.labels', values: LABELS },
      { path: 'template.address', values: ADDRESSES },
      { path: 'template.ports', values: [...PORTS.map((http) => ({ http })), { 'a b': 80 }] },
      {
        path: 'probe',
        values: [
          {},
          ...PORTS.map((port) => ({ httpGet: { port } })),
          { tcpSocket: { port: 80 } },
          { tcpSocket: { port: 0 } },
          { tcpSocket: {} },
          { grpc: { port: 80 } },
          { exec: { command: ['ls'] } },
          { exec: { command: [] } },
          { exec: { command: [''] } },
          { httpGet: { port: 80 }, tcpSocket: { port: 80 } },
          { httpGet: { port: 80, scheme: 'HTTPS' } },
          { httpGet: { port: 80, scheme: 'ftp' } },
          { httpGet: { port: 80, httpHeaders: [{ name: 'x-a', value: 'b' }] } },
          { httpGet: { port: 80, httpHeaders: [{ name: 'x a', value: 'b' }] } },
          { httpGet: { port: 80 }, periodSeconds: -1 },
          { httpGet: { port: 80 }, failureThreshold: 0 },
        ],
      },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    spec: { concurrency: 2 },
    slots: [
      { path: 'concurrency', values: [0, -1, 8] },
      { path: 'selector.matchLabels', values: SELECTED },
      { path: 'environmentVariables', values: [{ A: 'b' }, { A: '' }, {}] },
    ],
  },
  {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    spec: { configPatches: [{ applyTo: 'HTTP_FILTER', match: { context: 'ANY' }, patch: PATCH }] },
    slots: [
      {
        path: 'configPatches[0].applyTo',
        values: ['HTTP_FILTER', 'INVALID', 'EVERYTHING', 'CLUSTER', 'HTTP_ROUTE', 'LISTENER_FILTER'],
      },
      { path: 'configPatches[0].match.context', values: ['GATEWAY', 'SIDECAR_INBOUND', 'NOWHERE', 'WAYPOINT'] },
      {
        path: 'configPatches[0].match',
        values: [
          { cluster: { service: 'a' } },
          { routeConfiguration: { name: 'a' } },
          { listener: { portNumber: 80 } },
          { listener: { portNumber: 80 }, cluster: { service: 'a' } },
          { context: 'WAYPOINT', waypoint: { portNumber: 80 } },
          { context: 'GATEWAY', waypoint: { portNumber: 80 } },
          MATCH_OF_FILTER({ name: FILTER }),
          MATCH_OF_FILTER({ name: '' }),
          MATCH_OF_FILTER({ name: FILTER, subFilter: { name: 'envoy.filters.http.router' } }),
          MATCH_OF_FILTER({ name: FILTER, subFilter: { name: '' } }),
          MATCH_OF_FILTER({ name: 'other', subFilter: { name: 'envoy.filters.http.router' } }),
          ...REGEXES.map((proxyVersion) => ({ proxy: { proxyVersion } })),
        ],
      },
      {
        path: 'configPatches[0].patch.operation',
        values: ['ADD', 'REMOVE', 'INVALID', 'SOMETHING', 'MERGE', 'INSERT_FIRST', 'REPLACE'],
      },
      {
        path: 'configPatches[0].patch',
        values: [
          { operation: 'ADD' },
          { operation: 'REMOVE' },
          { value: VALUE },
          { operation: 'ADD', value: { name: 'a', typed_config: { '@type': 'type.googleapis.com/unheard.Of' } } },
        ],
      },
      { path: 'workloadSelector', values: [...LABELS.map((labels) => ({ labels })), {}] },
      {
        path: 'targetRefs',
        values: [
          [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'a' }],
          [{ kind: 'Pod', group: '', name: 'a' }],
        ],
      },
      { path: 'priority', values: [0, -10, 10] },
    ],
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    kind: 'WasmPlugin',
    spec: { url: 'oci://registry.example.com/filter:1' },
    slots: [
      {
        path: 'url',
        values: ['registry.example.com/a:1', 'https://a.example/f.wasm', 'file:///a.wasm', 'ftp://a/b', '', 'a b'],
      },
      { path: 'sha256', values: ['a'.repeat(64), 'a'.repeat(63), 'A'.repeat(64), ''] },
      { path: 'pluginName', values: ['a', '', 'x'.repeat(257)] },
      { path: 'imagePullSecret', values: ['a', '', 'x'.repeat(254)] },
      { path: 'phase', values: ['AUTHN', 'LATER'] },
      { path: 'type', values: ['HTTP', 'NETWORK', 'UDP'] },
      { path: 'failStrategy', values: ['FAIL_OPEN', 'FAIL'] },
      { path: 'imagePullPolicy', values: ['Always', 'Never'] },
      {
        path: 'vmConfig.env',
        values: [
          [{ name: 'A', value: 'b' }],
          [{ name: '' }],
          [
            { name: 'A', value: 'b' },
            { name: 'A', value: 'c' },
          ],
          [{ name: 'A', valueFrom: 'HOST' }],
          [{ name: 'A', valueFrom: 'HOST', value: 'b' }],
          [{ name: 'A', valueFrom: 'FILE' }],
          [{ name: 'x'.repeat(257) }],
        ],
      },
      {
        path: 'match',
        values: [[{ mode: 'CLIENT' }], [{ mode: 'BOTH' }], ...PORTS.map((n) => [{ ports: [{ number: n }] }])],
      },
      { path: 'selector.matchLabels', values: SELECTED },
      {
        path: 'targetRefs',
        values: [
          [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'a' }],
          [{ kind: 'Service', group: '', name: 'a' }],
          [{ kind: 'Pod', group: '', name: 'a' }],
        ],
      },
    ],
  },
]
