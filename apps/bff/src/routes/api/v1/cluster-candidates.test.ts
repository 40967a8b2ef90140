import type { CandidateList, ClusterView, JoinedCandidates } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { kubeconfigOf } from '@meshdeck/sandbox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { accountKubeconfig } from '../../../testing/account-kubeconfig.ts'
import { buildTestApp, CSRF, LOCAL } from '../../../testing/bff.ts'
import { startFakeCluster } from '../../../testing/fake-cluster.ts'
import { FOREIGN_CRDS } from '../../../testing/foreign-crds.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

/** For what comes by a watch; the machine may be busy. */
const PATIENT = { timeout: 10_000 }

let fleet: SandboxHub
let hub: ResourceClient
let app: BffApp

const namespace = (name: string): KubeResource => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
const profile = (name: string, status: object = {}): KubeResource => ({
  apiVersion: 'multicluster.x-k8s.io/v1alpha1',
  kind: 'ClusterProfile',
  metadata: { namespace: 'fleet', name },
  spec: { displayName: `The ${name}`, clusterManager: { name: 'other' } },
  status,
})
const secret = (place: string, name: string, key: string, text: string, labels = {}): KubeResource => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: place, name, labels },
  data: { [key]: Buffer.from(text).toString('base64') },
})
const headers = { ...LOCAL, ...CSRF }
const list = async () =>
  (await app.inject({ url: '/api/v1/clusters/-candidates', headers: LOCAL })).json<CandidateList>()
const join = async (items: object[]) => {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/clusters/-candidates', headers, payload: { items } })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<JoinedCandidates>()
}
const stateOf = async (cluster: string) =>
  (await app.inject({ url: `/api/v1/clusters/${cluster}`, headers: LOCAL })).json<ClusterView>().state

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

