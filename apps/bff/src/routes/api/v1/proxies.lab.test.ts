import { proxyPaths, type ProxyPage } from '@meshdeck/contract'
import type { Pod } from '@meshdeck/kube'
import { connectProxy, labState, type ProxyConnection } from '@meshdeck/lab'
import { clusterRows, listenerRows, routeRows } from '@meshdeck/mesh/proxy-config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { LOCAL, meshRecord } from '../../../testing/bff.ts'
import { buildLabApp, ensure, openLab, remove, type Lab } from '../../../testing/lab.ts'

const MESH = meshRecord('proxies-lab', ['alpha', 'beta'])
let lab: Lab
let app: BffApp
let frontend: Pod
let connection: ProxyConnection

/** `alpha` and `beta` as the hub knows them. */
const CLUSTERS = ['alpha', 'beta'].map((name) => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { access: { kubeconfigContext: name } },
}))

beforeAll(async () => {
  lab = openLab()
  for (const record of [...CLUSTERS, MESH]) await ensure(lab.client('alpha'), record)
  const [alpha] = (await labState()).clusters
  const { items } = await lab.client('alpha').list<Pod>('Pod', { namespace: 'shop', labelSelector: 'app=frontend' })
  const [pod] = items
  if (alpha === undefined || pod === undefined) throw new Error('the lab has no frontend')
  frontend = pod
  connection = await connectProxy(
    { grpcPort: alpha.ports.istiodGrpc, debugUrl: alpha.istiodDebugUrl },
    {
      type: 'sidecar',
      namespace: 'shop',
      pod: pod.metadata.name,
      ip: pod.status?.podIP ?? '',
      account: pod.spec?.serviceAccountName ?? '',
      cluster: 'alpha',
      labels: pod.metadata.labels ?? {},
    },
    ['80', '8080'],
  )
  app = await buildLabApp(lab)
}, 60_000)
afterAll(async () => {
  connection.close()
  await app.close()
  for (const record of [MESH, ...CLUSTERS]) await remove(lab.client('alpha'), record)
  await lab.close()
})

async function list(headers: Record<string, string>): Promise<ProxyPage> {
  const answer = await app.inject({ url: proxyPaths.list(MESH.metadata.name, { pageSize: 500 }), headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('proxies of real istiods', () => {
  it('are told through a real API server, as the caller, with those that nobody knows of', async () => {
    const as = { ...LOCAL, authorization: `Bearer ${lab.token('admin')}` }
    await expect.poll(async () => (await list(as)).items.length, { timeout: 20_000 }).toBeGreaterThan(5)
    const { items, istiods, failures } = await list(as)
    expect({ istiods, failures }).toEqual({ istiods: 2, failures: [] })
    const own = items.filter(({ pod }) => pod === frontend.metadata.name)
    // The stand-in acknowledges nothing.
    expect(own).toMatchObject([
      {
        cluster: 'alpha',
        namespace: 'shop',
        state: 'never-acked',
        xds: { CDS: { state: 'never-acked' }, ECDS: { state: 'ignored' } },
        connectedAt: expect.stringMatching(/^20/),
      },
    ])
    expect(items.filter(({ state }) => state === 'disconnected').length).toBeGreaterThan(3)
  })

  it('are not told to who may not reach them', async () => {
    const headers = { ...LOCAL, authorization: `Bearer ${lab.token('viewer')}` }
    const answer = await app.inject({ url: proxyPaths.list(MESH.metadata.name), headers })
    expect([answer.statusCode, answer.json().missing?.resource]).toEqual([403, 'pods/portforward'])
  })

  it('get configurations that become rows', async () => {
    const dump = await connection.dump()
    const listeners = listenerRows(dump)
    expect(listeners.map(({ cells }) => cells['destination'])).toContain('Route: 8080')
    expect(listeners.filter(({ resource }) => resource === 'virtualInbound').length).toBeGreaterThan(3)
    const clusters = clusterRows(dump)
    expect(clusters.find(({ cells }) => cells['subset'] === 'v1')?.origin).toEqual({
      kind: 'DestinationRule',
      namespace: 'shop',
      name: 'reviews',
    })
    const routes = routeRows(dump)
    expect(routes.find(({ origin, cells }) => origin?.name === 'reviews' && cells['name'] === '8080')).toMatchObject({
      cells: {
        match: '/*',
        destination:
          '90% outbound|8080|v1|reviews.shop.svc.cluster.local, 10% outbound|8080|v2|reviews.shop.svc.cluster.local',
      },
      origin: { kind: 'VirtualService', namespace: 'shop' },
    })
    for (const rows of [listeners, clusters, routes]) expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
  })
})
