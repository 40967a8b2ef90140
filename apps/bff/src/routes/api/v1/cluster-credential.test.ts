import type { ClusterView, ConnectionTest } from '@meshdeck/contract'
import type { Cluster } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { accountKubeconfig, endAccount } from '../../../testing/account-kubeconfig.ts'
import { buildTestApp, clusterRecord, CSRF, kubeconfigOf, LOCAL } from '../../../testing/bff.ts'
import { startFakeCluster } from '../../../testing/fake-cluster.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

/** For what comes by a watch; the machine may be busy. */
const PATIENT = { timeout: 10_000 }

const SECRET = { namespace: 'meshdeck-system', name: 'cluster-east' }

let fleet: SandboxHub
let hub: ResourceClient
let app: BffApp
const credentials: Record<'first' | 'second' | 'elsewhere', string> = { first: '', second: '', elsewhere: '' }

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  await hub.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SECRET.namespace } })
  credentials.first = await accountKubeconfig(fleet, 'east-1', 'first')
  credentials.second = await accountKubeconfig(fleet, 'east-1', 'second')
  credentials.elsewhere = await accountKubeconfig(fleet, 'west-1', 'elsewhere')
  await hub.create('Cluster', clusterRecord('from-file', 'east-1'))
  app = await fleet.start()
  const joined = await send('POST', 'clusters/-join', { name: 'east', kubeconfig: credentials.first })
  expect(joined.statusCode, joined.body).toBe(201)
})
afterAll(async () => {
  await fleet.close()
})

const send = (method: 'POST' | 'PUT', path: string, payload: object) =>
  app.inject({ method, url: `/api/v1/${path}`, headers: { ...LOCAL, ...CSRF }, payload })
const renew = (kubeconfig: string, cluster = 'east') => send('PUT', `clusters/${cluster}/credential`, { kubeconfig })
const stateOf = async (cluster: string) =>
  (await app.inject({ url: `/api/v1/clusters/${cluster}`, headers: LOCAL })).json<ClusterView>().state
const namespacesOf = (cluster: string) =>
  app.inject({ url: `/api/v1/clusters/${cluster}/resources/namespaces`, headers: LOCAL })
const stored = async () => JSON.stringify((await hub.get('Secret', SECRET))['data'])
/** As the controller writes it. */
const noteUid = async () => {
  const { metadata } = await fleet.client('east-1').get('Namespace', { name: 'kube-system' })
  const cluster = await hub.get<Cluster>('Cluster', { name: 'east' })
  await hub.updateStatus('Cluster', { ...cluster, status: { clusterUid: metadata.uid ?? '' } })
}

