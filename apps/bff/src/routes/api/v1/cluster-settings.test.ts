import type { ClusterView } from '@meshdeck/contract'
import type { Cluster } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { CLIENT } from '@meshdeck/kube-client/testing/certificates'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { sendJson, startFakePrometheus, vectorOf } from '../../../lib/prometheus/fake-prometheus.ts'
import { buildTestApp, clusterRecord, CSRF, LOCAL, namespaceRecord } from '../../../testing/bff.ts'
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
  await hub.create('Namespace', namespaceRecord('meshdeck-system'))
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

  it('keep a credential of Prometheus in a Secret that goes with the cluster, and never show it', async () => {
    const prometheusUrl = 'https://mimir.example/prometheus'
    const headers_ = [{ name: 'X-Scope-OrgID', value: 'shop' }]
    const given = { prometheusUrl, prometheusHeaders: headers_, prometheusServerName: 'mimir.internal' }
    const answer = await put({
      generation: await generation(),
      ...given,
      prometheusCredential: { token: 'very-secret\n' },
    })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.body).not.toContain('very-secret')
    expect(answer.json<ClusterView>()).toMatchObject({ ...given, prometheusSecret: 'prometheus-east' })
    const cluster = await read()
    expect(cluster.spec.prometheus).toEqual({
      url: prometheusUrl,
      headers: headers_,
      tls: { serverName: 'mimir.internal' },
      auth: { secretRef: { name: 'prometheus-east' } },
    })
    const secret = () => hub.get('Secret', { namespace: 'meshdeck-system', name: 'prometheus-east' })
    expect(await secret()).toMatchObject({
      data: { token: btoa('very-secret') },
      metadata: { ownerReferences: [{ kind: 'Cluster', name: 'east', uid: cluster.metadata.uid }] },
    })
    // Another one takes its place as a whole, and an edit that says nothing of it leaves it.
    const pair = { username: 'me', password: 'pass' }
    await put({ generation: await generation(), prometheusUrl, prometheusCredential: pair })
    expect(await secret()).toHaveProperty('data', { username: btoa('me'), password: btoa('pass') })
    await put({ generation: await generation(), prometheusUrl })
    expect((await read()).spec.prometheus).toEqual({
      url: prometheusUrl,
      auth: { secretRef: { name: 'prometheus-east' } },
    })
    await put({ generation: await generation(), prometheusUrl, prometheusCredential: {} })
    expect((await read()).spec.prometheus).toEqual({ url: prometheusUrl })
  })

  it.each([
    ['half a pair', { username: 'me' }, 'prometheusCredential.token'],
    ['a certificate that is none', { certificate: 'x', key: 'y' }, 'prometheusCredential.certificate'],
    ['a certificate without its key', { certificate: CLIENT.cert }, 'prometheusCredential.key'],
  ])('refuse %s, naming the field', async (_what, prometheusCredential, field) => {
    const answer = await put({
      generation: await generation(),
      prometheusUrl: 'https://x.example',
      prometheusCredential,
    })
    expect(answer.json()).toMatchObject({ code: 'invalid-input', fields: [{ field }] })
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
    [
      'a header that is reserved',
      { prometheusUrl: 'http://x.example', prometheusHeaders: [{ name: 'Authorization', value: 'x' }] },
      'prometheusHeaders',
    ],
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

  it('says what it is, with the tenant and the credential that are typed, or that of the cluster where it belongs', async () => {
    await using server = await startFakePrometheus(({ path }, response) => {
      if (path.endsWith('/query')) return sendJson(response, vectorOf({ value: '1' }))
      if (path.includes('/status/buildinfo'))
        return sendJson(response, { status: 'success', data: { application: 'Grafana Mimir', version: '2.17.0' } })
      if (path.includes('/label/__name__'))
        return sendJson(response, { status: 'success', data: ['istio_requests_total'] })
      sendJson(response, {}, 404)
    })
    const post = async (payload: object) =>
      (await app.inject({ method: 'POST', url: '/api/v1/clusters/east/prometheus/-test', headers, payload })).json()
    const tenant = [{ name: 'X-Scope-OrgID', value: 'shop' }]
    expect(await post({ url: server.url, headers: tenant, credential: { token: 'typed' } })).toMatchObject({
      ok: true,
      message: 'Mimir 2.17.0 answers',
      make: 'Mimir',
      hasMesh: true,
    })
    expect(new Set(server.asked.map((asked) => asked.headers['x-scope-orgid']))).toEqual(new Set(['shop']))
    const seen = () => server.asked.splice(0).map((asked) => asked.headers.authorization)
    expect(new Set(seen())).toEqual(new Set(['Bearer typed']))
    const stored = { prometheusUrl: server.url, prometheusCredential: { token: 'kept' } }
    expect((await put({ generation: await generation(), ...stored })).statusCode).toBe(200)
    await post({ url: `${server.url}/prometheus` })
    expect(new Set(seen())).toEqual(new Set(['Bearer kept']))
    // To another server it does not go.
    await post({ url: server.url.replace('127.0.0.1', 'localhost') })
    expect(new Set(seen())).toEqual(new Set([undefined]))
    expect(await post({ url: server.url, credential: { username: 'me' } })).toMatchObject({
      fields: [{ field: 'credential.token' }],
    })
  })

  it('goes to no metadata service', async () => {
    expect((await test('http://169.254.169.254')).json()).toMatchObject({
      ok: false,
      message: expect.stringContaining('not allowed'),
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
