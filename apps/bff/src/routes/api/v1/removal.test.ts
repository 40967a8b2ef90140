import type { MeshRemoval, OrphanList } from '@meshdeck/contract'
import type { ResourceClient } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let east: ResourceClient
let hub: ResourceClient
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  hub = fleet.client('hub')
  east = fleet.client('east-1')
  for (const name of ['east-1', 'west-1']) await hub.create('Cluster', clusterRecord(name))
  const spec = { mode: 'Dedicated' as const, controlPlane: { cluster: 'east-1', version: '1.30.3' } }
  await hub.create('Mesh', meshRecord('shop', ['east-1'], { ...spec, protected: true }))
  const far = { mode: 'Dedicated' as const, controlPlane: { cluster: 'gone-1', version: '1.30.3' } }
  await hub.create('Mesh', meshRecord('far', ['gone-1'], far))
  for (const [name, owner] of [
    ['made', 'shop'],
    ['left', 'gone'],
  ] as const) {
    const labels = { 'meshdeck.io/mesh': owner, 'app.kubernetes.io/managed-by': 'meshdeck' }
    await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  }
  const release = (version: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace: 'left',
      name: `sh.helm.release.v1.istiod.v${version}`,
      labels: { owner: 'helm', name: 'istiod', version, 'meshdeck.io/mesh': 'gone', 'meshdeck.io/chart': 'istiod' },
    },
    type: 'helm.sh/release.v1',
  })
  await east.create('Secret', release('1'))
  await east.create('Secret', release('2'))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

async function get<T>(url: string): Promise<T> {
  const answer = await app.inject({ url: `/api/v1/${url}`, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('the removal of a mesh', () => {
  it('counts what depends on it, and lists what was made for it and nothing else', async () => {
    await expect
      .poll(async () => (await get<MeshRemoval>('meshes/shop/removal')).checks.find(({ type }) => type === 'sidecars'))
      .toMatchObject({ state: 'warning', unread: [] })
    const { checks, made } = await get<MeshRemoval>('meshes/shop/removal')
    const sidecars = checks.find(({ type }) => type === 'sidecars')
    expect(sidecars?.count).toBeGreaterThan(10)
    expect(sidecars?.dependents.map(({ namespace }) => namespace)).toContain('shop')
    expect(checks.find(({ type }) => type === 'gateways')).toMatchObject({
      state: 'warning',
      dependents: expect.arrayContaining([expect.objectContaining({ kind: 'Deployment', cluster: 'east-1' })]),
    })
    expect(checks.find(({ type }) => type === 'protection')?.state).toBe('blocking')
    expect(made).toMatchObject([{ cluster: 'east-1', seen: true, objects: [{ kind: 'Namespace', name: 'made' }] }])
  })

  it('says what a cluster that cannot be asked should have', async () => {
    const { made, checks } = await get<MeshRemoval>('meshes/far/removal')
    expect(checks.find(({ type }) => type === 'sidecars')).toMatchObject({ state: 'unknown', unread: ['gone-1'] })
    expect(made).toMatchObject([
      {
        cluster: 'gone-1',
        seen: false,
        objects: [
          { kind: 'Istio', name: 'default' },
          { kind: 'Namespace', name: 'istio-system' },
        ],
      },
    ])
    expect(made[0]?.commands).toContain('kubectl --context gone-1 delete istios.sailoperator.io default')
  })

  it('of one that is no more shows in the cluster what it left, a release once', async () => {
    const { items, unread } = await get<OrphanList>('clusters/east-1/orphans')
    expect(unread).toEqual([])
    expect(items).toMatchObject([
      {
        mesh: 'gone',
        objects: [
          { kind: 'HelmRelease', namespace: 'left', name: 'istiod' },
          { kind: 'Namespace', name: 'left' },
        ],
      },
    ])
    expect(items[0]?.commands[0]).toBe('helm --kube-context east-1 uninstall istiod --namespace left')
    expect((await get<OrphanList>('clusters/west-1/orphans')).items).toEqual([])
    const answer = await app.inject({ url: '/api/v1/clusters/nowhere/orphans', headers: LOCAL })
    expect(answer.json()).toMatchObject({ code: 'unknown-cluster' })
  })
})
