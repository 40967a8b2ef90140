import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { AdoptionList } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
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
import { clusterRecord, LOCAL } from '../../../testing/bff.ts'

const CRDS = join(import.meta.dirname, '../../../../../../deploy/crds')
let sandbox: Sandbox
let connections: ClusterConnection[]
let app: BffApp

/** As Helm writes it. */
function release(chart: string, revision: number, status: string, config: object): KubeResource {
  const content = {
    name: chart,
    namespace: 'istio-system',
    info: { status },
    chart: { metadata: { name: chart, version: '1.30.3', appVersion: '1.30.3' } },
    config,
  }
  const packed = gzipSync(JSON.stringify(content)).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace: 'istio-system',
      name: `sh.helm.release.v1.${chart}.v${revision}`,
      labels: { owner: 'helm', name: chart, status, version: String(revision) },
    },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  }
}

beforeAll(async () => {
  sandbox = await Sandbox.start({ fleet: fleetNamed('empty', 1), onError: () => undefined })
  const text = kubeconfigOf(await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess())))
  const specs = ['hub', 'east-1'].map((context) => parseKubeconfig(text, { source: 'file', context }))
  connections = specs.map((spec) => createConnection(spec, { name: spec.contextName }))
  const [hubConnection, eastConnection] = connections
  const [hubSpec] = specs
  if (!hubConnection || !eastConnection || !hubSpec) throw new Error('no connection')
  const [hub, east] = [createResourceClient(hubConnection, STORED), createResourceClient(eastConnection, STORED)]
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    const body: unknown = parse(readFileSync(join(CRDS, file), 'utf8'))
    await hubConnection.request({ method: 'POST', path, body })
  }
  for (const name of ['hub', 'east-1', 'west-1']) await hub.create('Cluster', clusterRecord(name))
  for (const client of [hub, east]) {
    await client.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } })
    await client.create('Secret', release('base', 1, 'deployed', {}))
    await client.create('Secret', release('istiod', 1, 'superseded', { meshConfig: { enableTracing: true } }))
    await client.create('Secret', release('istiod', 2, 'deployed', { global: { hub: 'r.example/istio' } }))
  }
  await east.create('Istio', {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: { version: 'v1.30.3', namespace: 'istio-system', updateStrategy: { type: 'InPlace' } },
  })
  app = await buildApp({
    hub: { ...hubSpec, allowLoopback: true },
    kubeconfig: { text, directory: '/' },
    host: '127.0.0.1',
    modes: ['local'],
    basePath: '',
  })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await Promise.all(connections.map((connection) => connection.close()))
  await sandbox.stop()
})

async function adoptions(cluster: string): Promise<AdoptionList> {
  const answer = await app.inject({ url: `/api/v1/clusters/${cluster}/adoptions`, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('what a cluster has to be taken over', () => {
  it('is read out of Helm’s newest releases, and what the controller cannot do is said', async () => {
    const { items, unread } = await adoptions('hub')
    expect(unread).toEqual([])
    expect(items).toMatchObject([
      {
        engine: 'Helm',
        version: '1.30.3',
        parts: [
          { chart: 'base', equal: true },
          { chart: 'istiod', equal: true, present: { global: { hub: 'r.example/istio' } } },
        ],
        // Nobody has told the controller of Helm here.
        obstacles: ['noHelm'],
        notes: [],
        spec: { mode: 'Dedicated', engine: 'Helm', controlPlane: { cluster: 'hub', hub: 'r.example/istio' } },
      },
    ])
  })

  it('is the operator’s resource where there is one, and not the releases that the operator keeps', async () => {
    const { items } = await adoptions('east-1')
    expect(items).toMatchObject([{ engine: 'Sail', obstacles: [], parts: [{ kind: 'Istio', equal: true }] }])
  })

  it('is nothing where there is no Istio', async () => {
    expect((await adoptions('west-1')).items).toEqual([])
  })
})
