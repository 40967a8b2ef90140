import type { PreflightView } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { kubeconfigOf } from '@meshdeck/sandbox'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { buildTestApp, clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { startFakeCluster, type FakeCluster } from '../../../testing/fake-cluster.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

/** The sandbox's own controllers take their time on a busy machine. */
const PATIENT = { timeout: 10_000 }
let fleet: SandboxHub
let hub: ResourceClient
let app: BffApp

const dedicated = (cluster: string, more: Partial<Mesh['spec']['controlPlane']> = {}): Mesh =>
  meshRecord('fresh', [cluster], { mode: 'Dedicated', controlPlane: { cluster, version: '1.30.3', ...more } })
const managed = meshRecord('both', [], {
  mode: 'Managed',
  controlPlane: { cluster: 'east-1', version: '1.30.3', size: 'S50P200' },
  members: [
    { cluster: 'east-1', network: 'blue' },
    { cluster: 'west-1', network: 'green' },
  ],
})

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  for (const name of ['hub', 'east-1', 'west-1']) await hub.create('Cluster', clusterRecord(name))
  await hub.create('Cluster', clusterRecord('gone-1', 'nowhere'))
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

async function ask(body: object, headers: Record<string, string> = {}) {
  return app.inject({ method: 'POST', url: '/api/v1/preflight', headers: { ...LOCAL, ...CSRF, ...headers }, body })
}

async function checksOf(body: object): Promise<PreflightView['clusters']> {
  const answer = await ask(body)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<PreflightView>().clusters
}

const find = (clusters: PreflightView['clusters'], cluster: string, id: string) =>
  clusters.find((each) => each.cluster === cluster)?.checks.find((check) => check.id === id)

describe('before a mesh is made', () => {
  it('every check of a cluster with the operator passes, or says what cannot be known', async () => {
    await expect
      .poll(async () => find(await checksOf({ mesh: dedicated('east-1') }), 'east-1', 'engine'), PATIENT)
      .toMatchObject({ level: 'ok', reason: 'sailReady' })
    const clusters = await checksOf({ mesh: dedicated('east-1', { size: 'S2000P8000' }) })
    expect(clusters.map(({ cluster, role }) => `${cluster} ${role}`)).toEqual(['-hub hub', 'east-1 primary'])
    expect(clusters.flatMap(({ checks }) => checks.map(({ id, level, reason }) => `${id} ${level} ${reason}`))).toEqual(
      [
        'ownRights ok all',
        'charts ok notNeeded',
        'reach ok answers',
        'kubernetes ok fits',
        'rights ok all',
        'engine ok sailReady',
        'images unknown notTried',
        'definitions ok there',
        'istio ok none',
        'admission ok none',
        'capacity ok fits',
        'clock ok serverAgrees',
        'loadBalancer ok notNeeded',
        'storage ok notNeeded',
      ],
    )
  })

  it('what is missing where nothing is is told', async () => {
    const clusters = await checksOf({ mesh: dedicated('hub', { hub: 'mirror.example/istio' }) })
    expect(find(clusters, 'hub', 'engine')).toMatchObject({ level: 'error', reason: 'sailAbsent' })
    expect(find(clusters, 'hub', 'images')).toMatchObject({ params: { hub: 'mirror.example/istio' } })
    const byHelm = await checksOf({ mesh: { ...dedicated('hub'), spec: { ...dedicated('hub').spec, engine: 'Helm' } } })
    expect(find(byHelm, 'hub', 'engine')).toMatchObject({ level: 'error', reason: 'helmUnset' })
    expect(find(byHelm, '-hub', 'charts')).toMatchObject({ level: 'unknown', reason: 'ofController' })
  })

  it('a cluster that cannot be reached is told in words, and the others are looked at all the same', async () => {
    const draft = { ...managed, spec: { ...managed.spec, members: [{ cluster: 'east-1' }, { cluster: 'gone-1' }] } }
    const clusters = await checksOf({ mesh: draft })
    const gone = clusters.find(({ cluster }) => cluster === 'gone-1')
    expect(gone?.checks).toMatchObject([{ id: 'reach', level: 'error', reason: 'lost' }])
    expect(gone?.checks[0]?.params?.['message']).toContain('nowhere')
    expect(find(clusters, 'east-1', 'kubernetes')).toMatchObject({ level: 'ok' })
  })

  it('webhooks that nobody serves, another mesh and another Istio stand in the way', async () => {
    const west = fleet.client('west-1')
    await west.create('ValidatingWebhookConfiguration', {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [
        {
          name: 'guard.example.com',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          failurePolicy: 'Fail',
          rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } },
          clientConfig: { service: { namespace: 'guard', name: 'guard' } },
        },
      ],
    })
    await hub.create('Mesh', meshRecord('older', ['west-1']))
    await expect
      .poll(async () => find(await checksOf({ mesh: dedicated('west-1') }), 'west-1', 'istio'), PATIENT)
      .toMatchObject({ level: 'error', reason: 'inMesh', params: { meshes: 'older' } })
    expect(find(await checksOf({ mesh: dedicated('west-1') }), 'west-1', 'admission')).toMatchObject({
      level: 'error',
      reason: 'unserved',
      items: ['guard.example.com (guard/guard)'],
    })
    await west.delete('ValidatingWebhookConfiguration', { name: 'guard' })
    await hub.delete('Mesh', { name: 'older' })
  })
})

