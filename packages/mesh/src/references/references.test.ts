import { findKindOfObject, KINDS, type KindId, type KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { DEFAULT_FACTS, type AnalysisInput, type ClusterInventory, type MeshFacts } from '../analysis/world.ts'
import type { ReferredObject } from './reference.ts'
import { findReferences } from './references.ts'

const ISTIO = 'networking.istio.io/v1'
const SECURITY = 'security.istio.io/v1'
const GATEWAY_API = 'gateway.networking.k8s.io/v1'

type Metadata = Partial<KubeResource['metadata']>
const object = (
  apiVersion: string,
  kind: string,
  name: string,
  spec?: object,
  metadata: Metadata = {},
): KubeResource => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop', ...metadata },
  ...(spec === undefined ? {} : { spec }),
})
const istio = (kind: string, name: string, spec: object, metadata?: Metadata) =>
  object(ISTIO, kind, name, spec, metadata)
const security = (kind: string, name: string, spec: object, metadata?: Metadata) =>
  object(SECURITY, kind, name, spec, metadata)
const route = (kind: 'HTTPRoute' | 'GRPCRoute', name: string, spec: object, metadata?: Metadata) =>
  object(GATEWAY_API, kind, name, spec, metadata)
const service = (name: string, namespace = 'shop', spec: object = { ports: [{ port: 80, name: 'http' }] }) =>
  object('v1', 'Service', name, spec, { namespace })
const deployment = (name: string, labels: object, namespace = 'shop') =>
  object('apps/v1', 'Deployment', name, { template: { metadata: { labels } } }, { namespace })

function inventory(cluster: string, objects: readonly KubeResource[]): ClusterInventory {
  const kindOf = ({ apiVersion, kind }: KubeResource): KindId => {
    const found = findKindOfObject(apiVersion, kind)
    if (found === undefined) throw new Error(`no kind ${apiVersion} ${kind}`)
    return found.id
  }
  return { cluster, objects: Map.groupBy(objects, kindOf), complete: new Set(KINDS.map(({ id }) => id)) }
}

function inputOf(
  objects: readonly KubeResource[],
  facts: Partial<MeshFacts> = {},
  member: readonly KubeResource[] = [],
): AnalysisInput {
  return {
    config: inventory('east', objects),
    members: member.length === 0 ? [] : [inventory('west', member)],
    facts: { ...DEFAULT_FACTS, ...facts },
  }
}

const at = (kind: KindId, name: string, namespace = 'shop', cluster = 'east'): ReferredObject => ({
  cluster,
  kind,
  namespace,
  name,
})

interface Case {
  title: string
  objects: KubeResource[]
  to: ReferredObject
  by: string
  path: string
  part?: string
  facts?: Partial<MeshFacts>
  loose?: boolean
}

const CART = service('cart')
const RULE = istio('DestinationRule', 'cart', { host: 'cart', subsets: [{ name: 'v2', labels: { version: 'v2' } }] })
const GATEWAY = istio('Gateway', 'edge', { selector: { istio: 'ingress' }, servers: [] })
const to = (host: string, more: object = {}) => ({ destination: { host, ...more } })
const virtual = (spec: object) => istio('VirtualService', 'vs', { hosts: ['a.example.com'], ...spec })
const authorization = (spec: object) => security('AuthorizationPolicy', 'ap', spec)
const K8S_GATEWAY = object(GATEWAY_API, 'Gateway', 'front', { gatewayClassName: 'istio', listeners: [] })
const GRANT = object(
  'gateway.networking.k8s.io/v1beta1',
  'ReferenceGrant',
  'grant',
  {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }],
    to: [{ group: '', kind: 'Service' }],
  },
  { namespace: 'bank' },
)
const CART_HOST = 'cart.shop.svc.cluster.local'
const filter = (patch: object) =>
  object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'ef', { configPatches: [{ applyTo: 'CLUSTER', ...patch }] })
const TOKENS = security('RequestAuthentication', 'tokens', { jwtRules: [{ issuer: 'me' }] })
const SECRET = object('v1', 'Secret', 'pull')
const ACCOUNT = object('v1', 'ServiceAccount', 'web')
const ENTRY = istio('WorkloadEntry', 'vm', { address: '10.0.0.1', labels: { app: 'vm' }, serviceAccount: 'web' })
const GROUP = istio('WorkloadGroup', 'vms', { metadata: { labels: { app: 'vm' } }, template: {} })
const EXTERNAL = istio('ServiceEntry', 'bank', {
  hosts: ['api.bank.example'],
  ports: [{ number: 443, protocol: 'TLS' }],
})
const ref = (kind: string, name: string, group = 'gateway.networking.k8s.io') => ({
  targetRefs: [{ group, kind, name }],
})

