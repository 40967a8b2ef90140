/** Explanations beside what istiod generates for the proxies involved: routes, clusters, TLS and policies. */
import { findKindOfObject, type KubeResource, type Pod } from '@meshdeck/kube'
import { connectProxy, labState, type ClusterState, type ProxyConnection } from '@meshdeck/lab'
import {
  ANALYZED_KINDS,
  DEFAULT_FACTS,
  explain,
  type AnalysisInput,
  type Explanation,
  type Question,
} from '@meshdeck/mesh'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { envoyAllows, envoyRoute, envoyTls, type EnvoyRequest } from '../../../testing/envoy.ts'
import { EXPLAINED_OBJECTS } from '../../../testing/explained-objects.ts'
import { openLab, type Lab } from '../../../testing/lab.ts'

const ROUTES = ['80', '8080', '9090', 'http.8080', 'http.80']
let lab: Lab
let alpha: ClusterState
let input: AnalysisInput
const connections = new Map<string, ProxyConnection>()
const dumps = new Map<string, unknown>()

const kindOf = ({ apiVersion, kind }: KubeResource) => {
  const found = findKindOfObject(apiVersion, kind)
  if (found === undefined) throw new Error(`no kind ${apiVersion} ${kind}`)
  return found.id
}
const podOf = (app: string): Pod => {
  const found = (input.config.objects.get('Pod') ?? []).find(({ metadata }) => metadata.labels?.['app'] === app)
  if (found === undefined) throw new Error(`no pod of ${app}`)
  // The boundary: the API server's own object.
  return found as Pod
}

beforeAll(async () => {
  lab = openLab()
  const client = lab.client('alpha')
  const [first] = (await labState()).clusters
  if (first === undefined) throw new Error('the lab has no cluster')
  alpha = first
  for (const object of EXPLAINED_OBJECTS)
    await client.apply(kindOf(object), object, { fieldManager: 'explain', force: true })
  const objects = await Promise.all(
    ANALYZED_KINDS.map(async (kind) => [kind, (await client.list(kind)).items] as const),
  )
  input = {
    config: { cluster: 'alpha', objects: new Map(objects), complete: new Set(ANALYZED_KINDS) },
    members: [],
    facts: { ...DEFAULT_FACTS, outbound: 'ALLOW_ANY' },
  }
  for (const app of [
    'frontend',
    'cart',
    'checkout',
    'payment',
    'orders',
    'mysql',
    'reviews',
    'recommender',
    'istio-ingressgateway',
  ]) {
    const { metadata, spec, status } = podOf(app)
    const connection = await connectProxy(
      { grpcPort: alpha.ports.istiodGrpc, debugUrl: alpha.istiodDebugUrl },
      {
        type: app === 'istio-ingressgateway' ? 'router' : 'sidecar',
        namespace: metadata.namespace ?? '',
        pod: metadata.name,
        ip: status?.podIP ?? '',
        account: spec?.serviceAccountName ?? '',
        cluster: 'alpha',
        labels: metadata.labels ?? {},
      },
      ROUTES,
    )
    connections.set(app, connection)
  }
  // istiod has read what was written when the last object of it shows.
  await vi.waitFor(
    async () => {
      for (const [app, connection] of connections) dumps.set(app, await connection.dump())
      expect(JSON.stringify(dumps.get('orders'))).toContain('policy[explained-last]')
      for (const dump of dumps.values()) expect(JSON.stringify(dump)).toContain('"routeConfig"')
      expect(JSON.stringify(dumps.get('cart'))).toContain('explained-orders')
    },
    { timeout: 30_000, interval: 200 },
  )
}, 60_000)
afterAll(async () => {
  for (const connection of connections.values()) connection.close()
  for (const object of EXPLAINED_OBJECTS) {
    const { name, namespace = '' } = object.metadata
    await lab.client('alpha').delete(kindOf(object), { name, namespace })
  }
  await lab.close()
})

interface Case extends Partial<Question> {
  app: string
  host: string
  port: number
}

function questionOf({ app, ...change }: Case): Question {
  const { metadata } = podOf(app)
  const source: Question['source'] =
    app === 'istio-ingressgateway'
      ? { from: 'gateway', kind: 'Gateway', namespace: 'shop', name: 'shop' }
      : { from: 'workload', namespace: metadata.namespace ?? '', name: metadata.name }
  return { source, protocol: 'http', path: '/', method: 'GET', headers: {}, ...change }
}

const serverOf = (cluster: string): string => cluster.split('|')[3]?.split('.')[0] ?? ''

