import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExplainAnswer } from '@meshdeck/contract'
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
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'

const CRDS = join(import.meta.dirname, '../../../../../../deploy/crds')
const MESH = 'shop'
let sandbox: Sandbox
let hubConnection: ClusterConnection
let app: BffApp

beforeAll(async () => {
  sandbox = await Sandbox.start({ fleet: fleetNamed('demo', 1), onError: () => undefined })
  const text = kubeconfigOf(await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess())))
  const spec = parseKubeconfig(text, { source: 'file', context: 'hub' })
  hubConnection = createConnection(spec, { name: 'hub' })
  const hub = createResourceClient(hubConnection, STORED)
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    await hubConnection.request({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: parse(readFileSync(join(CRDS, file), 'utf8')),
    })
  }
  for (const name of ['east-1', 'east-2']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
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
  await hubConnection.close()
  await sandbox.stop()
})

const QUESTION = {
  source: { from: 'workload', namespace: 'shop', name: 'frontend-v1' },
  protocol: 'http',
  host: 'ratings',
  port: 8080,
}
const ask = (payload: object) =>
  app.inject({ method: 'POST', url: `/api/v1/meshes/${MESH}/-explain`, headers: { ...LOCAL, ...CSRF }, payload })

async function answerTo(change: object): Promise<ExplainAnswer> {
  const answer = await ask({ ...QUESTION, ...change })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('a request that is explained', () => {
  it('goes by the live objects of the mesh', async () => {
    await expect.poll(async () => (await answerTo({})).steps.map(({ code }) => code)).toContain('routes.chosen')
    const { branches, cluster, hidden, failures } = await answerTo({})
    expect({ cluster, hidden, failures }).toEqual({ cluster: 'east-1', hidden: [], failures: [] })
    const codes = branches.flatMap(({ steps }) => steps.map(({ code }) => code))
    // The virtual service of ratings names a subset that nobody defines.
    expect(codes).toContain('subset.missing')
  })

  it('says why by places in objects', async () => {
    const { steps } = await answerTo({})
    expect(steps.find(({ code }) => code === 'routes.chosen')?.place).toMatchObject({
      cluster: 'east-1',
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'ratings',
    })
  })

  it.each([
    [{ port: 0 }, 400],
    [{ protocol: 'carrier-pigeon' }, 400],
    [{ source: { from: 'workload', namespace: '../x', name: 'a' } }, 400],
    [{ host: 'a b' }, 400],
    [{ cluster: 'nowhere' }, 404],
  ])('is refused: %j', async (change, status) => {
    expect((await ask({ ...QUESTION, ...change })).statusCode).toBe(status)
  })
})
