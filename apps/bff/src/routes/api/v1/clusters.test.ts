import { afterEach, describe, expect, it } from 'vitest'
import type { KubeResource } from '@meshdeck/kube'
import type { BffApp } from '../../../app.ts'
import {
  buildTestApp,
  clusterRecord,
  CSRF,
  kubeconfigOf,
  LOCAL,
  meshRecord,
  namespaceRecord,
  virtualService,
} from '../../../testing/bff.ts'
import { startFakeCluster, type FakeCluster, type FakeClusterOptions } from '../../../testing/fake-cluster.ts'

const open: { close(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part.close()
})

const secretOf = (name: string): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'meshdeck-system', name: `cluster-${name}` },
})

async function startWorld(
  hubOptions: FakeClusterOptions = {},
): Promise<{ app: BffApp; hub: FakeCluster; beta: FakeCluster }> {
  const beta = await startFakeCluster({ objects: [namespaceRecord('kube-system'), virtualService('shop', 'in-beta')] })
  const hub = await startFakeCluster(hubOptions)
  const app = await buildTestApp(hub, { beta: beta.url })
  open.push(beta, hub, app)
  return { app, hub, beta }
}
const post = (app: BffApp, path: string, payload: object) =>
  app.inject({ method: 'POST', url: `/api/v1/clusters/${path}`, headers: { ...LOCAL, ...CSRF }, payload })

describe('joining a cluster', () => {
  it('keeps the credential in a Secret, shows it to nobody, and serves the cluster at once', async () => {
    const { app, hub, beta } = await startWorld()
    const kubeconfig = kubeconfigOf({ beta: beta.url })
    const joined = await post(app, '-join', { name: 'beta', kubeconfig, displayName: 'Beta' })
    expect([joined.statusCode, joined.json()]).toMatchObject([201, { name: 'beta', source: 'secret' }])
    const kept = hub.find(secretOf('beta'))
    expect(
      Buffer.from(String((kept?.['data'] as Record<string, string>)['kubeconfig']), 'base64').toString(),
    ).toContain(beta.url)
    await expect
      .poll(
        async () =>
          (await app.inject({ url: '/api/v1/clusters/beta/resources/virtual-services', headers: LOCAL })).json().total,
      )
      .toBe(1)
    const list = await app.inject({ url: '/api/v1/clusters', headers: LOCAL })
    expect(list.body).not.toContain('stored-token')

    const left = await app.inject({ method: 'DELETE', url: '/api/v1/clusters/beta', headers: { ...LOCAL, ...CSRF } })
    expect(left.statusCode).toBe(204)
    expect([hub.find(secretOf('beta')), hub.find(clusterRecord('beta'))]).toEqual([undefined, undefined])
  })

  it('leaves nothing behind when the record is refused', async () => {
    let tries = 0
    const { app, hub, beta } = await startWorld({
      intercept: ({ method, path }) =>
        method === 'POST' && path.endsWith('/clusters') && ++tries === 2
          ? {
              status: 403,
              body: {
                kind: 'Status',
                status: 'Failure',
                code: 403,
                message: 'admission webhook "quota" denied the request: full',
              },
            }
          : undefined,
    })
    const answer = await post(app, '-join', { name: 'beta', kubeconfig: kubeconfigOf({ beta: beta.url }) })
    expect(answer.json()).toMatchObject({ code: 'admission-denied' })
    expect([hub.find(secretOf('beta')), hub.find(clusterRecord('beta'))]).toEqual([undefined, undefined])
  })

  it('does not touch the credential of a name that is taken', async () => {
    const { app, hub, beta } = await startWorld({ objects: [clusterRecord('beta')] })
    const answer = await post(app, '-join', { name: 'beta', kubeconfig: kubeconfigOf({ beta: beta.url }) })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'already-exists'])
    expect(hub.seen.filter(({ path }) => path.includes('secrets'))).toEqual([])
  })

  it.each([
    ['a program', { users: [{ name: 'x', user: { exec: { command: 'sh' } } }] }, 'users[0].user.exec'],
    ['a file', { users: [{ name: 'x', user: { tokenFile: '/etc/passwd' } }] }, 'users[0].user.tokenFile'],
    [
      'a metadata address',
      { clusters: [{ name: 'x', cluster: { server: 'https://169.254.169.254' } }] },
      'clusters[0].cluster.server',
    ],
  ])('refuses a kubeconfig with %s, naming the place', async (_what, change, field) => {
    const { app, hub } = await startWorld()
    const config = {
      kind: 'Config',
      clusters: [{ name: 'x', cluster: { server: 'https://10.0.0.1' } }],
      users: [{ name: 'x', user: { token: 't' } }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      ...change,
    }
    const answer = await post(app, '-join', { name: 'x', kubeconfig: JSON.stringify(config) })
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'kubeconfig-invalid', fields: [{ field }] }])
    expect(hub.find(clusterRecord('x'))).toBeUndefined()
  })

  it('is for those who may, and so is the test that makes this server connect', async () => {
    const tokens = { bob: { name: 'bob', groups: [] } }
    const { app, beta } = await startWorld({ tokens, allows: (_user, { verb }) => verb === 'list' })
    for (const path of ['-join', '-test']) {
      const answer = await app.inject({
        method: 'POST',
        url: `/api/v1/clusters/${path}`,
        headers: { authorization: 'Bearer bob' },
        payload: { name: 'beta', kubeconfig: kubeconfigOf({ beta: beta.url }) },
      })
      expect([answer.statusCode, answer.json().missing]).toEqual([
        403,
        { verb: 'create', group: 'meshdeck.io', resource: 'clusters' },
      ])
    }
    expect(beta.seen).toEqual([])
  })
})

