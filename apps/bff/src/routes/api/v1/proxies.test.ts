import { proxyPaths, type ProxyPage } from '@meshdeck/contract'
import type { KubeResource, Pod } from '@meshdeck/kube'
import { fleetNamed, type Fleet } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const MESH = 'shop'
const errors: unknown[] = []
let fleet: SandboxHub
let app: BffApp

/** May reach istiod in the first cluster, and sees the pods of its namespace and of no other. */
const NARROW = { id: 'narrow', username: 'narrow@example.com', groups: ['narrow'] }

/** The demo fleet with the roles of that person. */
function fleetWithNarrow(): Fleet {
  const rbac = 'rbac.authorization.k8s.io'
  const role = (name: string, apiGroups: string[], resources: string[]): KubeResource => ({
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRole',
    metadata: { name },
    rules: [{ apiGroups, resources, verbs: ['get', 'list', 'create'] }],
  })
  const bind = (to: string, namespace?: string): KubeResource => ({
    apiVersion: `${rbac}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `narrow-${to}`, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: to },
    subjects: [{ apiGroup: rbac, kind: 'Group', name: 'narrow' }],
  })
  const more: Readonly<Record<string, readonly KubeResource[]>> = {
    hub: [role('records', ['meshdeck.io'], ['meshes', 'clusters']), bind('records')],
    'east-1': [
      role('pods', [''], ['pods']),
      role('forward', [''], ['pods/portforward']),
      bind('pods', 'istio-system'),
      bind('forward', 'istio-system'),
    ],
  }
  const demo = fleetNamed('demo', 1)
  return {
    ...demo,
    people: [...demo.people, NARROW],
    clusters: demo.clusters.map((each) => ({ ...each, objects: [...each.objects, ...(more[each.name] ?? [])] })),
  }
}

beforeAll(async () => {
  fleet = await startSandboxHub(fleetWithNarrow(), (error) => errors.push(error))
  for (const name of ['east-1', 'east-2']) await fleet.client('hub').create('Cluster', clusterRecord(name))
  await fleet.client('hub').create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
  app = await fleet.start({ modes: ['local', 'bearer'] })
}, 60_000)
afterAll(async () => {
  await fleet.close()
  expect(errors).toEqual([])
})

/** As the owner, or as one of the fleet's people. */
async function ask(url: string, person?: string) {
  const token =
    person === undefined ? {} : { authorization: `Bearer ${fleet.sandbox.cluster('hub').token(person) ?? ''}` }
  return app.inject({ url, headers: { ...LOCAL, ...token } })
}

async function get<T>(url: string): Promise<T> {
  const answer = await ask(url)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const list = (query = {}): Promise<ProxyPage> => get<ProxyPage>(proxyPaths.list(MESH, { pageSize: 200, ...query }))

describe('the proxies of a mesh', () => {
  it('are those of all clusters, with what each istiod has sent to them', async () => {
    const { items, failures, istiods, elsewhere } = await list()
    expect({ failures, istiods, elsewhere }).toEqual({ failures: [], istiods: 2, elsewhere: 0 })
    expect(new Set(items.map(({ cluster }) => cluster))).toEqual(new Set(['east-1', 'east-2']))
    const frontend = items.find(({ pod }) => pod.startsWith('frontend-v1'))
    expect(frontend).toMatchObject({
      cluster: 'east-1',
      namespace: 'shop',
      type: 'sidecar',
      version: '1.30.3',
      state: 'synced',
      xds: {
        CDS: { state: 'synced' },
        LDS: { state: 'synced' },
        EDS: { state: 'synced' },
        RDS: { state: 'synced' },
        ECDS: { state: 'ignored' },
      },
      istiod: { cluster: 'east-1', namespace: 'istio-system', pod: expect.stringMatching(/^istiod-/) },
      workload: { kind: 'Deployment', name: 'frontend-v1' },
    })
    expect(Date.parse(frontend?.connectedAt ?? '')).toBeGreaterThan(0)
    expect(items.filter(({ type }) => type === 'router').map(({ pod }) => pod.replace(/-[^-]+-[^-]+$/, ''))).toContain(
      'istio-ingressgateway',
    )
    expect(items.some(({ pod }) => pod.startsWith('banner'))).toBe(false)
  })

  it('say why they refused what was sent', async () => {
    const { items, states } = await list({ state: 'rejected' })
    expect(items.map(({ pod }) => pod.split('-')[0])).toEqual(['currency'])
    expect(items[0]?.xds['LDS']).toMatchObject({
      state: 'never-acked',
      error: expect.stringContaining('istio.peer_metadata'),
    })
    expect(states['rejected']).toBe(1)
  })

  it('are found, filtered, put in order and paged', async () => {
    const { items, total, all } = await list({ search: 'reviews', sort: '-namespace', pageSize: 2 })
    expect([items.length, total]).toEqual([2, 3])
    expect(all).toBeGreaterThan(20)
    expect((await list({ cluster: 'east-2', type: 'router' })).items).toHaveLength(2)
    const answer = await ask(proxyPaths.list(MESH, { sort: 'height' }))
    expect([answer.statusCode, answer.json().fields[0].field]).toEqual([400, 'sort'])
  })

  it('are told from those that no istiod knows of', async () => {
    // Its revision has no istiod here.
    const template = {
      metadata: { labels: { app: 'lost' }, annotations: {} },
      spec: { containers: [{ name: 'lost', image: 'x:v1' }] },
    }
    await fleet.client('east-1').create('Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'lost', namespace: 'shop' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'lost' } }, template },
    })
    const found = async () => (await list({ search: 'lost' })).items
    await expect.poll(async () => (await found()).length, { timeout: 20_000 }).toBe(1)
    const [pod] = (await fleet.client('east-1').list<Pod>('Pod', { namespace: 'shop', labelSelector: 'app=lost' }))
      .items
    const annotations = { 'istio.io/rev': 'gone' }
    await fleet
      .client('east-1')
      .patch(
        'Pod',
        { namespace: 'shop', name: pod?.metadata.name ?? '' },
        { metadata: { annotations } },
        { strategy: 'merge' },
      )
    await expect.poll(async () => (await found())[0]?.state, { timeout: 20_000 }).toBe('disconnected')
    expect((await found())[0]).toMatchObject({ xds: {}, type: 'sidecar', workload: { name: 'lost' } })
    await fleet.client('east-1').delete('Deployment', { namespace: 'shop', name: 'lost' })
  }, 60_000)

  it('are not told to who may not reach istiod', async () => {
    const answer = await ask(proxyPaths.list(MESH), 'viewer')
    expect(answer.statusCode, answer.body).toBe(403)
    expect(answer.json()).toMatchObject({
      code: 'forbidden',
      missing: { verb: 'get', resource: 'pods/portforward', namespace: 'istio-system' },
    })
  })

  it('are told of namespaces whose pods one may list, and of clusters whose istiod one may reach', async () => {
    const gateway = await list({ namespace: 'istio-system', cluster: 'east-1' })
    expect(gateway.items.length).toBeGreaterThan(0)
    const answer = await ask(proxyPaths.list(MESH, { pageSize: 200 }), 'narrow')
    expect(answer.statusCode, answer.body).toBe(200)
    const { items, istiods, failures } = answer.json<ProxyPage>()
    expect(istiods).toBe(1)
    expect(new Set(items.map(({ cluster, namespace }) => `${cluster}/${namespace}`))).toEqual(
      new Set(['east-1/istio-system']),
    )
    expect(failures.map(({ cluster, problem }) => [cluster, problem.code])).toEqual([['east-2', 'forbidden']])
  })

  it('are told as far as clusters answer', async () => {
    await fleet.sandbox.setFaults('east-2', { api: { down: true }, prometheus: {} })
    const { items, failures, istiods } = await list()
    expect(failures.map(({ cluster }) => cluster)).toEqual(['east-2'])
    expect(istiods).toBe(1)
    expect(new Set(items.map(({ cluster }) => cluster))).toEqual(new Set(['east-1']))
    // What was not asked is not called disconnected.
    expect(items.some(({ state }) => state === 'disconnected')).toBe(false)
    await fleet.sandbox.setFaults('east-2', { api: {}, prometheus: {} })
  })
})