const CASES: Case[] = [
  // Traffic
  {
    title: 'a gateway',
    objects: [GATEWAY, virtual({ gateways: ['mesh', 'edge'] })],
    to: at('Gateway', 'edge'),
    by: 'VirtualService vs',
    path: 'spec.gateways[1]',
  },
  {
    title: 'a gateway of another namespace',
    objects: [{ ...GATEWAY, metadata: { name: 'edge', namespace: 'infra' } }, virtual({ gateways: ['infra/edge'] })],
    to: at('Gateway', 'edge', 'infra'),
    by: 'VirtualService vs',
    path: 'spec.gateways[0]',
  },
  {
    title: 'a gateway of a match',
    objects: [GATEWAY, virtual({ http: [{ match: [{ gateways: ['edge'] }], route: [] }] })],
    to: at('Gateway', 'edge'),
    by: 'VirtualService vs',
    path: 'spec.http[0].match[0].gateways[0]',
  },
  {
    title: 'a host',
    objects: [CART, istio('VirtualService', 'vs', { hosts: ['cart'] })],
    to: at('Service', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.hosts[0]',
  },
  {
    title: 'a destination',
    objects: [CART, virtual({ http: [{ route: [to('cart.shop.svc.cluster.local')] }] })],
    to: at('Service', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.http[0].route[0].destination.host',
  },
  {
    title: 'a TCP destination',
    objects: [CART, virtual({ tcp: [{ route: [to('cart')] }] })],
    to: at('Service', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.tcp[0].route[0].destination.host',
  },
  {
    title: 'a subset',
    objects: [CART, RULE, virtual({ http: [{ route: [to('cart', { subset: 'v2' })] }] })],
    to: at('DestinationRule', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.http[0].route[0].destination.subset',
    part: 'subset v2',
  },
  {
    title: 'a mirror',
    objects: [CART, virtual({ http: [{ mirror: { host: 'cart' } }] })],
    to: at('Service', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.http[0].mirror.host',
  },
  {
    title: 'one of several mirrors',
    objects: [CART, virtual({ http: [{ mirrors: [to('cart')] }] })],
    to: at('Service', 'cart'),
    by: 'VirtualService vs',
    path: 'spec.http[0].mirrors[0].destination.host',
  },
  {
    title: 'a delegate',
    objects: [istio('VirtualService', 'part', {}), virtual({ http: [{ delegate: { name: 'part' } }] })],
    to: at('VirtualService', 'part'),
    by: 'VirtualService vs',
    path: 'spec.http[0].delegate',
  },
  {
    title: 'an external host',
    objects: [EXTERNAL, virtual({ http: [{ route: [to('api.bank.example')] }] })],
    to: at('ServiceEntry', 'bank'),
    by: 'VirtualService vs',
    path: 'spec.http[0].route[0].destination.host',
  },
  {
    title: 'the host of a rule',
    objects: [EXTERNAL, istio('DestinationRule', 'dr', { host: 'api.bank.example' })],
    to: at('ServiceEntry', 'bank'),
    by: 'DestinationRule dr',
    path: 'spec.host',
  },
  {
    title: 'a host that a Sidecar lets know',
    objects: [CART, istio('Sidecar', 'side', { egress: [{ hosts: ['shop/cart.shop.svc.cluster.local'] }] })],
    to: at('Service', 'cart'),
    by: 'Sidecar side',
    path: 'spec.egress[0].hosts[0]',
  },
  {
    title: 'the proxy that a Sidecar sends unknown calls to',
    objects: [CART, istio('Sidecar', 'side', { outboundTrafficPolicy: { egressProxy: { host: CART_HOST } } })],
    to: at('Service', 'cart'),
    by: 'Sidecar side',
    path: 'spec.outboundTrafficPolicy.egressProxy.host',
  },
  {
    title: 'the subset of that proxy',
    objects: [
      CART,
      RULE,
      istio('Sidecar', 'side', { outboundTrafficPolicy: { egressProxy: { host: CART_HOST, subset: 'v2' } } }),
    ],
    to: at('DestinationRule', 'cart'),
    by: 'Sidecar side',
    path: 'spec.outboundTrafficPolicy.egressProxy.subset',
    part: 'subset v2',
  },
  {
    title: 'the namespace that a Sidecar is for',
    objects: [istio('Sidecar', 'side', { workloadSelector: {}, egress: [{ hosts: ['./*'] }] })],
    to: at('Namespace', 'shop', ''),
    by: 'Sidecar side',
    path: 'metadata.namespace',
    loose: true,
  },
  // Patches of the proxy
  ...(
    [
      ['cluster.service', { cluster: { service: CART_HOST } }],
      ['cluster.name', { cluster: { name: `outbound|80||${CART_HOST}` } }],
      ['routeConfiguration.vhost.name', { routeConfiguration: { vhost: { name: `${CART_HOST}:80` } } }],
      ['routeConfiguration.vhost.domainName', { routeConfiguration: { vhost: { domainName: CART_HOST } } }],
    ] as const
  ).map(([path, match]): Case => ({
    title: `the host that a patch looks for by ${path}`,
    objects: [CART, filter({ match })],
    to: at('Service', 'cart'),
    by: 'EnvoyFilter ef',
    path: `spec.configPatches[0].match.${path}`,
    loose: true,
  })),
  {
    title: 'the subset that a patch looks for',
    objects: [CART, RULE, filter({ match: { cluster: { service: CART_HOST, subset: 'v2' } } })],
    to: at('DestinationRule', 'cart'),
    by: 'EnvoyFilter ef',
    path: 'spec.configPatches[0].match.cluster.subset',
    part: 'subset v2',
    loose: true,
  },
  {
    title: 'the gateway that a patch looks for',
    objects: [GATEWAY, filter({ match: { routeConfiguration: { gateway: 'shop/edge' } } })],
    to: at('Gateway', 'edge'),
    by: 'EnvoyFilter ef',
    path: 'spec.configPatches[0].match.routeConfiguration.gateway',
    loose: true,
  },
  {
    title: 'the cluster that what a patch brings sends requests to',
    objects: [CART, filter({ patch: { value: { typed_config: [{ cluster_name: `outbound|80||${CART_HOST}` }] } } })],
    to: at('Service', 'cart'),
    by: 'EnvoyFilter ef',
    path: 'spec.configPatches[0].patch.value.typed_config[0].cluster_name',
  },
  {
    title: 'the subset of a cluster, in its other spelling',
    objects: [CART, RULE, filter({ patch: { value: { 'a.b': `outbound_.80_.v2_.${CART_HOST}` } } })],
    to: at('DestinationRule', 'cart'),
    by: 'EnvoyFilter ef',
    path: 'spec.configPatches[0].patch.value["a.b"]',
    part: 'subset v2',
  },
  {
    title: 'machines of a service entry',
    objects: [
      ENTRY,
      istio('ServiceEntry', 'se', { hosts: ['vm.example'], workloadSelector: { labels: { app: 'vm' } } }),
    ],
    to: at('WorkloadEntry', 'vm'),
    by: 'ServiceEntry se',
    path: 'spec.workloadSelector.labels',
    part: 'labels',
  },
  {
    title: 'a group of machines of a service',
    objects: [GROUP, service('vm', 'shop', { selector: { app: 'vm' } })],
    to: at('WorkloadGroup', 'vms'),
    by: 'Service vm',
    path: 'spec.selector',
    part: 'labels',
  },
  {
    title: 'the group of a machine',
    objects: [
      GROUP,
      { ...ENTRY, metadata: { ...ENTRY.metadata, annotations: { 'istio.io/autoRegistrationGroup': 'vms' } } },
    ],
    to: at('WorkloadGroup', 'vms'),
    by: 'WorkloadEntry vm',
    path: 'metadata.annotations["istio.io/autoRegistrationGroup"]',
  },
  {
    title: 'the account of a machine',
    objects: [ACCOUNT, ENTRY],
    to: at('ServiceAccount', 'web'),
    by: 'WorkloadEntry vm',
    path: 'spec.serviceAccount',
  },
  {
    title: 'the pods of a gateway',
    objects: [GATEWAY, deployment('ingress', { istio: 'ingress' }, 'istio-system')],
    to: at('Deployment', 'ingress', 'istio-system'),
    by: 'Gateway edge',
    path: 'spec.selector',
    part: 'labels',
  },
  // Secrets
  {
    title: 'the certificate of a gateway',
    objects: [
      object('v1', 'Pod', 'ingress-1', {}, { namespace: 'istio-system', labels: { istio: 'ingress' } }),
      istio(
        'Gateway',
        'tls',
        { selector: { istio: 'ingress' }, servers: [{ tls: { mode: 'SIMPLE', credentialName: 'cert' } }] },
        { namespace: 'istio-system' },
      ),
    ],
    to: at('Secret', 'cert', 'istio-system'),
    by: 'Gateway tls',
    path: 'spec.servers[0].tls.credentialName',
  },
  {
    title: 'the certificate of a Kubernetes gateway',
    objects: [
      object(GATEWAY_API, 'Gateway', 'front', {
        gatewayClassName: 'istio',
        listeners: [{ tls: { certificateRefs: [{ name: 'cert' }] } }],
      }),
    ],
    to: at('Secret', 'cert'),
    by: 'K8sGateway front',
    path: 'spec.listeners[0].tls.certificateRefs[0]',
  },
  {
    title: 'the Secret that a plugin is fetched with',
    objects: [SECRET, object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'wasm', { imagePullSecret: 'pull' })],
    to: at('Secret', 'pull'),
    by: 'WasmPlugin wasm',
    path: 'spec.imagePullSecret',
  },
  // Security
  {
    title: 'a principal',
    objects: [
      ACCOUNT,
      authorization({ rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }] }),
    ],
    to: at('ServiceAccount', 'web'),
    by: 'AuthorizationPolicy ap',
    path: 'spec.rules[0].from[0].source.principals[0]',
  },
  {
    title: 'a service account of a source',
    objects: [ACCOUNT, authorization({ rules: [{ from: [{ source: { serviceAccounts: ['web'] } }] }] })],
    to: at('ServiceAccount', 'web'),
    by: 'AuthorizationPolicy ap',
    path: 'spec.rules[0].from[0].source.serviceAccounts[0]',
  },
  {
    title: 'the provider of the mesh that decides',
    objects: [service('authz', 'infra'), authorization({ action: 'CUSTOM', provider: { name: 'opa' } })],
    facts: { providerServices: { opa: 'infra/authz.infra.svc.cluster.local' } },
    to: at('Service', 'authz', 'infra'),
    by: 'AuthorizationPolicy ap',
    path: 'spec.provider.name',
    part: 'provider opa',
  },
  {
    title: 'the provider of telemetry',
    objects: [
      service('zipkin', 'infra'),
      object('telemetry.istio.io/v1', 'Telemetry', 'tel', { tracing: [{ providers: [{ name: 'zip' }] }] }),
    ],
    facts: { providerServices: { zip: 'zipkin.infra.svc.cluster.local' } },
    to: at('Service', 'zipkin', 'infra'),
    by: 'Telemetry tel',
    path: 'spec.tracing[0].providers[0].name',
    part: 'provider zip',
  },
  {
    title: 'who proves the token that a policy asks for',
    objects: [TOKENS, authorization({ rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] })],
    to: at('RequestAuthentication', 'tokens'),
    by: 'AuthorizationPolicy ap',
    path: 'spec.rules[0].from[0].source.requestPrincipals',
    part: 'token',
  },
  {
    title: 'who proves the claim that a policy asks for',
    objects: [TOKENS, authorization({ rules: [{ when: [{ key: 'request.auth.claims[group]' }] }] })],
    to: at('RequestAuthentication', 'tokens'),
    by: 'AuthorizationPolicy ap',
    path: 'spec.rules[0].when[0].key',
    part: 'token',
  },
  // Targets of policies
  ...(
    [
      ['AuthorizationPolicy', SECURITY],
      ['RequestAuthentication', SECURITY],
      ['Telemetry', 'telemetry.istio.io/v1'],
      ['WasmPlugin', 'extensions.istio.io/v1alpha1'],
      ['EnvoyFilter', 'networking.istio.io/v1alpha3'],
    ] as const
  ).flatMap(([kind, apiVersion]): Case[] => [
    {
      title: `the gateway that ${kind} is for`,
      objects: [K8S_GATEWAY, object(apiVersion, kind, 'p', ref('Gateway', 'front'))],
      to: at('K8sGateway', 'front'),
      by: `${kind} p`,
      path: 'spec.targetRefs[0]',
    },
    {
      title: `the service that ${kind} is for`,
      objects: [CART, object(apiVersion, kind, 'p', ref('Service', 'cart', ''))],
      to: at('Service', 'cart'),
      by: `${kind} p`,
      path: 'spec.targetRefs[0]',
    },
    {
      title: `the service entry that ${kind} is for`,
      objects: [EXTERNAL, object(apiVersion, kind, 'p', ref('ServiceEntry', 'bank', 'networking.istio.io'))],
      to: at('ServiceEntry', 'bank'),
      by: `${kind} p`,
      path: 'spec.targetRefs[0]',
    },
  ]),
  ...(
    [
      ['PeerAuthentication', SECURITY, { selector: { matchLabels: { app: 'cart' } } }, 'spec.selector.matchLabels'],
      [
        'ProxyConfig',
        'networking.istio.io/v1beta1',
        { selector: { matchLabels: { app: 'cart' } } },
        'spec.selector.matchLabels',
      ],
      [
        'EnvoyFilter',
        'networking.istio.io/v1alpha3',
        { workloadSelector: { labels: { app: 'cart' } } },
        'spec.workloadSelector.labels',
      ],
      ['Sidecar', ISTIO, { workloadSelector: { labels: { app: 'cart' } } }, 'spec.workloadSelector.labels'],
      [
        'DestinationRule',
        ISTIO,
        { host: 'x', workloadSelector: { matchLabels: { app: 'cart' } } },
        'spec.workloadSelector.matchLabels',
      ],
    ] as const
  ).map(([kind, apiVersion, spec, path]): Case => ({
    title: `the workloads that ${kind} is for`,
    objects: [deployment('cart', { app: 'cart', version: 'v1' }), object(apiVersion, kind, 'p', spec)],
    to: at('Deployment', 'cart'),
    by: `${kind} p`,
    path,
    part: 'labels',
    loose: true,
  })),
  {
    title: 'the namespace that a policy is for',
    objects: [security('PeerAuthentication', 'p', { mtls: { mode: 'STRICT' } })],
    to: at('Namespace', 'shop', ''),
    by: 'PeerAuthentication p',
    path: 'metadata.namespace',
    loose: true,
  },
  // Gateway API
  {
    title: 'the parent of a route',
    objects: [K8S_GATEWAY, route('HTTPRoute', 'r', { parentRefs: [{ name: 'front', sectionName: 'https' }] })],
    to: at('K8sGateway', 'front'),
    by: 'HTTPRoute r',
    path: 'spec.parentRefs[0].name',
    part: 'listener https',
  },
  {
    title: 'a service as the parent of a route',
    objects: [CART, route('GRPCRoute', 'r', { parentRefs: [{ group: '', kind: 'Service', name: 'cart' }] })],
    to: at('Service', 'cart'),
    by: 'GRPCRoute r',
    path: 'spec.parentRefs[0].name',
  },
  {
    title: 'the backend of a route',
    objects: [CART, route('HTTPRoute', 'r', { rules: [{ backendRefs: [{ name: 'cart', port: 80 }] }] })],
    to: at('Service', 'cart'),
    by: 'HTTPRoute r',
    path: 'spec.rules[0].backendRefs[0].name',
  },
  {
    title: 'an external backend of a route',
    objects: [
      EXTERNAL,
      route('HTTPRoute', 'r', {
        rules: [{ backendRefs: [{ group: 'networking.istio.io', kind: 'Hostname', name: 'api.bank.example' }] }],
      }),
    ],
    to: at('ServiceEntry', 'bank'),
    by: 'HTTPRoute r',
    path: 'spec.rules[0].backendRefs[0].name',
  },
  {
    title: 'the mirror of a route',
    objects: [
      CART,
      route('GRPCRoute', 'r', { rules: [{ filters: [{ requestMirror: { backendRef: { name: 'cart' } } }] }] }),
    ],
    to: at('Service', 'cart'),
    by: 'GRPCRoute r',
    path: 'spec.rules[0].filters[0].requestMirror.backendRef.name',
  },
  {
    title: 'the grant of a route',
    objects: [
      GRANT,
      service('safe', 'bank'),
      route('HTTPRoute', 'r', { rules: [{ backendRefs: [{ name: 'safe', namespace: 'bank' }] }] }),
    ],
    to: at('ReferenceGrant', 'grant', 'bank'),
    by: 'HTTPRoute r',
    path: 'spec.rules[0].backendRefs[0]',
    part: 'grant bank/safe',
  },
  {
    title: 'the grant of a gateway',
    objects: [
      object(
        'gateway.networking.k8s.io/v1beta1',
        'ReferenceGrant',
        'grant',
        { from: [{ kind: 'Gateway', namespace: 'shop' }], to: [{ kind: 'Secret' }] },
        { namespace: 'bank' },
      ),
      object(GATEWAY_API, 'Gateway', 'front', {
        listeners: [{ tls: { certificateRefs: [{ name: 'cert', namespace: 'bank' }] } }],
      }),
    ],
    to: at('ReferenceGrant', 'grant', 'bank'),
    by: 'K8sGateway front',
    path: 'spec.listeners[0].tls.certificateRefs[0]',
    part: 'grant bank/cert',
  },
  {
    title: 'the class of a gateway',
    objects: [object(GATEWAY_API, 'GatewayClass', 'istio', {}, { namespace: '' }), K8S_GATEWAY],
    to: at('GatewayClass', 'istio', ''),
    by: 'K8sGateway front',
    path: 'spec.gatewayClassName',
  },
]

describe('who refers to an object', () => {
  it.each(CASES.map((one) => [one.title, one] as const))('is told of %s', (_title, one) => {
    const references = findReferences(inputOf(one.objects, one.facts))
    const found = references.usedBy(one.to).map(({ from, path, part, name, loose }) => ({
      by: `${from.kind} ${from.name}`,
      path,
      part: [part, name].filter(Boolean).join(' '),
      loose: loose === true,
    }))
    expect(found).toContainEqual({ by: one.by, path: one.path, part: one.part ?? 'object', loose: one.loose === true })
    // The same the other way round.
    const [first] = references.usedBy(one.to)
    expect(first && references.uses(first.from)).toContainEqual(first)
  })

  it('is nobody where the object is another of that name, or is not there', () => {
    const references = findReferences(inputOf([CART, virtual({ gateways: ['edge'], http: [{ route: [to('cart')] }] })]))
    expect(references.usedBy(at('Service', 'cart', 'bank'))).toEqual([])
    expect(references.usedBy(at('Gateway', 'edge'))).toEqual([])
    expect(references.uses(at('VirtualService', 'vs')).map(({ to: { kind } }) => kind)).toEqual(['Service'])
  })

  it('is told of services in every cluster of the mesh', () => {
    const rule = virtual({ http: [{ route: [to('cart')] }] })
    const references = findReferences(inputOf([rule], {}, [CART]))
    expect(references.usedBy(at('Service', 'cart', 'shop', 'west'))).toHaveLength(1)
  })

  it('is not a rule for all hosts, nor one that goes on without this one', () => {
    const wide = istio('Sidecar', 'side', { egress: [{ hosts: ['./*', 'shop/*.svc.cluster.local'] }] })
    const references = findReferences(inputOf([CART, wide, virtual({ hosts: ['*'] })]))
    expect(references.usedBy(at('Service', 'cart'))).toEqual([])
  })

  it('is not a patch for all hosts, nor one for what the proxy itself serves', () => {
    const patches = [
      filter({ match: { routeConfiguration: { vhost: { name: '*.shop.svc.cluster.local:80' } } } }),
      filter({ match: { cluster: { name: 'inbound|80||' } }, patch: { value: { stat_prefix: CART_HOST } } }),
    ]
    const references = findReferences(inputOf([CART, ...patches]))
    expect(references.usedBy(at('Service', 'cart'))).toEqual([])
  })

  it('is a Sidecar for the namespace only where it selects nothing', () => {
    const side = istio('Sidecar', 'side', { workloadSelector: { labels: { app: 'cart' } } })
    expect(findReferences(inputOf([side])).usedBy(at('Namespace', 'shop', ''))).toEqual([])
  })

  it('bears what nobody has promised the shape of', () => {
    const odd = [
      { ...virtual({}), spec: 'text' },
      virtual({ http: [null, 3, { route: { destination: 1 } }], gateways: 'edge' }),
      authorization({ rules: [{ from: 'x' }], provider: 7, action: 'CUSTOM' }),
      route('HTTPRoute', 'r', { parentRefs: [null], rules: 'x' }),
    ]
    expect(() => findReferences(inputOf(odd))).not.toThrow()
  })
})
