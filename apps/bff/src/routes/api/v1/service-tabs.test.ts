import type { Problem, ServiceInstances, ServiceVersions } from '@meshdeck/contract'
import { servicePaths } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const CLUSTERS = ['east-1', 'east-2']
const WAIT = { timeout: 20_000 }

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  const hub = fleet.client('hub')
  for (const name of CLUSTERS) {
    const record = clusterRecord(name)
    const url = fleet.sandbox.prometheus.get(name)?.url
    await hub.create('Cluster', { ...record, spec: { ...record.spec, ...(url ? { prometheus: { url } } : {}) } })
  }
  await hub.create('Mesh', meshRecord('shop', CLUSTERS))
  const east = fleet.client('east-1')
  await east.create('WorkloadEntry', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { namespace: 'shop', name: 'old-iron' },
    spec: { address: '10.9.9.9', labels: { app: 'reviews', version: 'v0' }, locality: 'east/east-z' },
  })
  await east.create('PeerAuthentication', {
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { namespace: 'shop', name: 'reviews-v2' },
    spec: { selector: { matchLabels: { app: 'reviews', version: 'v2' } }, mtls: { mode: 'STRICT' } },
  })
  await east.create('Service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'written' },
    spec: { ports: [{ port: 80, protocol: 'TCP' }] },
  })
  await east.create('EndpointSlice', {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'shop', name: 'written-1', labels: { 'kubernetes.io/service-name': 'written' } },
    addressType: 'IPv4',
    endpoints: [
      { addresses: ['192.0.2.1'], conditions: { ready: true }, zone: 'east-a' },
      { addresses: ['192.0.2.2'], conditions: { ready: false } },
    ],
    ports: [{ port: 80, protocol: 'TCP' }],
  })
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

async function read<Answer>(url: string): Promise<Answer> {
  const answer = await app.inject({ url, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const instances = (name: string) => read<ServiceInstances>(servicePaths.instances('shop', 'shop', name))
const versions = (name: string) => read<ServiceVersions>(servicePaths.versions('shop', 'shop', name))

describe('the instances of a service', () => {
  it('are its pods with place, proxy, mode and version, and the machines that its selector finds', async () => {
    await expect.poll(async () => (await instances('reviews')).items.length, WAIT).toBe(4)
    const { items, failures } = await instances('reviews')
    expect(failures).toEqual([])
    const pods = items.filter(({ kind }) => kind === 'Pod')
    expect(pods.map(({ version, mtls, proxy }) => [version, mtls, proxy]).toSorted()).toEqual([
      ['v1', 'PERMISSIVE', 'sidecar'],
      ['v1', 'PERMISSIVE', 'sidecar'],
      ['v2', 'STRICT', 'sidecar'],
    ])
    expect(
      pods.every(({ region, zone, address, node, ready }) => region === 'east' && zone && address && node && ready),
    ).toBe(true)
    expect(items.find(({ kind }) => kind === 'WorkloadEntry')).toEqual({
      kind: 'WorkloadEntry',
      cluster: 'east-1',
      namespace: 'shop',
      name: 'old-iron',
      phase: '',
      ready: true,
      address: '10.9.9.9',
      version: 'v0',
      region: 'east',
      zone: 'east-z',
      proxy: 'none',
    })
  })

  it('tell a pod outside of the mesh, which asks for no mutual TLS', async () => {
    await expect.poll(async () => (await instances('banner')).items.length, WAIT).toBe(1)
    const [pod] = (await instances('banner')).items
    expect([pod?.proxy, pod?.mtls]).toEqual(['none', undefined])
  })

  it('are the addresses that somebody wrote down where nothing is selected', async () => {
    await expect.poll(async () => (await instances('written')).items.length, WAIT).toBe(2)
    expect((await instances('written')).items).toMatchObject([
      { kind: 'EndpointSlice', address: '192.0.2.1', ready: true, zone: 'east-a' },
      { kind: 'EndpointSlice', address: '192.0.2.2', ready: false },
    ])
  })
})

describe('the versions of a service', () => {
  it('have what the rules want beside what was measured', async () => {
    await expect.poll(async () => (await versions('reviews')).versions[0]?.wantedShare, WAIT).toBe(0.9)
    await expect.poll(async () => (await versions('reviews')).versions[0]?.requestRate, WAIT).toBeGreaterThan(0)
    const { versions: found, routes, hidden, failures } = await versions('reviews')
    expect([hidden, failures]).toEqual([[], []])
    expect(found.map(({ version, pods, wantedShare }) => [version, pods, wantedShare])).toEqual([
      ['v1', 2, 0.9],
      ['v2', 1, 0.1],
    ])
    const [one, two] = found
    expect((one?.share ?? 0) + (two?.share ?? 0)).toBeCloseTo(1, 6)
    expect(one?.share).toBeGreaterThan(0.7)
    expect(one?.latencyMs).toBeGreaterThan(0)
    expect(one?.errorRate).toBeGreaterThanOrEqual(0)
    expect(one?.subsets).toEqual([{ cluster: 'east-1', namespace: 'shop', name: 'reviews', subset: 'v1' }])
    expect(one?.workloads).toEqual([{ cluster: 'east-1', name: 'Deployment/reviews-v1' }])
    expect(routes).toMatchObject([{ route: 'canary', conditional: false, applied: true }])
  })

  it('are told without figures where no Prometheus answers', async () => {
    await fleet
      .client('hub')
      .patch(
        'Cluster',
        { name: 'east-1' },
        { spec: { prometheus: { url: 'http://127.0.0.1:9' } } },
        { strategy: 'merge' },
      )
    await expect
      .poll(async () => (await versions('reviews')).failures.map(({ cluster }) => cluster), WAIT)
      .toEqual(['east-1'])
    const [one] = (await versions('reviews')).versions
    expect([one?.pods, one?.wantedShare]).toEqual([2, 0.9])
  })
})

it.each(['instances', 'versions'] as const)('%s of a service that is not there are not found', async (tab) => {
  const answer = await app.inject({ url: servicePaths[tab]('shop', 'shop', 'nobody'), headers: LOCAL })
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([404, 'not-found'])
})
