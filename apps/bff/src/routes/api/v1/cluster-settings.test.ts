import type { ClusterView } from '@meshdeck/contract'
import type { Cluster } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { buildTestApp, clusterRecord, CSRF, LOCAL } from '../../../testing/bff.ts'
import { startFakeCluster } from '../../../testing/fake-cluster.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

/** For what comes by a watch; the machine may be busy. */
const PATIENT = { timeout: 10_000 }

let fleet: SandboxHub
let hub: ResourceClient
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  const record = clusterRecord('east', 'east-1')
  const auth = { secretRef: { name: 'prometheus-east' } }
  await hub.create('Cluster', {
    ...record,
    spec: { ...record.spec, region: 'old', prometheus: { url: 'http://old.example:9090', auth } },
  })
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

const headers = { ...LOCAL, ...CSRF }
const put = (payload: object, cluster = 'east') =>
  app.inject({ method: 'PUT', url: `/api/v1/clusters/${cluster}`, headers, payload })
const read = () => hub.get<Cluster>('Cluster', { name: 'east' })
const generation = async () => (await read()).metadata.generation

describe('the settings of a cluster', () => {
  it('are written over what the editor saw; what cannot be edited stays', async () => {
    await expect
      .poll(
        async () => (await app.inject({ url: '/api/v1/clusters', headers: LOCAL })).json().items[0]?.generation,
        PATIENT,
      )
      .toBe(1)
    // The controller writes in between, which is nobody's edit.
    await hub.updateStatus('Cluster', { ...(await read()), status: { version: 'v1.36.3' } })
    const answer = await put({
      generation: await generation(),
      displayName: 'East',
      provider: 'acme',
      network: 'blue',
      prometheusUrl: 'https://new.example/prometheus',
    })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.json<ClusterView>()).toMatchObject({ name: 'east', displayName: 'East', provider: 'acme' })
    const { spec, status } = await read()
    expect(spec).toEqual({
      access: { kubeconfigContext: 'east-1' },
      displayName: 'East',
      provider: 'acme',
      network: 'blue',
      prometheus: { url: 'https://new.example/prometheus', auth: { secretRef: { name: 'prometheus-east' } } },
    })
    expect(status?.version).toBe('v1.36.3')
    expect((await put({ generation: await generation() })).statusCode).toBe(200)
    expect((await read()).spec).toEqual({ access: { kubeconfigContext: 'east-1' } })
  })

  it('are not written over a change that the editor did not see', async () => {
    const seen = await generation()
    await put({ generation: seen, displayName: 'Theirs' })
    const answer = await put({ generation: seen, displayName: 'Mine' })
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { code: 'conflict', current: { spec: { displayName: 'Theirs' } } },
    ])
    expect((await read()).spec.displayName).toBe('Theirs')
  })

  it.each([
    ['a Prometheus that is no address', { prometheusUrl: 'prom:9090' }, 'prometheusUrl'],
    ['a Prometheus with a password in it', { prometheusUrl: 'http://me:secret@prom.example' }, 'prometheusUrl'],
    ['a name that is too long', { displayName: 'x'.repeat(61) }, 'displayName'],
    ['a field that nobody knows', { access: {} }, 'access'],
  ])('refuses %s, naming the field', async (_what, change, field) => {
    const answer = await put({ generation: await generation(), ...change })
    expect(answer.statusCode).toBe(400)
    expect(JSON.stringify(answer.json().fields)).toContain(field)
  })

  it('says when there is no such cluster', async () => {
    expect((await put({ generation: 1 }, 'nobody')).statusCode).toBe(404)
  })
})

describe('a test of Prometheus', () => {
  const test = (url: string) =>
    app.inject({ method: 'POST', url: '/api/v1/clusters/east/prometheus/-test', headers, payload: { url } })

  it('tells whether it answers', async () => {
    const [prometheus] = fleet.sandbox.clusters
    expect((await test(prometheus?.api.url.replace('https', 'http') ?? '')).json().ok).toBe(false)
    expect((await test('http://127.0.0.1:1')).json()).toMatchObject({ ok: false })
    expect((await test('ftp://prom.example')).json()).toMatchObject({ fields: [{ field: 'url' }] })
  })

  it('goes to no metadata service', async () => {
    expect((await test('http://169.254.169.254')).json()).toMatchObject({
      ok: false,
      message: expect.stringContaining('metadata'),
    })
  })

  it('is for those who may change the cluster', async () => {
    const fake = await startFakeCluster({
      objects: [{ ...clusterRecord('east'), metadata: { name: 'east', generation: 1 } }],
      tokens: { bob: { name: 'bob', groups: [] } },
      allows: (_user, { verb }) => verb === 'get' || verb === 'list',
    })
    const bff = await buildTestApp(fake)
    const bearer = { authorization: 'Bearer bob' }
    const tested = await bff.inject({
      method: 'POST',
      url: '/api/v1/clusters/east/prometheus/-test',
      headers: bearer,
      payload: { url: 'http://prom.example' },
    })
    expect([tested.statusCode, tested.json().missing]).toMatchObject([403, { verb: 'update', resource: 'clusters' }])
    const edited = await bff.inject({
      method: 'PUT',
      url: '/api/v1/clusters/east',
      headers: bearer,
      payload: { generation: 1 },
    })
    expect([edited.statusCode, edited.json().code]).toEqual([403, 'forbidden'])
    await bff.close()
    await fake.close()
  })
})
