import type { LocalityList } from '@meshdeck/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  const node = (name: string, labels: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
  })
  const west = fleet.client('west-1')
  await west.create('Node', node('far', { 'topology.kubernetes.io/region': 'far' }))
  await west.create('Node', node('nowhere', { 'topology.kubernetes.io/zone': 'far-a' }))
  for (const name of ['east-1', 'west-1']) await fleet.client('hub').create('Cluster', clusterRecord(name))
  await fleet.client('hub').create('Cluster', clusterRecord('gone-1'))
  app = await fleet.start()
}, 60_000)
afterAll(async () => {
  await fleet.close()
})

it('tells regions and zones of each cluster, with its nodes, and which clusters cannot be asked', async () => {
  const read = async (): Promise<LocalityList> => {
    const answer = await app.inject({ url: '/api/v1/clusters/-localities', headers: LOCAL })
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json()
  }
  await expect.poll(async () => (await read()).items.length).toBeGreaterThan(4)
  const { items, failures } = await read()
  const east = items.filter(({ cluster }) => cluster === 'east-1')
  expect(east.map(({ region, zone }) => `${region}/${zone}`)).toEqual(['east/east-a', 'east/east-b', 'east/east-c'])
  expect(east.every(({ nodes }) => nodes > 0)).toBe(true)
  // A zone of no region is no place to Istio.
  expect(items.filter(({ cluster, region }) => cluster === 'west-1' && region !== 'west')).toEqual([
    { cluster: 'west-1', region: 'far', nodes: 1 },
  ])
  expect(failures.map(({ cluster }) => cluster)).toEqual(['gone-1'])
})