describe('renewing the credential of a cluster', () => {
  it('is tested first, and a test stores nothing', async () => {
    await noteUid()
    const before = await stored()
    const answer = await send('POST', 'clusters/east/credential/-test', { kubeconfig: credentials.second })
    const { ok, steps } = answer.json<ConnectionTest>()
    expect([answer.statusCode, ok]).toEqual([200, true])
    expect(steps.map(({ step, result }) => `${step} ${result}`)).toEqual([
      'kubeconfig ok',
      'connect ok',
      'identity ok',
      'permissions ok',
    ])
    expect(await stored()).toBe(before)
  })

  it('is refused for another cluster, in words, and nothing is stored', async () => {
    await noteUid()
    const before = await stored()
    const answer = await renew(credentials.elsewhere)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      {
        code: 'invalid-input',
        detail: expect.stringContaining('reaches another cluster'),
        fields: [{ field: 'kubeconfig' }],
        params: { step: 'identity', reason: 'other-cluster' },
      },
    ])
    expect(await stored()).toBe(before)
  })

  it('goes by server and authority where no uid was noted', async () => {
    const cluster = await hub.get<Cluster>('Cluster', { name: 'east' })
    await hub.updateStatus('Cluster', { ...cluster, status: {} })
    expect((await renew(credentials.elsewhere)).json()).toMatchObject({ params: { reason: 'cluster-unknown' } })
    const again = await send('POST', 'clusters/east/credential/-test', { kubeconfig: credentials.second })
    expect(again.json()).toMatchObject({ ok: true })
  })

  it('refuses one that the cluster does not accept, or that leads nowhere, before anything is stored', async () => {
    const before = await stored()
    const dead = credentials.second.replace(/"token": "[^"]*"/, '"token": "not-a-token"')
    expect((await renew(dead)).json()).toMatchObject({ code: 'invalid-input', params: { step: 'connect' } })
    const away = credentials.second.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1')
    expect((await renew(away)).json()).toMatchObject({ params: { step: 'connect', reason: 'refused' } })
    expect((await renew('clusters: [')).json()).toMatchObject({ code: 'kubeconfig-invalid' })
    expect((await renew('')).statusCode).toBe(400)
    expect(await stored()).toBe(before)
  })

  it('goes into the same Secret, and is used at once though the old token is dead', async () => {
    await expect.poll(() => stateOf('east'), PATIENT).toBe('reachable')
    const { metadata } = await hub.get('Secret', SECRET)
    await endAccount(fleet, 'east-1', 'first')
    expect((await namespacesOf('east')).statusCode).not.toBe(404)
    const answer = await renew(credentials.second)
    expect(answer.statusCode, answer.body).toBe(200)
    const after = await hub.get('Secret', SECRET)
    expect(after.metadata).toMatchObject({ uid: metadata.uid, labels: { 'meshdeck.io/cluster': 'east' } })
    expect(after.metadata.resourceVersion).not.toBe(metadata.resourceVersion)
    await expect.poll(() => stateOf('east'), PATIENT).toBe('reachable')
    // What comes from now on can come by the new credential's watch alone.
    await fleet
      .client('east-1')
      .create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fresh' } })
    await expect.poll(async () => (await namespacesOf('east')).body, PATIENT).toContain('"fresh"')
  })

  it('is put back where the Secret was deleted', async () => {
    await hub.delete('Secret', SECRET)
    await noteUid()
    expect((await renew(credentials.second)).statusCode).toBe(200)
    await expect.poll(() => stateOf('east'), PATIENT).toBe('reachable')
  })

  it('is not for clusters whose credential lies elsewhere, nor for those that nobody knows', async () => {
    const elsewhere = await renew(credentials.second, 'from-file')
    expect([elsewhere.statusCode, elsewhere.json().detail]).toEqual([
      400,
      expect.stringContaining('renew it where it is kept'),
    ])
    expect((await renew(credentials.second, 'nobody')).statusCode).toBe(404)
  })
})

describe('renewing a credential while somebody else does', () => {
  it('is a conflict that stores nothing, and is for those who may', async () => {
    const beta = await startFakeCluster()
    const tokens = { bob: { name: 'bob', groups: [] } }
    let between = (): void => undefined
    const hubOfFakes = await startFakeCluster({
      tokens,
      allows: (_user, { verb }) => verb === 'get' || verb === 'list',
      intercept: ({ method, path }) => {
        if (method === 'PUT' && path.endsWith('/secrets/cluster-beta')) between()
        return undefined
      },
    })
    const bff = await buildTestApp(hubOfFakes)
    const kubeconfig = kubeconfigOf({ beta: beta.url })
    const headers = { ...LOCAL, ...CSRF }
    const url = '/api/v1/clusters/beta/credential'
    await bff.inject({ method: 'POST', url: '/api/v1/clusters/-join', headers, payload: { name: 'beta', kubeconfig } })
    between = () =>
      void hubOfFakes.put({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { namespace: 'meshdeck-system', name: 'cluster-beta' },
        data: { kubeconfig: 'dGhlaXJz' },
      })
    const lost = await bff.inject({ method: 'PUT', url, headers, payload: { kubeconfig } })
    expect([lost.statusCode, lost.json().code]).toEqual([409, 'conflict'])

    const seen = beta.seen.length
    for (const path of [url, `${url}/-test`]) {
      const answer = await bff.inject({
        method: path === url ? 'PUT' : 'POST',
        url: path,
        headers: { authorization: 'Bearer bob' },
        payload: { kubeconfig },
      })
      expect([answer.statusCode, answer.json().missing]).toEqual([
        403,
        { verb: 'update', group: '', resource: 'secrets', namespace: 'meshdeck-system' },
      ])
    }
    expect(beta.seen.length).toBe(seen)
    await bff.close()
    await Promise.all([hubOfFakes.close(), beta.close()])
  })
})
