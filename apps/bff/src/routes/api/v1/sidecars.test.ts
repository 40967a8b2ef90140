import type { NamespacePage, WorkloadPage, WorkloadSidecars } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { scopeSidecar } from '@meshdeck/mesh'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const MESH = 'shop'
const errors: unknown[] = []
let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo', (error) => errors.push(error))
  const hub = fleet.client('hub')
  const url = fleet.sandbox.prometheus.get('east-1')?.url ?? ''
  const record = clusterRecord('east-1')
  await hub.create('Cluster', { ...record, spec: { ...record.spec, prometheus: { url } } })
  await hub.create('Cluster', clusterRecord('east-2'))
  await hub.create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
  expect(errors).toEqual([])
})

async function get<T>(url: string): Promise<T> {
  const answer = await app.inject({ url, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const sidecarsOf = (name: string, cluster = 'east-1', namespace = 'shop') =>
  get<WorkloadSidecars>(paths.workloadSidecars(MESH, { cluster, namespace, kind: 'Deployment', name }))

describe('the sidecars of a workload', () => {
  it('are told pod by pod, with what they use of their limits', async () => {
    const { items, controlPlane, failures } = await sidecarsOf('frontend-v1')
    expect(failures).toEqual([])
    expect(controlPlane).toEqual({ revision: 'default', version: '1.30.3' })
    expect(items).toHaveLength(3)
    for (const { state, version, outdated, requests, limits, usage } of items) {
      expect({ state, version, outdated }).toEqual({ state: 'running', version: '1.30.3', outdated: false })
      expect(requests).toEqual({ cpu: '100m', memory: '128Mi' })
      expect(limits).toEqual({ cpu: '2', memory: '1Gi' })
      expect(usage.memoryShare).toBeCloseTo((usage.memory ?? 0) / 2 ** 30)
      expect(usage.cpuShare).toBeCloseTo((usage.cpu ?? 0) / 2)
      expect(usage.cpu).toBeGreaterThan(0)
    }
  })

  it('may be none, and of one that is not there nothing is said', async () => {
    expect((await sidecarsOf('banner-v1')).items).toMatchObject([{ state: 'not-injected', usage: {} }])
    const missing = { cluster: 'east-1', namespace: 'shop', kind: 'Deployment', name: 'nobody' }
    const answer = await app.inject({ url: paths.workloadSidecars(MESH, missing), headers: LOCAL })
    expect(answer.statusCode).toBe(404)
  })

  it('are told without Prometheus too, which is named', async () => {
    const { items } = await get<WorkloadPage>(paths.meshWorkloads(MESH, { cluster: 'east-2', system: false }))
    const { name = '', namespace = '' } = items.find(({ injectedPods }) => injectedPods > 0) ?? {}
    const { items: pods, failures } = await sidecarsOf(name, 'east-2', namespace)
    expect(pods[0]).toMatchObject({ state: 'running', usage: {} })
    expect(failures).toMatchObject([{ cluster: 'east-2', problem: { code: 'prometheus-not-configured' } }])
  })
})

describe('outdated proxies', () => {
  it('are counted, found and told from those that a restart would not renew', async () => {
    const page = await get<WorkloadPage>(paths.meshWorkloads(MESH, { outdated: true, system: false }))
    expect(page.items.map(({ name, outdated }) => [name, outdated])).toEqual([
      ['currency-v1', { pods: 1, version: '1.30.3', pinned: true }],
    ])
    expect(page.outdated).toBe(1)
    expect(page.all).toBeGreaterThan(page.total)
    expect((await sidecarsOf('currency-v1')).items).toMatchObject([{ version: '1.28.4', outdated: true }])
  })
})

describe('the discovery scope of namespaces', () => {
  const url = '/api/v1/clusters/east-1/resources/sidecars'
  const create = async (payload: KubeResource = { apiVersion: '', kind: '', metadata: { name: '' } }) => {
    const answer = await app.inject({ method: 'POST', url, headers: { ...LOCAL, ...CSRF }, payload })
    expect(answer.statusCode, answer.body).toBe(201)
  }
  const scopes = async (query = {}) => {
    const { items } = await get<NamespacePage>(paths.meshInjection(MESH, { cluster: 'east-1', ...query }))
    return Object.fromEntries(items.map(({ name, discovery }) => [name, discovery]))
  }

  it('is read from the Sidecars that are there, and found by it', async () => {
    expect((await scopes())['shop']).toEqual({
      cluster: 'east-1',
      rootNamespace: 'istio-system',
      scope: 'inherit',
      namespaces: [],
      hosts: [],
      effective: 'all',
    })
    await create(scopeSidecar('shop', 'istio-system', { scope: 'custom', namespaces: ['backend'] }))
    await expect
      .poll(async () => (await scopes())['shop'])
      .toMatchObject({
        scope: 'custom',
        namespaces: ['backend'],
        by: { name: 'meshdeck-discovery', owner: 'meshdeck' },
      })
    expect(Object.keys(await scopes({ discovery: 'custom,local' }))).toEqual(['shop'])
  })
})
