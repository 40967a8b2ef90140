import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MeshCertificates, MeshFigures } from '@meshdeck/contract'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
} from '@meshdeck/kube-client'
import { fleetNamed, kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildApp, type BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL, meshRecord } from '../../../testing/bff.ts'

const CRDS = join(import.meta.dirname, '../../../../../../deploy/crds')
let sandbox: Sandbox
let connection: ClusterConnection
let app: BffApp

beforeAll(async () => {
  sandbox = await Sandbox.start({ fleet: fleetNamed('demo', 1), onError: () => undefined })
  const text = kubeconfigOf(await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess())))
  const spec = parseKubeconfig(text, { source: 'file', context: 'hub' })
  connection = createConnection(spec, { name: 'hub' })
  const hub = createResourceClient(connection, STORED)
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    await connection.request({ method: 'POST', path, body: parse(readFileSync(join(CRDS, file), 'utf8')) })
  }
  for (const name of ['east-1', 'east-2']) {
    const record = clusterRecord(name)
    const url = sandbox.prometheus.get(name)?.url
    await hub.create('Cluster', { ...record, spec: { ...record.spec, ...(url ? { prometheus: { url } } : {}) } })
  }
  await hub.create('Mesh', meshRecord('shop', ['east-1', 'east-2']))
  app = await buildApp({
    hub: { ...spec, allowLoopback: true },
    kubeconfig: { text, directory: '/' },
    host: '127.0.0.1',
    modes: ['local'],
    basePath: '',
  })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await connection.close()
  await sandbox.stop()
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
