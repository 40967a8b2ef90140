import type { Problem } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo')
  for (const name of ['hub', 'east-1']) await fleet.client('hub').create('Cluster', clusterRecord(name))
  app = await fleet.start()
}, 60_000)
afterEach(() => faults({}))
afterAll(() => fleet.close())

const faults = (api: { lostAnswers?: number; tooManyRequests?: number }) =>
  fleet.sandbox.clusters.find(({ name }) => name === 'east-1')?.api.setFaults(api)
const path = '/api/v1/clusters/east-1/resources/virtual-services'
const rule: KubeResource = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'lost', namespace: 'shop' },
  spec: { hosts: ['lost'], http: [{ route: [{ destination: { host: 'reviews' } }] }] },
}
const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: KubeResource) =>
  app.inject({ method, url, headers: { ...LOCAL, ...CSRF }, ...(payload ? { payload } : {}) })

describe('a write whose answer is lost between the cluster and Meshdeck', () => {
  it('is told as such, is there when it is read back, and is made once however often it is sent', async () => {
    await faults({ lostAnswers: 1 })
    const created = await send('POST', path, rule)
    expect(created.statusCode).toBe(503)
    expect(created.json<Problem>()).toMatchObject({ code: 'cluster-unreachable', params: { reason: 'reset' } })
    await faults({})
    const found = (await send('GET', `${path}/shop/lost`)).json<KubeResource>()
    expect(found.spec).toEqual(rule.spec)
    expect((await send('POST', path, rule)).json<Problem>()).toMatchObject({ code: 'already-exists' })

    await faults({ lostAnswers: 1 })
    const changed = { ...found, spec: { ...Object(found.spec), hosts: ['lost', 'found'] } }
    expect((await send('PUT', `${path}/shop/lost`, changed)).statusCode).toBe(503)
    await faults({})
    const again = (await send('PUT', `${path}/shop/lost`, changed)).json<Problem>()
    expect(again).toMatchObject({ code: 'conflict', current: { spec: { hosts: ['lost', 'found'] } } })

    await faults({ lostAnswers: 1 })
    // Who deletes is written on the object first; while nobody answers that, nothing is deleted.
    expect((await send('DELETE', `${path}/shop/lost`)).statusCode).toBe(503)
    await faults({})
    expect((await send('GET', `${path}/shop/lost`)).statusCode).toBe(200)
    expect((await send('DELETE', `${path}/shop/lost`)).statusCode).toBe(200)
    expect((await send('GET', `${path}/shop/lost`)).statusCode).toBe(404)
  })

  it('is refused with the time to wait when the cluster is too busy', async () => {
    await faults({ tooManyRequests: 1 })
    const busy = await send('POST', path, rule)
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([429, '1'])
    expect(busy.json<Problem>()).toMatchObject({ code: 'too-many-requests', params: { retryAfterSeconds: 1 } })
    await faults({})
    expect((await send('GET', `${path}/shop/lost`)).statusCode).toBe(404)
  })
})
