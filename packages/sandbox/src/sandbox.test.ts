import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { listAt, recordAt, textAt } from './json.ts'
import type { KubeObject } from './kube-object.ts'
import { nodeObjects } from './fleets/nodes.ts'
import { gatewayApiCrds, istioCrds } from './schema/builtin-data.ts'
import { Sandbox } from './sandbox.ts'
import { KUBERNETES_VERSION } from './sandbox-cluster.ts'
import type { SandboxCluster } from './sandbox-cluster.ts'
import { ApiClient } from './testing/api-client.ts'

const errors: unknown[] = []
let sandbox: Sandbox
let cluster: SandboxCluster
let owner: ApiClient

const webhook: KubeObject = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'istio-sidecar-injector', labels: { 'istio.io/rev': 'default' } },
  webhooks: [
    {
      name: 'namespace.sidecar-injector.istio.io',
      clientConfig: { service: { namespace: 'istio-system', name: 'istiod', path: '/inject' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } },
      objectSelector: { matchExpressions: [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }] },
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
    },
  ],
}

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})

const deployment = (at: string, name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: at },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...labels } },
      spec: { containers: [{ name: 'main', image: 'example.com/main:v1', ports: [{ containerPort: 15017 }] }] },
    },
  },
})

const service = (at: string, name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: at },
  spec: { selector: { app: name }, ports: [{ name: 'https', port: 443, targetPort: 15_017 }] },
})

beforeAll(async () => {
  sandbox = await Sandbox.start({
    onError: (error) => errors.push(error),
    fleet: {
      name: 'test',
      hub: 'one',
      people: [{ id: 'viewer', username: 'viewer@example.com', groups: ['viewers'] }],
      clusters: [
        {
          name: 'one',
          version: KUBERNETES_VERSION,
          objects: [
            ...istioCrds(),
            ...gatewayApiCrds(),
            ...nodeObjects('one', 'east', 3, KUBERNETES_VERSION),
            namespace('istio-system'),
            deployment('istio-system', 'istiod'),
            service('istio-system', 'istiod'),
            namespace('shop', { 'istio-injection': 'enabled' }),
            webhook,
            deployment('shop', 'cart'),
            deployment('shop', 'legacy', { 'sidecar.istio.io/inject': 'false' }),
            service('shop', 'cart'),
          ],
        },
      ],
    },
  })
  cluster = sandbox.cluster('one')
  owner = new ApiClient(await cluster.ownerAccess())
})

afterAll(async () => {
  await sandbox.stop()
  expect(errors).toEqual([])
})

const names = (body: unknown): (string | undefined)[] =>
  listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'))

describe('a sandbox at rest', () => {
  it('has pods that run, with addresses of their own, on nodes of all zones', async () => {
    const { body } = await owner.call('GET', '/api/v1/namespaces/shop/pods')
    const pods = listAt(body, 'items')
    expect(pods).toHaveLength(4)
    expect(new Set(pods.map((pod) => textAt(pod, 'status', 'phase')))).toEqual(new Set(['Running']))
    expect(new Set(pods.map((pod) => textAt(pod, 'status', 'podIP'))).size).toBe(4)
    expect(
      pods.every((pod) => textAt(pod, 'metadata', 'labels', 'topology.kubernetes.io/zone')?.startsWith('east-')),
    ).toBe(true)
  })

  it('has sidecars where the namespace wants them and the pod lets them', async () => {
    const { body } = await owner.call('GET', '/api/v1/namespaces/shop/pods')
    const injected = listAt(body, 'items').map((pod) => [
      textAt(pod, 'metadata', 'labels', 'app'),
      listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name')),
    ])
    expect(injected.toSorted()).toEqual([
      ['cart', ['main', 'istio-proxy']],
      ['cart', ['main', 'istio-proxy']],
      ['legacy', ['main']],
      ['legacy', ['main']],
    ])
  })

  it('has endpoints behind its Services', async () => {
    const { body } = await owner.call('GET', '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/cart')
    expect(listAt(body, 'endpoints')).toHaveLength(2)
    expect(listAt(body, 'ports')).toEqual([{ name: 'https', port: 15_017, protocol: 'TCP' }])
  })
})