describe('clusters that others on the hub know', () => {
  it('are none where their kinds are not installed, which is said of each', async () => {
    expect(await list()).toEqual({
      sources: [
        { source: 'ClusterProfile', state: 'absent' },
        { source: 'KpandaCluster', state: 'absent' },
      ],
      items: [],
    })
  })

  it('are listed with what keeps each from being reached, and plug-ins are not run', async () => {
    await fleet.define(FOREIGN_CRDS)
    for (const name of ['fleet', 'kpanda-system']) await hub.create('Namespace', namespace(name))
    const east = await accountKubeconfig(fleet, 'east-1', 'profile')
    const west = await fleet.sandbox.clusters.find(({ name }) => name === 'west-1')?.ownerAccess()
    await hub.create('Secret', secret('fleet', 'east', 'Config', east, { 'x-k8s.io/cluster-profile': 'east' }))
    await hub.create('Secret', secret('kpanda-system', 'west', 'kubeconfig', kubeconfigOf(west ? [west] : [])))
    const theirs = { 'x-k8s.io/cluster-profile': 'bare', 'x-k8s.io/cluster-inventory-consumer': 'somebody-else' }
    await hub.create('Secret', secret('fleet', 'theirs', 'Config', east, theirs))
    for (const name of ['east', 'bare', 'plugged']) await hub.create('ClusterProfile', profile(name))
    const plugged = await hub.get('ClusterProfile', { namespace: 'fleet', name: 'plugged' })
    await hub.updateStatus('ClusterProfile', {
      ...plugged,
      status: { accessProviders: [{ name: 'cloud', cluster: { server: 'https://10.0.0.1' } }] },
    })
    const spec = { aliasName: 'Far west', secretRef: { namespace: 'kpanda-system', name: 'west' } }
    const apiVersion = 'cluster.kpanda.io/v1alpha1'
    await hub.create('KpandaCluster', { apiVersion, kind: 'Cluster', metadata: { name: 'west' }, spec })
    await hub.create('KpandaCluster', { apiVersion, kind: 'Cluster', metadata: { name: 'fresh' }, spec: {} })

    const { sources, items } = await list()
    expect(sources.map(({ state }) => state)).toEqual(['listed', 'listed'])
    expect(items).toEqual([
      { source: 'ClusterProfile', ref: 'fleet/bare', displayName: 'The bare', obstacle: 'no-secret' },
      { source: 'ClusterProfile', ref: 'fleet/east', displayName: 'The east' },
      { source: 'ClusterProfile', ref: 'fleet/plugged', displayName: 'The plugged', obstacle: 'plugin' },
      { source: 'KpandaCluster', ref: 'fresh', obstacle: 'no-secret' },
      { source: 'KpandaCluster', ref: 'west', displayName: 'Far west' },
    ])
  })

  it('are joined several at once, each with its own result, and reached by what they point at', async () => {
    const { results } = await join([
      { source: 'ClusterProfile', ref: 'fleet/east', name: 'by-profile' },
      { source: 'KpandaCluster', ref: 'west', name: 'by-platform' },
      { source: 'KpandaCluster', ref: 'nobody', name: 'nobody' },
      { source: 'ClusterProfile', ref: 'fleet/bare', name: 'by-profile' },
    ])
    expect(results.map(({ name, problem }) => [name, problem?.code])).toEqual([
      ['by-profile', undefined],
      ['by-platform', undefined],
      ['nobody', 'not-found'],
      ['by-profile', 'already-exists'],
    ])
    await expect.poll(() => stateOf('by-profile'), PATIENT).toBe('reachable')
    await expect.poll(() => stateOf('by-platform'), PATIENT).toBe('reachable')
    expect((await hub.get('Cluster', { name: 'by-platform' })).spec).toEqual({ access: { kpandaCluster: 'west' } })
    const joined = (await list()).items.map(({ ref, joinedAs }) => [ref, joinedAs])
    expect(joined).toContainEqual(['fleet/east', 'by-profile'])
    expect(joined).toContainEqual(['west', 'by-platform'])
  })

  it('follow the Secret of their owner when it is renewed there', async () => {
    const ref = { namespace: 'kpanda-system', name: 'west' }
    const broken = await hub.get('Secret', ref)
    const good = broken['data']
    await hub.replace('Secret', { ...broken, data: { kubeconfig: Buffer.from('nothing').toString('base64') } })
    await expect.poll(() => stateOf('by-platform'), PATIENT).toBe('lost')
    await hub.replace('Secret', { ...(await hub.get('Secret', ref)), data: good })
    await expect.poll(() => stateOf('by-platform'), PATIENT).toBe('reachable')
  })

  it('are not taken at their word: what a kubeconfig may not hold is refused here too', async () => {
    const bad =
      'kind: Config\nclusters: [{name: x, cluster: {server: "https://169.254.169.254"}}]\nusers: [{name: x, user: {token: t}}]\ncontexts: [{name: x, context: {cluster: x, user: x}}]\n'
    await hub.create('Secret', secret('fleet', 'bare', 'Config', bad, { 'x-k8s.io/cluster-profile': 'bare' }))
    await join([{ source: 'ClusterProfile', ref: 'fleet/bare', name: 'denied' }])
    await expect
      .poll(
        async () =>
          (await app.inject({ url: '/api/v1/clusters/denied', headers: LOCAL })).json<ClusterView>().problem?.detail,
        PATIENT,
      )
      .toContain('metadata')
  })

  it('are hidden from who may not list them, and joined by nobody who may not', async () => {
    const fake = await startFakeCluster({
      tokens: { bob: { name: 'bob', groups: [] } },
      allows: (_user, { verb, resource }) => verb === 'list' && resource === 'clusters',
    })
    const bff = await buildTestApp(fake)
    const bearer = { authorization: 'Bearer bob' }
    const seen = await bff.inject({ url: '/api/v1/clusters/-candidates', headers: bearer })
    expect(seen.json().sources[0]).toEqual({ source: 'ClusterProfile', state: 'forbidden' })
    const items = [{ source: 'KpandaCluster', ref: 'west', name: 'west' }]
    const joined = await bff.inject({
      method: 'POST',
      url: '/api/v1/clusters/-candidates',
      headers: bearer,
      payload: { items },
    })
    expect(joined.json().results[0].problem).toMatchObject({ code: 'forbidden' })
    await bff.close()
    await fake.close()
  })
})
