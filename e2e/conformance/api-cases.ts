/** What is asked of both API servers, by the client of our own product. A case is a run of steps on objects of its own. */

export interface Step {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `NS` stands for the namespace of the run. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  readonly body?: unknown
  readonly contentType?: string
  /** Whose request it is; the owner's by default. */
  readonly user?: { readonly username: string; readonly groups: readonly string[] }
  /** Replaces the body by one made from the answers so far. */
  readonly from?: (answers: readonly unknown[]) => unknown
  /** Only whether it went well and with which code is compared: what it answers is the machine's own affair. */
  readonly codeOnly?: boolean
  /** Asked again until it answers with this code: a real API server hears of role bindings by a watch, a moment later. */
  readonly settles?: number
}

export interface Case {
  readonly name: string
  readonly steps: readonly Step[]
}

const CORE = '/api/v1/namespaces/NS'
const APPS = '/apis/apps/v1/namespaces/NS'
const ISTIO = '/apis/networking.istio.io/v1/namespaces/NS'
const SECURITY = '/apis/security.istio.io/v1/namespaces/NS'
const RBAC = '/apis/rbac.authorization.k8s.io/v1/namespaces/NS'
const JSON_PATCH = 'application/json-patch+json'
const MERGE = 'application/merge-patch+json'
const STRATEGIC = 'application/strategic-merge-patch+json'
const APPLY = 'application/apply-patch+yaml'

const configMap = (name: string, data: Record<string, string> = { a: '1' }, metadata: object = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})

const template = (labels: Record<string, string>): unknown => ({
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'lab.invalid/demo/main:v1', ports: [{ containerPort: 8080 }] }] },
})

const deployment = (name: string, spec: object = {}): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  // No pods: what a scheduler and a kubelet do is not compared here.
  spec: { replicas: 0, selector: { matchLabels: { app: name } }, template: template({ app: name }), ...spec },
})

const virtualService = (name: string, spec: object): unknown => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name },
  spec,
})

const route = (host: string, weight?: number): object => ({
  destination: { host },
  ...(weight === undefined ? {} : { weight }),
})

const create = (path: string, body: unknown, query: Step['query'] = {}): Step => ({ method: 'POST', path, body, query })
const refused = (name: string, path: string, body: unknown, query: Step['query'] = {}): Case => ({
  name,
  steps: [create(path, body, { fieldValidation: 'Strict', ...query })],
})

const READER = { username: 'conformance-reader', groups: ['conformance:readers', 'conformance:all'] }