/** What both say of one request, in the same words. */
function compare(one: Case): { ours: unknown; istiod: unknown; answer: Explanation } {
  const question = questionOf(one)
  const answer = explain(input, question)
  const dump = dumps.get(one.app)
  const pod = podOf(one.app)
  const isHttp = question.protocol === 'http'
  const isEdge = question.source.from === 'gateway'
  const request: EnvoyRequest = {
    authority: one.host,
    path: question.path,
    method: question.method,
    headers: question.headers,
    principal: `cluster.local/ns/${pod.metadata.namespace ?? ''}/sa/${pod.spec?.serviceAccountName ?? ''}`,
    port: one.port,
    ip: pod.status?.podIP ?? '',
  }
  const passed = answer.branches.length === 0 && answer.verdict === 'allowed' ? { PassthroughCluster: 100 } : {}
  const ours = {
    route: {
      clusters: {
        ...passed,
        ...Object.fromEntries(answer.branches.map(({ cluster, weight }) => [cluster, weight])),
      },
      ...(answer.branches.length === 0 && answer.status !== undefined ? { status: answer.status } : {}),
    },
    ends: answer.branches
      .filter(({ cluster }) => dumps.has(serverOf(cluster)) || cluster.startsWith('outbound'))
      .map(({ cluster, verdict, steps }) => ({
        cluster,
        tls: tlsOf(
          steps.map(({ code }) => code),
          steps.find(({ code }) => code === 'tls.explicit')?.values['mode'],
        ),
        ...(dumps.has(serverOf(cluster)) ? { arrives: verdict === 'allowed' } : {}),
      })),
  }
  // A route table is for HTTP; TCP goes to the service's own cluster.
  const route = isHttp
    ? envoyRoute(dump, isEdge ? `http.8080` : String(one.port), request)
    : { clusters: Object.fromEntries(answer.branches.map(({ cluster }) => [cluster, 100])) }
  const istiod = {
    route,
    ends: Object.keys(route?.clusters ?? {})
      .filter((cluster) => cluster.startsWith('outbound'))
      .map((cluster) => {
        const tls = envoyTls(dump, cluster)
        const server = dumps.get(serverOf(cluster))
        const port = Number(cluster.split('|')[1])
        const plain = { ...request, principal: undefined, port }
        const mutual = envoyAllows(server, 'mutual', isHttp ? 'http' : 'tcp', { ...request, port })
        const isMutual = tls === 'tls' || (tls === 'auto' && mutual !== undefined)
        const arrives = isMutual ? mutual : envoyAllows(server, 'plain', isHttp ? 'http' : 'tcp', plain)
        return { cluster, tls, ...(server === undefined ? {} : { arrives: arrives ?? false }) }
      }),
  }
  return { ours, istiod, answer }
}

function tlsOf(codes: readonly string[], mode: string | undefined): string {
  if (codes.includes('tls.auto')) return 'auto'
  return mode !== undefined && mode !== 'DISABLE' ? 'tls' : 'plain'
}

describe('a request on the lab', () => {
  it.each<[string, Case]>([
    ['a split of two subsets', { app: 'frontend', host: 'reviews', port: 8080 }],
    ['a service without rules', { app: 'frontend', host: 'cart.shop', port: 8080 }],
    ['an HTTPRoute of a service', { app: 'reviews', host: 'cart.shop.svc.cluster.local', port: 8080 }],
    ['a caller that is allowed', { app: 'checkout', host: 'payment', port: 8080 }],
    ['a caller that is not', { app: 'orders', host: 'payment', port: 8080 }],
    ['a service entry', { app: 'payment', host: 'api.bank.example', port: 80 }],
    ['a host that nobody knows', { app: 'payment', host: 'unknown.example', port: 80 }],
    ['TCP', { app: 'orders', host: 'mysql', port: 3306, protocol: 'tcp' }],
    ['a server without a sidecar', { app: 'orders', host: 'invoices.legacy', port: 8080 }],
    ['what a Sidecar hides', { app: 'cart', host: 'invoices.legacy', port: 8080 }],
    ['a redirect', { app: 'checkout', host: 'orders', port: 8080, path: '/old' }],
    [
      'a header and a method',
      { app: 'checkout', host: 'orders', port: 8080, method: 'POST', headers: { tier: 'gold' } },
    ],
    ['a regex', { app: 'cart', host: 'orders.backend', port: 8080, path: '/v2/items' }],
    ['labels of the caller', { app: 'cart', host: 'orders.backend', port: 8080, path: '/cart' }],
    ['TLS that is turned off', { app: 'cart', host: 'checkout.backend', port: 8080 }],
    ['a path that is denied', { app: 'checkout', host: 'orders', port: 8080, path: '/admin/x' }],
    ['a gateway', { app: 'istio-ingressgateway', host: 'shop.example', port: 80 }],
    [
      'a second virtual service at a gateway',
      { app: 'istio-ingressgateway', host: 'shop.example', port: 80, path: '/api/x' },
    ],
    ['a host that no gateway serves', { app: 'istio-ingressgateway', host: 'nobody.example', port: 80 }],
  ])('%s', (_what, one) => {
    const { ours, istiod } = compare(one)
    expect(ours).toEqual(istiod)
  })

  it('agrees on any request', () => {
    const request = fc.record({
      app: fc.constantFrom('frontend', 'cart', 'checkout', 'payment', 'orders', 'reviews', 'recommender'),
      host: fc.constantFrom(
        'orders.backend',
        'payment.backend',
        'checkout.backend.svc.cluster.local',
        'reviews.shop',
        'cart.shop',
        'invoices.legacy',
        'unknown.example',
      ),
      port: fc.constant(8080),
      path: fc.constantFrom(
        '/',
        '/old',
        '/OLD',
        '/v2/items',
        '/v3/items',
        '/cart',
        '/admin/x',
        '/public',
        '/public/a?debug=1',
        '/?debug=1',
      ),
      method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT'),
      headers: fc.dictionary(
        fc.constantFrom('tier', 'x-trace', 'x-block'),
        fc.constantFrom('gold', 'silver', 'golden', ''),
        { maxKeys: 3 },
      ),
    })
    fc.assert(
      fc.property(request, (one) => {
        const { ours, istiod } = compare(one)
        expect(ours).toEqual(istiod)
      }),
      { numRuns: 600, seed: 7 },
    )
  })
})
