import { gzipSync } from 'node:zlib'
import type { AdoptionList } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
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
  fleet = await startSandboxHub('empty')
  const [hub, east] = [fleet.client('hub'), fleet.client('east-1')]
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
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
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