export const API_CASES: readonly Case[] = [
  {
    name: 'creates, reads and deletes a ConfigMap',
    steps: [
      create(`${CORE}/configmaps`, configMap('plain')),
      { path: `${CORE}/configmaps/plain` },
      { method: 'DELETE', path: `${CORE}/configmaps/plain` },
      { path: `${CORE}/configmaps/plain` },
      { method: 'DELETE', path: `${CORE}/configmaps/plain` },
    ],
  },
  {
    name: 'refuses to create what is there',
    steps: [create(`${CORE}/configmaps`, configMap('twice')), create(`${CORE}/configmaps`, configMap('twice'))],
  },
  refused('a name that is no DNS subdomain', `${CORE}/configmaps`, configMap('Not_A_Name')),
  refused('a missing name', `${CORE}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }),
  refused('another kind', `${CORE}/configmaps`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }),
  refused('another namespace', `${CORE}/configmaps`, configMap('a', {}, { namespace: 'elsewhere' })),
  refused('a namespace that is not there', '/api/v1/namespaces/not-there/configmaps', configMap('a')),
  refused('a label that is none', `${CORE}/configmaps`, configMap('labels', {}, { labels: { a: 'not valid!' } })),
  refused('a label key that is none', `${CORE}/configmaps`, configMap('labels', {}, { labels: { 'a b': 'c' } })),
  refused('a key of data that is none', `${CORE}/configmaps`, configMap('data', { 'a/b': 'c' })),
  refused('a Service named in capitals', `${CORE}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'Web' },
    spec: { ports: [{ port: 80 }] },
  }),
  refused('a Service without ports', `${CORE}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'no-ports' },
    spec: { selector: { app: 'a' } },
  }),
  refused('two ports without names', `${CORE}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nameless' },
    spec: { ports: [{ port: 80 }, { port: 81 }] },
  }),
  refused(
    'a Deployment whose selector misses its template',
    `${APPS}/deployments`,
    deployment('miss', { template: template({ app: 'b' }) }),
  ),
  refused(
    'a Deployment without containers',
    `${APPS}/deployments`,
    deployment('bare', { template: { metadata: { labels: { app: 'bare' } }, spec: { containers: [] } } }),
  ),
  refused('a number that is a text', `${APPS}/deployments`, deployment('text', { replicas: 'three' })),
  refused('a field that nobody knows', `${APPS}/deployments`, deployment('unknown', { replicaCount: 3 })),
  refused('a path that nobody serves', '/apis/nobody.example/v1/things', {}),
  refused('a kind that nobody serves', `${CORE}/things`, {}),
  {
    name: 'fills in the defaults of a Deployment',
    steps: [create(`${APPS}/deployments`, deployment('defaults'), { dryRun: 'All' })],
  },
  {
    name: 'fills in the defaults of a Service',
    steps: [
      create(
        `${CORE}/services`,
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'svc' },
          spec: { selector: { app: 'a' }, ports: [{ port: 80 }] },
        },
        { dryRun: 'All' },
      ),
    ],
  },
  {
    name: 'keeps a dry run to itself',
    steps: [create(`${CORE}/configmaps`, configMap('dry'), { dryRun: 'All' }), { path: `${CORE}/configmaps/dry` }],
  },
  { name: 'refuses another dry run', steps: [create(`${CORE}/configmaps`, configMap('dry'), { dryRun: 'Some' })] },
  {
    name: 'tells of a conflict',
    steps: [
      create(`${CORE}/configmaps`, configMap('conflict')),
      { method: 'PUT', path: `${CORE}/configmaps/conflict`, body: configMap('conflict', { a: '2' }) },
      { method: 'PUT', path: `${CORE}/configmaps/conflict`, from: ([first]) => first },
      { method: 'PUT', path: `${CORE}/configmaps/conflict`, body: configMap('other') },
      { method: 'PUT', path: `${CORE}/configmaps/missing`, body: configMap('missing') },
    ],
  },
  {
    name: 'wants a version for the update of a custom resource',
    steps: [
      create(
        `${ISTIO}/virtualservices`,
        virtualService('versioned', { hosts: ['a'], http: [{ route: [route('a')] }] }),
      ),
      {
        method: 'PUT',
        path: `${ISTIO}/virtualservices/versioned`,
        body: virtualService('versioned', { hosts: ['b'], http: [{ route: [route('a')] }] }),
      },
    ],
  },
  {
    name: 'patches in three forms',
    steps: [
      create(`${APPS}/deployments`, deployment('patched')),
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${APPS}/deployments/patched`,
        body: { spec: { paused: true, revisionHistoryLimit: null } },
      },
      {
        method: 'PATCH',
        contentType: STRATEGIC,
        path: `${APPS}/deployments/patched`,
        body: {
          spec: { template: { spec: { containers: [{ name: 'second', image: 'lab.invalid/demo/second:v1' }] } } },
        },
      },
      {
        method: 'PATCH',
        contentType: STRATEGIC,
        path: `${APPS}/deployments/patched`,
        body: { spec: { template: { spec: { containers: [{ name: 'second', $patch: 'delete' }] } } } },
      },
      {
        method: 'PATCH',
        contentType: JSON_PATCH,
        path: `${APPS}/deployments/patched`,
        body: [
          { op: 'test', path: '/spec/paused', value: true },
          { op: 'replace', path: '/spec/paused', value: false },
          { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
        ],
      },
    ],
  },
  {
    name: 'refuses patches that do not fit',
    steps: [
      create(`${CORE}/configmaps`, configMap('unfit')),
      {
        method: 'PATCH',
        contentType: JSON_PATCH,
        path: `${CORE}/configmaps/unfit`,
        body: [{ op: 'remove', path: '/data/zzz' }],
        codeOnly: true,
      },
      {
        method: 'PATCH',
        contentType: JSON_PATCH,
        path: `${CORE}/configmaps/unfit`,
        body: [{ op: 'test', path: '/data/a', value: '9' }],
        codeOnly: true,
      },
      {
        method: 'PATCH',
        contentType: JSON_PATCH,
        path: `${CORE}/configmaps/unfit`,
        body: { op: 'add' },
        codeOnly: true,
      },
      { method: 'PATCH', contentType: 'text/plain', path: `${CORE}/configmaps/unfit`, body: {}, codeOnly: true },
      { method: 'PATCH', contentType: MERGE, path: `${CORE}/configmaps/missing`, body: {} },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${CORE}/configmaps/unfit`,
        body: { metadata: { resourceVersion: '1' } },
      },
    ],
  },
  {
    name: 'has no strategic merge for custom resources',
    steps: [
      create(
        `${ISTIO}/virtualservices`,
        virtualService('strategic', { hosts: ['a'], http: [{ route: [route('a')] }] }),
      ),
      { method: 'PATCH', contentType: STRATEGIC, path: `${ISTIO}/virtualservices/strategic`, body: {}, codeOnly: true },
    ],
  },
  {
    name: 'applies on the server, with owners and conflicts',
    steps: [
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${CORE}/configmaps/applied`,
        query: { fieldManager: 'one' },
        body: configMap('applied', { a: '1', b: '2' }),
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${CORE}/configmaps/applied`,
        query: { fieldManager: 'two' },
        body: configMap('applied', { a: '9' }),
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${CORE}/configmaps/applied`,
        query: { fieldManager: 'two', force: true },
        body: configMap('applied', { a: '9' }),
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${CORE}/configmaps/applied`,
        query: { fieldManager: 'one' },
        body: configMap('applied', { c: '3' }),
      },
      { path: `${CORE}/configmaps/applied` },
    ],
  },
  {
    name: 'applies a Deployment over an update',
    steps: [
      create(`${APPS}/deployments`, deployment('shared'), { fieldManager: 'maker' }),
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${APPS}/deployments/shared`,
        query: { fieldManager: 'applier' },
        body: deployment('shared', { replicas: 0, minReadySeconds: 5 }),
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${APPS}/deployments/shared`,
        query: { fieldManager: 'applier' },
        body: deployment('shared', { replicas: 0, progressDeadlineSeconds: 5 }),
      },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${APPS}/deployments/shared`,
        query: { fieldManager: 'other' },
        body: { spec: { minReadySeconds: 7 } },
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${APPS}/deployments/shared`,
        query: { fieldManager: 'applier' },
        body: deployment('shared', { minReadySeconds: 8 }),
      },
    ],
  },
  {
    name: 'applies a custom resource',
    steps: [
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${ISTIO}/virtualservices/applied`,
        query: { fieldManager: 'one' },
        body: virtualService('applied', { hosts: ['a'], http: [{ route: [route('a', 90), route('b', 10)] }] }),
      },
      {
        method: 'PATCH',
        contentType: APPLY,
        path: `${ISTIO}/virtualservices/applied`,
        query: { fieldManager: 'two' },
        body: virtualService('applied', { hosts: ['a'], http: [{ route: [route('a', 50), route('b', 50)] }] }),
      },
    ],
  },
  {
    name: 'lists by labels and fields',
    steps: [
      create(`${CORE}/configmaps`, configMap('l1', {}, { labels: { tier: 'front', 'a.example/x': 'y' } })),
      create(`${CORE}/configmaps`, configMap('l2', {}, { labels: { tier: 'back' } })),
      { path: `${CORE}/configmaps`, query: { labelSelector: 'tier=front' } },
      { path: `${CORE}/configmaps`, query: { labelSelector: 'tier in (front, back),!a.example/x' } },
      { path: `${CORE}/configmaps`, query: { labelSelector: 'tier notin (front),tier' } },
      { path: `${CORE}/configmaps`, query: { fieldSelector: 'metadata.name=l2' } },
      { path: `${CORE}/configmaps`, query: { fieldSelector: 'data.a=b' }, codeOnly: true },
      { path: `${CORE}/configmaps`, query: { labelSelector: 'tier in front' }, codeOnly: true },
    ],
  },
  {
    name: 'wants a token that is one',
    steps: [{ path: `${CORE}/configmaps`, query: { limit: 1, continue: 'nonsense' }, codeOnly: true }],
  },
  {
    name: 'deletes with preconditions and finalizers',
    steps: [
      create(`${CORE}/configmaps`, configMap('held', {}, { finalizers: ['a.example/hold'] })),
      {
        method: 'DELETE',
        path: `${CORE}/configmaps/held`,
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
        },
      },
      { method: 'DELETE', path: `${CORE}/configmaps/held` },
      { path: `${CORE}/configmaps/held` },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${CORE}/configmaps/held`,
        body: { metadata: { finalizers: null } },
      },
      { path: `${CORE}/configmaps/held` },
    ],
  },
  {
    name: 'counts generations of what is desired',
    steps: [
      create(`${ISTIO}/virtualservices`, virtualService('counted', { hosts: ['a'], http: [{ route: [route('a')] }] })),
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${ISTIO}/virtualservices/counted`,
        body: { metadata: { labels: { a: 'b' } } },
      },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${ISTIO}/virtualservices/counted`,
        body: { spec: { hosts: ['b'] } },
      },
    ],
  },
  {
    name: 'serves an object in every version',
    steps: [
      create(`${ISTIO}/virtualservices`, virtualService('versions', { hosts: ['a'], http: [{ route: [route('a')] }] })),
      { path: '/apis/networking.istio.io/v1beta1/namespaces/NS/virtualservices/versions' },
      { path: '/apis/networking.istio.io/v1alpha3/namespaces/NS/virtualservices/versions' },
    ],
  },
  {
    name: 'prunes what a definition does not know',
    steps: [
      create(
        `${ISTIO}/virtualservices`,
        virtualService('pruned', { hosts: ['a'], http: [{ route: [route('a')], nonsense: 1 }] }),
      ),
      { path: `${ISTIO}/virtualservices/pruned` },
    ],
  },
  refused(
    'a field that a definition does not know',
    `${ISTIO}/virtualservices`,
    virtualService('strict', { hosts: ['a'], nonsense: 1, http: [{ route: [route('a')] }] }),
  ),
  refused('a wrong type in a custom resource', `${ISTIO}/virtualservices`, virtualService('typed', { hosts: 'a' })),
  refused('a value that an enumeration lacks', `${ISTIO}/sidecars`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'enum' },
    spec: { outboundTrafficPolicy: { mode: 'SOMETIMES' } },
  }),
  refused('a DestinationRule without a host', `${ISTIO}/destinationrules`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'hostless' },
    spec: {},
  }),
  refused('a port out of range', `${ISTIO}/serviceentries`, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'port' },
    spec: { hosts: ['a.example'], resolution: 'STATIC', ports: [{ number: 0, name: 'x', protocol: 'HTTP' }] },
  }),
  refused('port-level mTLS without a selector', `${SECURITY}/peerauthentications`, {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name: 'ports' },
    spec: { portLevelMtls: { 80: { mode: 'STRICT' } } },
  }),
  ...istioCases(),
  {
    name: 'scales',
    steps: [
      create(`${APPS}/deployments`, deployment('scaled', { paused: true })),
      { path: `${APPS}/deployments/scaled/scale` },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${APPS}/deployments/scaled/scale`,
        body: { spec: { replicas: -1 } },
        codeOnly: true,
      },
    ],
  },
  {
    name: 'answers reviews',
    steps: [
      create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'create', resource: 'pods', namespace: 'default' } },
      }),
      create('/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: 'nobody',
          groups: ['nobodies'],
          resourceAttributes: { verb: 'create', resource: 'pods', namespace: 'default' },
        },
      }),
      create('/apis/authentication.k8s.io/v1/tokenreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token: 'nonsense' },
      }),
    ],
  },
  {
    name: 'lets a reader read, and tells what is forbidden',
    steps: [
      create(`${RBAC}/roles`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'reader' },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
      }),
      { path: `${CORE}/configmaps/kube-root-ca.crt`, user: READER },
      create(`${RBAC}/rolebindings`, {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'readers' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
        subjects: [{ kind: 'Group', name: 'conformance:readers' }],
      }),
      { path: `${CORE}/configmaps/kube-root-ca.crt`, user: READER, codeOnly: true, settles: 200 },
      { method: 'DELETE', path: `${CORE}/configmaps/kube-root-ca.crt`, user: READER },
      { path: `${CORE}/secrets`, user: READER },
      { path: '/api/v1/nodes', user: READER },
      { path: '/api/v1/namespaces/NS', user: READER },
      { path: `${CORE}/pods/none/portforward`, user: READER },
      { path: `${CORE}/pods/none/portforward`, query: { ports: 15_000 } },
      { path: '/metrics', user: READER },
      { method: 'PATCH', contentType: MERGE, path: `${ISTIO}/virtualservices/x`, body: {}, user: READER },
      {
        method: 'PATCH',
        contentType: MERGE,
        path: `${RBAC}/rolebindings/readers`,
        body: { roleRef: { name: 'other' } },
      },
    ],
  },
  {
    name: 'makes tokens of service accounts',
    steps: [
      create(`${CORE}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }),
      create(
        `${CORE}/serviceaccounts/robot/token`,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: 5 },
        },
        {},
      ),
      {
        ...create(`${CORE}/serviceaccounts/nobody/token`, {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: {},
        }),
      },
    ],
  },
  {
    name: 'keeps secrets as they are written',
    steps: [
      create(`${CORE}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } }),
      { method: 'PATCH', contentType: MERGE, path: `${CORE}/secrets/s`, body: { type: 'other' } },
      { method: 'PATCH', contentType: MERGE, path: `${CORE}/secrets/s`, body: { immutable: true } },
      { method: 'PATCH', contentType: MERGE, path: `${CORE}/secrets/s`, body: { data: { a: 'Yw==' } } },
    ],
  },
]

/** Configurations that istiod itself refuses or warns about. */
function istioCases(): Case[] {
  const wrong: readonly (readonly [name: string, spec: object])[] = [
    ['no routes', { hosts: ['a'] }],
    ['a route to nowhere', { hosts: ['a'], http: [{}] }],
    ['an empty host', { hosts: ['a'], http: [{ route: [route('')] }] }],
    ['a negative weight', { hosts: ['a'], http: [{ route: [route('a', -1)] }] }],
    ['weights of nothing', { hosts: ['a'], http: [{ route: [route('a', 0), route('b', 0)] }] }],
    ['a route and a redirect', { hosts: ['a'], http: [{ redirect: { uri: '/x' }, route: [route('a')] }] }],
    [
      'a status that is none',
      {
        hosts: ['a'],
        http: [{ fault: { abort: { httpStatus: 99, percentage: { value: 30 } } }, route: [route('a')] }],
      },
    ],
    [
      'a percentage above 100',
      {
        hosts: ['a'],
        http: [{ fault: { abort: { httpStatus: 500, percentage: { value: 130 } } }, route: [route('a')] }],
      },
    ],
    ['a host that is none', { hosts: ['a_b!'], http: [{ route: [route('a')] }] }],
    ['every host in the mesh', { hosts: ['*'], http: [{ route: [route('a')] }] }],
    ['a timeout below a millisecond', { hosts: ['a'], http: [{ timeout: '0.1ms', route: [route('a')] }] }],
    [
      'a rule that is never used',
      {
        hosts: ['a'],
        http: [
          { name: 'a', route: [route('a')] },
          { name: 'b', route: [route('b')] },
        ],
      },
    ],
  ]
  const virtualServices = wrong.map(([name, spec]) =>
    refused(`a VirtualService with ${name}`, `${ISTIO}/virtualservices`, virtualService('wrong', spec), {
      dryRun: 'All',
    }),
  )
  const others: readonly (readonly [plural: string, kind: string, spec: object])[] = [
    ['destinationrules', 'DestinationRule', { host: 'a', subsets: [{ name: '', labels: { a: 'b' } }] }],
    [
      'destinationrules',
      'DestinationRule',
      {
        host: 'a',
        subsets: [
          { name: 'v1', labels: { a: 'b' } },
          { name: 'v1', labels: { a: 'b' } },
        ],
      },
    ],
    ['gateways', 'Gateway', { selector: { a: 'b' } }],
    ['gateways', 'Gateway', { servers: [{ port: { number: 80, name: 'x', protocol: 'HTTP' }, hosts: [] }] }],
    ['gateways', 'Gateway', { servers: [{ port: { number: 80, name: 'x', protocol: 'FOO' }, hosts: ['*'] }] }],
    ['gateways', 'Gateway', { servers: [{ port: { number: 443, name: 'x', protocol: 'HTTPS' }, hosts: ['*'] }] }],
  ]
  return [
    ...virtualServices,
    ...others.map(([plural, kind, spec], index) =>
      refused(
        `a ${kind} that istiod refuses (${index + 1})`,
        `${ISTIO}/${plural}`,
        { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'wrong' }, spec },
        { dryRun: 'All' },
      ),
    ),
    refused(
      'a policy with an empty source',
      `${SECURITY}/authorizationpolicies`,
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'wrong' },
        spec: { action: 'DENY', rules: [{ from: [{}] }] },
      },
      { dryRun: 'All' },
    ),
    refused(
      'a custom policy without a provider',
      `${SECURITY}/authorizationpolicies`,
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'wrong' },
        spec: { action: 'CUSTOM', rules: [{}] },
      },
      { dryRun: 'All' },
    ),
    refused(
      'a condition on nothing',
      `${SECURITY}/authorizationpolicies`,
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'wrong' },
        spec: { rules: [{ when: [{ key: 'foo', values: ['a'] }] }] },
      },
      { dryRun: 'All' },
    ),
  ]
}
