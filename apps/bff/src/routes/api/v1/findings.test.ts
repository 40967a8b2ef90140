import type { FindingPage, FindingsPreview } from '@meshdeck/contract'
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
  for (const name of ['east-1', 'east-2']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
  expect(errors).toEqual([])
})

async function findings(query = ''): Promise<FindingPage> {
  const answer = await app.inject({ url: `/api/v1/meshes/${MESH}/findings${query}`, headers: LOCAL })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function preview(kind: string, name: string, object?: object): Promise<FindingsPreview> {
  const payload = { cluster: 'east-1', changes: [{ kind, namespace: 'shop', name, ...(object ? { object } : {}) }] }
  const url = `/api/v1/meshes/${MESH}/findings/-preview`
  const answer = await app.inject({ method: 'POST', url, headers: { ...LOCAL, ...CSRF }, payload })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

const next = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'ratings', namespace: 'shop' },
  spec: { host: 'ratings', subsets: [{ name: 'next', labels: { version: 'v1' } }] },
}

describe('findings of a mesh', () => {
  it('are found on the live objects of all its clusters, each read by its own istiod', async () => {
    await expect
      .poll(async () => (await findings('?level=error')).items)
      .toMatchObject([
        { code: 'IST0101', cluster: 'east-1', kind: 'VirtualService', name: 'ratings', values: { what: 'subset' } },
      ])
    const { counts, codes, hidden } = await findings()
    expect(counts.error).toBe(1)
    expect(codes.map(({ code }) => code)).toContain('IST0101')
    // East-2 has an istiod, so nothing there is called unread.
    expect(codes.map(({ code }) => code)).not.toContain('MD0002')
    expect(hidden).toEqual([])
  })

  it('are told before a change: what it brings, and what it mends', async () => {
    await findings()
    const mended = await preview('DestinationRule', 'ratings', next)
    expect(mended.solved).toMatchObject([{ code: 'IST0101', name: 'ratings' }])
    expect(mended.fresh).toEqual([])
    const spec = { ...next.spec, subsets: [{ name: 'next', labels: { version: 'v9' } }] }
    const broken = await preview('DestinationRule', 'ratings', { ...next, spec })
    expect(broken.fresh).toMatchObject([{ code: 'IST0173', path: 'spec.subsets[0].labels' }])
    expect(broken.own).toEqual(broken.fresh)
    // Nothing of it was kept.
    expect((await findings('?level=error')).total).toBe(1)
  })

  it('name the kind that nobody knows', async () => {
    const payload = { cluster: 'east-1', changes: [{ kind: 'Nothing', name: 'a' }] }
    const url = `/api/v1/meshes/${MESH}/findings/-preview`
    const answer = await app.inject({ method: 'POST', url, headers: { ...LOCAL, ...CSRF }, payload })
    expect(answer.json()).toMatchObject({ code: 'unknown-kind', detail: 'There is no kind Nothing' })
  })
})
