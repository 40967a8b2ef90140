import type { ExplainAnswer } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const MESH = 'shop'
let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  const hub = fleet.client('hub')
  for (const name of ['east-1', 'east-2']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Mesh', meshRecord(MESH, ['east-1', 'east-2']))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
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
