import type { MeshProgress } from '@meshdeck/contract'
import type { Condition } from '@meshdeck/kube'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

const condition = (type: string, status: Condition['status']): Condition => ({
  type,
  status,
  reason: 'Starting',
  message: 'istiod has 0 of 1 pods available.',
  lastTransitionTime: '2026-11-29T06:00:00Z',
})

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  const [hub, east] = [fleet.client('hub'), fleet.client('east-1')]
  for (const name of ['east-1', 'west-1']) await hub.create('Cluster', clusterRecord(name))
  const mesh = meshRecord('shop', ['east-1', 'gone-1'], {
    mode: 'Managed',
    controlPlane: { cluster: 'east-1', version: '1.30.3' },
  })
  const { resource } = await hub.create('Mesh', mesh)
  await hub.updateStatus('Mesh', {
    ...resource,
    status: {
      phase: 'Creating',
      conditions: [condition('ControlPlaneReady', 'Unknown')],
      members: [
        { cluster: 'east-1', phase: 'Creating', conditions: [condition('ControlPlaneReady', 'Unknown')] },
        { cluster: 'gone-1', phase: 'Pending' },
      ],
    },
  })
  await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } })
  const deployment = (name: string, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'istio-system', labels: { app: 'istiod' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { is: name } },
      template: { metadata: { labels: { is: name } }, spec: { containers: [{ name: 'discovery', image }] } },
    },
  })
  await east.create('Deployment', deployment('istiod', 'mirror.example/pilot:missing'))
  await east.create('Deployment', deployment('istiod-old', 'mirror.example/pilot:1.29.0'))
  // As the kubelet tells it; the simulated one writes no events.
  await east.create('Event', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'quota', namespace: 'istio-system' },
    type: 'Warning',
    reason: 'FailedCreate',
    message: 'exceeded quota: pods',
    involvedObject: { kind: 'ReplicaSet', name: 'istiod-6f7', namespace: 'istio-system' },
    count: 4,
    lastTimestamp: '2026-11-29T06:01:00Z',
  })
  app = await fleet.start()
}, 60_000)
afterAll(async () => {
  await fleet.close()
})

async function progress(): Promise<MeshProgress> {
  const answer = await app.inject({ url: '/api/v1/meshes/shop/progress', headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

it('tells of each cluster its steps, its components, and what keeps one from running', async () => {
  const { phase, clusters, failures } = await vi.waitFor(
    async () => {
      const now = await progress()
      const found = now.clusters[0]?.components ?? []
      expect(found.find(({ name }) => name === 'istiod-old')?.ready).toBe(1)
      expect(found.find(({ name }) => name === 'istiod')?.troubles.length).toBeGreaterThan(1)
      return now
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(phase).toBe('Creating')
  const [east, gone] = clusters
  expect(east).toMatchObject({ cluster: 'east-1', isControlPlane: true, phase: 'Creating' })
  expect(east?.steps).toMatchObject([{ type: 'ControlPlaneReady', status: 'Unknown' }])
  const istiod = east?.components.find(({ name }) => name === 'istiod')
  expect(istiod).toMatchObject({ kind: 'Deployment', namespace: 'istio-system', ready: 0, replicas: 1, unread: false })
  expect(istiod?.troubles).toContainEqual(expect.objectContaining({ kind: 'Pod', reason: 'ImagePullBackOff' }))
  expect(istiod?.troubles).toContainEqual({
    kind: 'ReplicaSet',
    name: 'istiod-6f7',
    reason: 'FailedCreate',
    message: 'exceeded quota: pods',
    count: 4,
    at: '2026-11-29T06:01:00Z',
  })
  expect(east?.components.find(({ name }) => name === 'istiod-old')?.troubles).toEqual([])
  // One that cannot be asked costs its own part only.
  expect(gone).toEqual({ cluster: 'gone-1', isControlPlane: false, phase: 'Pending', steps: [], components: [] })
  expect(failures.map(({ cluster }) => cluster)).toEqual(['gone-1'])
})

it('of a mesh that is not there is a problem', async () => {
  const answer = await app.inject({ url: '/api/v1/meshes/none/progress', headers: LOCAL })
  expect(answer.statusCode).toBe(404)
})
