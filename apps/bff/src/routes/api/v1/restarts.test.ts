import type { RestartList, StartedRestart } from '@meshdeck/contract'
import type { Restart } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let hub: ResourceClient
let east: ResourceClient
let app: BffApp

const target = (name: string, cluster = 'east-1') => ({ cluster, namespace: 'shop', kind: 'Deployment' as const, name })

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  east = fleet.client('east-1')
  await hub.create('Cluster', clusterRecord('east-1'))
  await hub.create('Mesh', meshRecord('shop', ['east-1']))
  await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  for (const name of ['cart', 'pay']) {
    await east.create('Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } },
      },
    })
  }
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

const post = (url: string, payload: object) =>
  app.inject({ method: 'POST', url: `/api/v1/meshes/${url}`, headers: { ...LOCAL, ...CSRF }, payload })
const list = async (): Promise<RestartList['items']> =>
  (await app.inject({ url: '/api/v1/meshes/shop/restarts', headers: LOCAL })).json<RestartList>().items
const markOf = async (name: string): Promise<string | undefined> =>
  (await east.get('Deployment', { namespace: 'shop', name })).metadata.annotations?.['meshdeck.io/restart-allowed']

describe('rolling restarts', () => {
  it('are begun by a record on the hub, and by a mark on each workload that only those who may patch it can write', async () => {
    const before = await east.get('Deployment', { namespace: 'shop', name: 'cart' })
    const answer = await post('shop/restarts', { targets: [target('cart'), target('pay')], batchSize: 2 })
    expect(answer.statusCode, answer.body).toBe(200)
    const { name = '', results } = answer.json<StartedRestart>()
    expect(results.map(({ ok }) => ok)).toEqual([true, true])
    const { spec, metadata } = await hub.get<Restart>('Restart', { name })
    expect(spec).toMatchObject({ mesh: 'shop', batchSize: 2, targets: [target('cart'), target('pay')] })
    expect([await markOf('cart'), await markOf('pay')]).toEqual([metadata.uid, metadata.uid])
    // The pods are the controller's matter.
    const after = await east.get('Deployment', { namespace: 'shop', name: 'cart' })
    expect(after.metadata.generation).toBe(before.metadata.generation)
    await expect.poll(list).toMatchObject([{ name, total: 2, done: 0, failed: 0 }])

    expect((await post(`shop/restarts/${name}/-act`, { action: 'pause' })).statusCode).toBe(200)
    expect((await hub.get<Restart>('Restart', { name })).spec.paused).toBe(true)
    await post(`shop/restarts/${name}/-act`, { action: 'go-on' })
    expect((await hub.get<Restart>('Restart', { name })).spec).toMatchObject({ paused: false, onStuck: 'GoOn' })
    await post(`shop/restarts/${name}/-act`, { action: 'stop' })
    expect((await hub.get<Restart>('Restart', { name })).spec.stopped).toBe(true)
  })

  it('are not begun at all when one of the workloads is refused', async () => {
    const before = (await hub.listAll('Restart')).items.length
    const mark = await markOf('cart')
    const answer = await post('shop/restarts', { targets: [target('cart'), target('gone')] })
    expect(answer.statusCode, answer.body).toBe(200)
    const { name, results } = answer.json<StartedRestart>()
    expect(name).toBeUndefined()
    expect(results).toMatchObject([{ ok: true }, { ok: false, problem: { status: 404 } }])
    expect((await hub.listAll('Restart')).items).toHaveLength(before)
    expect(await markOf('cart')).toBe(mark)
  })

  it.each([
    ['a cluster that is not of the mesh', 'shop/restarts', { targets: [target('cart', 'west-1')] }, 404],
    ['no target', 'shop/restarts', { targets: [] }, 400],
    ['a batch of none', 'shop/restarts', { targets: [target('cart')], batchSize: 0 }, 400],
    ['a kind without pods', 'shop/restarts', { targets: [{ ...target('cart'), kind: 'Service' }] }, 400],
    ['a restart that is not there', 'shop/restarts/none/-act', { action: 'pause' }, 404],
    ['an act that there is not', 'shop/restarts/none/-act', { action: 'rewind' }, 400],
    ['a mesh that is not there', 'none/restarts', { targets: [target('cart')] }, 404],
  ])('are refused for %s', async (_, url, payload, status) => {
    const answer = await post(url, payload)
    expect(answer.statusCode, answer.body).toBe(status)
  })
})