describe('lists and watches', () => {
  it('shows all pages of one moment', async () => {
    const path = '/api/v1/namespaces/shop/pods?limit=3'
    const first = await owner.call('GET', path)
    const token = textAt(first.body, 'metadata', 'continue') ?? ''
    expect(listAt(first.body, 'items')).toHaveLength(3)
    expect(recordAt(first.body, 'metadata')['remainingItemCount']).toBe(1)
    const victim = names(first.body)[0]
    await owner.call('POST', '/api/v1/namespaces/shop/configmaps', { metadata: { name: 'between' } })
    const second = await owner.call('GET', `${path}&continue=${encodeURIComponent(token)}`)
    expect(listAt(second.body, 'items')).toHaveLength(1)
    expect(textAt(second.body, 'metadata', 'resourceVersion')).toBe(textAt(first.body, 'metadata', 'resourceVersion'))
    expect(names(second.body)).not.toContain(victim)
  })

  it('tells what happened since a version, filtered as it was asked', async () => {
    const base = '/api/v1/namespaces/shop/configmaps'
    const { body } = await owner.call('GET', base)
    const version = textAt(body, 'metadata', 'resourceVersion')
    await owner.call('POST', base, { metadata: { name: 'w', labels: { tier: 'a' } } })
    await owner.call('POST', base, { metadata: { name: 'x' } })
    const patch = { 'content-type': 'application/merge-patch+json' }
    await owner.call('PATCH', `${base}/w`, { data: { k: 'v' } }, patch)
    await owner.call('PATCH', `${base}/w`, { metadata: { labels: { tier: 'b' } } }, patch)
    const seen: string[] = []
    for await (const { type, object } of owner.watch(
      `${base}?watch=1&labelSelector=tier%3Da&resourceVersion=${version}`,
    )) {
      seen.push(`${type} ${textAt(object, 'metadata', 'name')}`)
      if (type === 'DELETED') break
    }
    expect(seen).toEqual(['ADDED w', 'MODIFIED w', 'DELETED w'])
  })

  it('starts a watch with what is there, closed by a bookmark', async () => {
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const seen: string[] = []
    for await (const { type, object } of owner.watch(`/apis/apps/v1/namespaces/shop/deployments?${query}`)) {
      seen.push(type)
      if (type !== 'BOOKMARK') continue
      expect(textAt(object, 'metadata', 'annotations', 'k8s.io/initial-events-end')).toBe('true')
      break
    }
    expect(seen).toEqual(['ADDED', 'ADDED', 'BOOKMARK'])
  })

  it('writes nothing more to a watch whose time is over, however slowly it is read', async () => {
    const base = '/api/v1/namespaces/shop/configmaps'
    const stop = await owner.ignoredWatch(`${base}?watch=1&timeoutSeconds=1`)
    onTestFinished(stop)
    // More than lies in the buffers between the two.
    const merge = { 'content-type': 'application/merge-patch+json' }
    await owner.call('POST', base, { metadata: { name: 'large' }, data: { text: 'x'.repeat(900_000) } })
    for (let version = 0; version < 15; version += 1) {
      await owner.call('PATCH', `${base}/large`, { metadata: { labels: { version: `v${version}` } } }, merge)
    }
    // Begun later with the same time, it ends later.
    for await (const event of owner.watch('/api/v1/namespaces/shop/secrets?watch=1&timeoutSeconds=1')) void event
    expect((await owner.call('DELETE', `${base}/large`)).code).toBe(200)
    expect(errors).toEqual([])
  })

  it('answers an error event for a version that is forgotten', async () => {
    cluster.cluster.store.compact()
    for await (const { type, object } of owner.watch('/api/v1/configmaps?watch=1&resourceVersion=1')) {
      expect([type, object['code'], object['reason']]).toEqual(['ERROR', 410, 'Expired'])
    }
  })
})