describe('a credential that may only look', () => {
  it('is told what the controller would lack, and what it cannot see is open', async () => {
    const kubeconfig = kubeconfigOf([fleet.sandbox.cluster('east-1').personAccess('viewer')])
    const metadata = { namespace: 'meshdeck-system', name: 'cluster-weak-1' }
    await hub.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'meshdeck-system' } })
    await hub.create('Secret', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      data: { kubeconfig: Buffer.from(kubeconfig).toString('base64') },
    })
    await hub.create('Cluster', {
      ...clusterRecord('weak-1'),
      spec: { access: { secretRef: { name: metadata.name } } },
    })
    await expect.poll(async () => (await ask({ mesh: dedicated('weak-1') })).statusCode, PATIENT).toBe(200)
    const clusters = await checksOf({ mesh: dedicated('weak-1') })
    expect(find(clusters, 'weak-1', 'rights')).toMatchObject({
      level: 'error',
      items: ['create, patch namespaces', 'create, patch, delete istios.sailoperator.io'],
    })
    expect(find(clusters, 'weak-1', 'clock')).toMatchObject({ level: 'ok', reason: 'serverAgrees' })
    expect(find(clusters, 'weak-1', 'kubernetes')).toMatchObject({ level: 'ok' })
  })
})

describe('before clusters join', () => {
  const service = (port: number) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port }] },
  })

  it('they are looked at beside the mesh, which is not asked what it was asked when it was made', async () => {
    for (const [cluster, port] of [
      ['east-1', 80],
      ['west-1', 8080],
    ] as const) {
      const client = fleet.client(cluster)
      await client.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
      await client.create('Service', service(port))
    }
    const clusters = await checksOf({ mesh: managed, joining: ['west-1'] })
    expect(clusters.map(({ cluster }) => cluster)).toEqual(['-hub', 'west-1'])
    expect(find(clusters, 'west-1', 'gateway')).toMatchObject({ level: 'unknown', reason: 'notYet' })
    expect(find(clusters, 'west-1', 'apiServer')).toMatchObject({ level: 'warning', reason: 'loopback' })
    expect(find(clusters, 'west-1', 'addresses')).toMatchObject({ level: 'ok', reason: 'apart' })
    expect(find(clusters, 'west-1', 'services')).toMatchObject({
      level: 'warning',
      reason: 'clash',
      items: ['shop/web (east-1: ports)'],
    })
    expect(find(clusters, 'west-1', 'proxies')).toMatchObject({ level: 'ok', reason: 'none' })
  })

  it('what hangs on a control plane’s cluster that is down stays open', async () => {
    const draft = {
      ...managed,
      spec: {
        ...managed.spec,
        controlPlane: { cluster: 'gone-1', version: '1.30.3' },
        members: [{ cluster: 'west-1' }],
      },
    }
    const clusters = await checksOf({ mesh: draft, joining: ['west-1'] })
    expect(find(clusters, 'west-1', 'gateway')).toMatchObject({ level: 'unknown', reason: 'failed' })
    expect(find(clusters, 'west-1', 'kubernetes')).toMatchObject({ level: 'ok' })
  })
})

describe('input that means nothing', () => {
  it.each([
    [{}, 'mesh'],
    [{ mesh: { ...managed, spec: { ...managed.spec, mode: 'External' } } }, 'mesh.spec.mode'],
    [{ mesh: dedicated('../x') }, 'mesh.spec.controlPlane.cluster'],
    [{ mesh: { ...managed, metadata: { name: 'No Name' } } }, 'mesh.metadata.name'],
    [{ mesh: managed, joining: ['east-1'] }, 'joining[0]'],
    [{ mesh: managed, joining: [] }, 'joining'],
    [{ mesh: managed, more: true }, 'more'],
  ])('%j is refused with the name of the field', async (body, field) => {
    const answer = await ask(body)
    expect(answer.statusCode, answer.body).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'invalid-input', fields: [{ field }] })
  })
  it('a cluster that nobody knows is named', async () => {
    const answer = await ask({ mesh: dedicated('nobody-1') })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'unknown-cluster', params: { cluster: 'nobody-1' } })
  })
})

describe('somebody who may write no mesh', () => {
  const bearer = { authorization: 'Bearer ann-token' }
  let small: FakeCluster
  let bff: BffApp
  let may: (resource: string, verb: string) => boolean = () => true

  beforeAll(async () => {
    small = await startFakeCluster({
      tokens: { 'ann-token': { name: 'ann', groups: [] } },
      objects: [clusterRecord('alpha')],
      allows: (_user, { resource, verb }) => may(resource, verb),
    })
  })
  beforeEach(async () => {
    bff = await buildTestApp(small, { alpha: small.url })
  })
  afterEach(async () => bff.close())
  afterAll(async () => small.close())

  const askAsAnn = () =>
    bff.inject({
      method: 'POST',
      url: '/api/v1/preflight',
      headers: { ...LOCAL, ...CSRF, ...bearer },
      body: { mesh: dedicated('alpha') },
    })

  it('is told so, and nothing of the credential that is stored', async () => {
    may = (resource, verb) => verb !== 'create' && resource !== 'nodes'
    const answer = await askAsAnn()
    expect(answer.statusCode, answer.body).toBe(200)
    const { clusters } = answer.json<PreflightView>()
    expect(find(clusters, '-hub', 'ownRights')).toMatchObject({ level: 'error', items: ['create meshes.meshdeck.io'] })
    expect(find(clusters, 'alpha', 'rights')).toMatchObject({ level: 'unknown', reason: 'forbidden' })
    expect(find(clusters, 'alpha', 'capacity')).toMatchObject({ level: 'unknown', reason: 'forbidden' })
    expect(find(clusters, 'alpha', 'kubernetes')).toMatchObject({ level: 'ok' })
  })

  it('and may see no clusters is refused', async () => {
    may = (resource) => resource !== 'clusters'
    const answer = await askAsAnn()
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'forbidden', missing: { resource: 'clusters' } })
  })
})