describe('testing a connection', () => {
  it('goes step by step, and knows a cluster that is there already', async () => {
    const { app, hub, beta } = await startWorld()
    hub.put({
      ...clusterRecord('known'),
      status: { clusterUid: beta.find(namespaceRecord('kube-system'))?.metadata.uid },
    })
    await expect
      .poll(async () => (await app.inject({ url: '/api/v1/clusters', headers: LOCAL })).json().items.length)
      .toBe(1)
    const { steps, ...result } = (
      await post(app, '-test', { name: 'beta', kubeconfig: kubeconfigOf({ beta: beta.url }) })
    ).json()
    expect(result).toMatchObject({ ok: true, contexts: ['beta'], version: 'v1.36.3', alreadyJoinedAs: 'known' })
    expect(steps.map(({ step, result: how }: { step: string; result: string }) => `${step} ${how}`)).toEqual([
      'kubeconfig ok',
      'connect ok',
      'permissions ok',
      'istio ok',
      'prometheus skipped',
    ])
  })

  it('says what failed, and skips the rest', async () => {
    const { app, beta } = await startWorld()
    await beta.close()
    const { ok, steps } = (
      await post(app, '-test', { name: 'beta', kubeconfig: kubeconfigOf({ beta: beta.url }) })
    ).json()
    expect(ok).toBe(false)
    expect(steps[1]).toMatchObject({
      step: 'connect',
      result: 'failed',
      message: expect.stringContaining('refuses connections'),
    })
    expect(steps.slice(2).every(({ result }: { result: string }) => result === 'skipped')).toBe(true)
  })
})

describe('a lost cluster', () => {
  it('is named with its reason, and the others go on', async () => {
    const alpha = await startFakeCluster({ objects: [virtualService('shop', 'in-alpha')] })
    const gone = await startFakeCluster()
    await gone.close()
    const hub = await startFakeCluster({
      objects: [clusterRecord('alpha'), clusterRecord('gone'), meshRecord('shop', ['alpha', 'gone'])],
    })
    const app = await buildTestApp(hub, { alpha: alpha.url, gone: gone.url })
    open.push(alpha, hub, app)
    for (const path of [
      'resources/virtual-services',
      'services',
      'injection',
      'workloads',
      'resource-counts',
      'overview',
    ]) {
      const answer = await app.inject({ url: `/api/v1/meshes/shop/${path}`, headers: LOCAL })
      expect([path, answer.statusCode]).toEqual([path, 200])
      expect(answer.json().failures).toContainEqual(
        expect.objectContaining({ cluster: 'gone', problem: expect.objectContaining({ code: 'cluster-unreachable' }) }),
      )
    }
    const rows = (await app.inject({ url: '/api/v1/meshes/shop/resources/virtual-services', headers: LOCAL })).json()
    expect(rows.items.map(({ cluster }: { cluster: string }) => cluster)).toEqual(['alpha'])
    const clusters = (await app.inject({ url: '/api/v1/clusters', headers: LOCAL })).json()
    expect(clusters.items.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`)).toEqual([
      'alpha reachable',
      'gone lost',
    ])
  })
})