describe('rights', () => {
  it('gives a person what the roles give, and nothing to a stranger', async () => {
    const viewer = new ApiClient(cluster.personAccess('viewer'))
    expect((await viewer.call('GET', '/api/v1/namespaces/shop/pods')).code).toBe(403)
    await owner.call('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'viewers' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'Group', name: 'viewers' }],
    })
    expect((await viewer.call('GET', '/api/v1/namespaces/shop/pods')).code).toBe(200)
    expect((await viewer.call('GET', '/api/v1/namespaces/shop/secrets')).code).toBe(403)
    const { body } = await viewer.call('GET', '/api/v1/pods', undefined, { authorization: 'Bearer stranger' })
    expect(body['code']).toBe(401)
  })

  it('lets nobody hand out rights that they lack', async () => {
    await owner.call('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', {
      metadata: { name: 'admins' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'Group', name: 'viewers' }],
    })
    const viewer = new ApiClient(cluster.personAccess('viewer'))
    const role = (verbs: string[], resources: string[]): object => ({
      metadata: { name: `r-${resources.join('-')}` },
      rules: [{ apiGroups: [''], resources, verbs }],
    })
    const path = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles'
    expect((await viewer.call('POST', path, role(['get'], ['pods']))).code).toBe(201)
    const refused = await viewer.call('POST', path, role(['get'], ['nodes']))
    expect(refused.code).toBe(403)
    expect(refused.body['message']).toContain('is attempting to grant RBAC permissions not currently held')
  })

  it('knows an expired certificate', async () => {
    const expired = new ApiClient(await cluster.expiredAccess())
    expect((await expired.call('GET', '/api/v1/namespaces')).code).toBe(401)
  })
})

describe('faults', () => {
  it('refuses connections while down, and answers again on the same port', async () => {
    onTestFinished(() => cluster.api.setFaults({}))
    await cluster.api.setFaults({ down: true })
    await expect(owner.call('GET', '/livez')).rejects.toThrow('ECONNREFUSED')
    await cluster.api.setFaults({})
    expect((await owner.call('GET', '/livez')).text).toBe('ok')
  })

  it('asks for patience, fails, and forgets credentials when told to', async () => {
    onTestFinished(() => cluster.api.setFaults({}))
    await cluster.api.setFaults({ tooManyRequests: 1 })
    const busy = await owner.call('GET', '/livez')
    expect([busy.code, busy.headers['retry-after'], busy.body['reason']]).toEqual([429, '1', 'TooManyRequests'])
    await cluster.api.setFaults({ serverErrors: 1 })
    expect((await owner.call('GET', '/livez')).code).toBe(500)
    await cluster.api.setFaults({ unauthorized: true })
    expect((await owner.call('GET', '/api/v1/pods')).code).toBe(401)
  })
})

describe('admission', () => {
  it('needs somebody behind a webhook that must be asked', { timeout: 20_000 }, async () => {
    const scaled = await owner.call(
      'PATCH',
      '/apis/apps/v1/namespaces/istio-system/deployments/istiod/scale',
      { spec: { replicas: 0 } },
      { 'content-type': 'application/merge-patch+json' },
    )
    expect(scaled.text).toContain('"kind":"Scale"')
    await expect
      .poll(
        async () =>
          listAt(
            (await owner.call('GET', '/apis/discovery.k8s.io/v1/namespaces/istio-system/endpointslices/istiod')).body,
            'endpoints',
          ).length,
        { timeout: 15_000 },
      )
      .toBe(0)
    const pod = { metadata: { name: 'late' }, spec: { containers: [{ name: 'a', image: 'a:v1' }] } }
    const { code, body } = await owner.call('POST', '/api/v1/namespaces/shop/pods', pod)
    expect(code).toBe(500)
    expect(body['message']).toBe(
      'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod"',
    )
  })
})
