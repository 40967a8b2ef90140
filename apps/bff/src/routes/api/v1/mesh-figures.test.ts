import type { MeshCertificates, MeshFigures } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  const hub = fleet.client('hub')
  for (const name of ['east-1', 'east-2']) {
    const record = clusterRecord(name)
    const url = fleet.sandbox.prometheus.get(name)?.url
    await hub.create('Cluster', { ...record, spec: { ...record.spec, ...(url ? { prometheus: { url } } : {}) } })
  }
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2']))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

async function get<T>(path: string): Promise<T> {
  const answer = await app.inject({ url: `/api/v1/meshes/shop/${path}`, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('the figures of a mesh', () => {
  it('are traffic, proxies and the services that stand out', async () => {
    const figures = await get<MeshFigures>('metrics/overview?range=3600')
    expect(figures.failures).toEqual([])
    for (const series of ['requestRate', 'errorRate', 'latencyP90', 'bytesRate', 'proxyCpu', 'proxyMemory'] as const)
      expect([series, figures[series].length > 30]).toEqual([series, true])
    expect(figures.top.byRate).toHaveLength(5)
    expect(figures.top.byRate[0]?.requestRate).toBeGreaterThan(figures.top.byRate[4]?.requestRate ?? 0)
    expect(figures.top.byLatency[0]?.latencyMs).toBeGreaterThan(0)
    expect(figures.mtlsShare).toBeGreaterThan(0.5)
  })

  it('never ask for more than a day', async () => {
    const answer = await app.inject({ url: '/api/v1/meshes/shop/metrics/overview?range=90000', headers: LOCAL })
    expect(answer.json()).toMatchObject({ code: 'invalid-input' })
  })
})

describe('the certificates of a mesh', () => {
  it('are those of each cluster that can be read', async () => {
    const { items, unread } = await get<MeshCertificates>('certificates')
    expect(unread).toEqual([])
    expect(items.map(({ cluster }) => cluster)).toEqual(expect.arrayContaining(['east-1', 'east-2']))
    for (const { notAfter } of items) expect(Date.parse(notAfter)).toBeGreaterThan(Date.now())
  })
})
