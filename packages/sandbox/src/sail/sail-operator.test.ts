import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeObjects } from '../fleets/nodes.ts'
import { namespaceObject } from '../fleets/workload-objects.ts'
import { listAt, textAt, valueAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { Sandbox } from '../sandbox.ts'
import { KUBERNETES_VERSION } from '../sandbox-cluster.ts'
import { ApiClient } from '../testing/api-client.ts'
import { HandClock } from '../testing/hand-clock.ts'
import { sailOperatorObjects } from './operator-objects.ts'

const SAIL = '/apis/sailoperator.io/v1'
const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'

let clock: HandClock
let sandbox: Sandbox
let owner: ApiClient
const errors: unknown[] = []

beforeEach(async () => {
  clock = new HandClock()
  sandbox = await Sandbox.start({
    clock,
    onError: (error) => errors.push(error),
    fleet: {
      name: 'test',
      hub: 'one',
      people: [],
      clusters: [
        {
          name: 'one',
          version: KUBERNETES_VERSION,
          objects: [
            ...nodeObjects('one', 'east', 3, KUBERNETES_VERSION),
            ...sailOperatorObjects(),
            ...['istio-system', 'istio-cni', 'ztunnel', 'shop'].map((name) => namespaceObject(name, false)),
          ],
        },
      ],
    },
  })
  owner = new ApiClient(await sandbox.cluster('one').ownerAccess())
})
afterEach(async () => {
  await sandbox.stop()
  expect(errors.splice(0)).toEqual([])
})

const get = async (path: string): Promise<Record<string, unknown>> => (await owner.call('GET', path)).body
const post = (plural: string, kind: string, name: string, spec: unknown) =>
  owner.call('POST', `${SAIL}/${plural}`, { apiVersion: 'sailoperator.io/v1', kind, metadata: { name }, spec })
const patch = (path: string, body: unknown) =>
  owner.call('PATCH', path, body, { 'content-type': 'application/merge-patch+json' })
const istio = (spec: Record<string, unknown> = {}, name = 'default') =>
  post('istios', 'Istio', name, { version: 'v1.30.3', namespace: 'istio-system', ...spec })

const conditionOf = (object: unknown, type: string): unknown =>
  listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type)
const is =
  (path: string, type: string, status = 'True') =>
  async (): Promise<boolean> =>
    textAt(conditionOf(await get(path), type), 'status') === status
const isGone = (path: string) => async (): Promise<boolean> => (await owner.call('GET', path)).code === 404

async function runPod(name: string, labels: Record<string, string> = {}): Promise<unknown> {
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels },
    spec: { containers: [{ name: 'main', image: 'example.com/main:v1' }] },
  }
  return (await owner.call('POST', '/api/v1/namespaces/shop/pods', pod)).body
}
const imagesOf = (pod: unknown) => listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'image'))

describe('an Istio', () => {
  it('becomes a revision with an istiod that injects', async () => {
    expect((await istio()).code).toBe(201)
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    const status = valueAt(await get(`${SAIL}/istios/default`), 'status')
    expect(status).toMatchObject({
      state: 'Healthy',
      activeRevisionName: 'default',
      revisions: { total: 1, ready: 1, inUse: 0 },
    })
    await patch('/api/v1/namespaces/shop', { metadata: { labels: { 'istio-injection': 'enabled' } } })
    expect(imagesOf(await runPod('cart'))).toEqual(['example.com/main:v1', 'docker.io/istio/proxyv2:1.30.3'])
    await clock.until(is(`${SAIL}/istiorevisions/default`, 'InUse'))
  })

  it('is deployed in its own time, and says what it waits for', async () => {
    await istio()
    await clock.until(is(`${SAIL}/istios/default`, 'Ready', 'False'))
    expect(textAt(await get(`${SAIL}/istios/default`), 'status', 'state')).toMatch(/IstiodNotReady|ActiveRevision/)
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
  })

  it('replaces its istiod in place for a new version', async () => {
    await istio({ version: 'v1.29-latest' })
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    const image = async (): Promise<string | undefined> => {
      const found = await get('/apis/apps/v1/namespaces/istio-system/deployments/istiod')
      return textAt(listAt(found, 'spec', 'template', 'spec', 'containers')[0], 'image')
    }
    expect(await image()).toBe('docker.io/istio/pilot:1.29.6')
    await patch(`${SAIL}/istios/default`, { spec: { version: 'v1.30.3' } })
    await clock.until(async () => (await image()) === 'docker.io/istio/pilot:1.30.3')
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    expect(listAt(await get(`${SAIL}/istiorevisions`), 'items')).toHaveLength(1)
  })

  it('keeps the revision of the old version until nobody has used it for the grace period', async () => {
    await istio({
      version: 'v1.29.6',
      updateStrategy: { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 60 },
    })
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    await patch('/api/v1/namespaces/shop', { metadata: { labels: { 'istio.io/rev': 'default-v1-29-6' } } })
    expect(imagesOf(await runPod('cart'))).toContain('docker.io/istio/proxyv2:1.29.6')
    await patch(`${SAIL}/istios/default`, { spec: { version: 'v1.30.3' } })
    await clock.until(is(`${SAIL}/istiorevisions/default-v1-30-3`, 'Ready'))
    clock.move(120_000)
    await clock.until(is(`${SAIL}/istiorevisions/default-v1-29-6`, 'InUse'))

    await patch('/api/v1/namespaces/shop', { metadata: { labels: { 'istio.io/rev': 'default-v1-30-3' } } })
    await owner.call('DELETE', '/api/v1/namespaces/shop/pods/cart?gracePeriodSeconds=0')
    await clock.until(is(`${SAIL}/istiorevisions/default-v1-29-6`, 'InUse', 'False'))
    await clock.until(isGone(`${SAIL}/istiorevisions/default-v1-29-6`))
    await clock.until(isGone('/apis/apps/v1/namespaces/istio-system/deployments/istiod-default-v1-29-6'))
    expect((await get(`${SAIL}/istiorevisions/default-v1-30-3`))['kind']).toBe('IstioRevision')
  })

  it('takes all that it made along when it is deleted', async () => {
    await istio()
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    await owner.call('DELETE', `${SAIL}/istios/default`)
    await clock.until(isGone(`${SAIL}/istiorevisions/default`))
    await clock.until(isGone('/apis/apps/v1/namespaces/istio-system/deployments/istiod'))
    await clock.until(async () => listAt(await get(WEBHOOKS), 'items').length === 0)
  })

  it('puts back what others change, unless they say not to', async () => {
    await istio()
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    const service = '/api/v1/namespaces/istio-system/services/istiod'
    const port = async (): Promise<unknown> => valueAt(listAt(await get(service), 'spec', 'ports')[0], 'port')
    await patch(service, { spec: { ports: [{ name: 'grpc-xds', port: 9 }] } })
    await patch(`${SAIL}/istios/default`, { spec: { values: { pilot: { env: { A: 'b' } } } } })
    await clock.until(async () => (await port()) === 15_010)
    await patch(service, {
      metadata: { annotations: { 'sailoperator.io/ignore': 'true' } },
      spec: { ports: [{ name: 'grpc-xds', port: 9 }] },
    })
    await patch(`${SAIL}/istios/default`, { spec: { values: { pilot: { env: { A: 'c' } } } } })
    await clock.until(async () => JSON.stringify(await get(`${SAIL}/istiorevisions/default`)).includes('"c"'))
    expect(await port()).toBe(9)
  })

  it.each([
    ['an unknown version', { version: 'v1.12.0' }, /spec\.version: v1\.12\.0 .*v1\.30\.0 to v1\.30\.3/],
    ['a namespace that is not there', { namespace: 'nowhere' }, /spec\.namespace: namespace nowhere does not exist/],
  ])('says what is wrong with %s', async (_, spec, message) => {
    await istio(spec)
    await clock.until(is(`${SAIL}/istios/default`, 'Reconciled', 'False'))
    const object = await get(`${SAIL}/istios/default`)
    expect(textAt(object, 'status', 'state')).toBe('ReconcileError')
    expect(textAt(conditionOf(object, 'Reconciled'), 'message')).toMatch(message)
  })

  it('has rules for its fields', async () => {
    const wrong = await istio({ values: { global: { istioNamespace: 'other' } } })
    expect([wrong.code, textAt(wrong.body, 'message')]).toEqual([
      422,
      expect.stringContaining('spec.values.global.istioNamespace must match spec.namespace'),
    ])
    await istio()
    const moved = await patch(`${SAIL}/istios/default`, { spec: { namespace: 'shop' } })
    expect([moved.code, textAt(moved.body, 'message')]).toEqual([422, expect.stringContaining('Value is immutable')])
    const misnamed = await post('istiocnis', 'IstioCNI', 'cni', { version: 'v1.30.3', namespace: 'istio-cni' })
    expect([misnamed.code, textAt(misnamed.body, 'message')]).toEqual([
      422,
      expect.stringContaining("metadata.name must be 'default'"),
    ])
  })
})

describe('a tag', () => {
  it('gives a revision another name, under which it injects', async () => {
    await istio({ updateStrategy: { type: 'RevisionBased' } })
    await post('istiorevisiontags', 'IstioRevisionTag', 'default', { targetRef: { kind: 'Istio', name: 'default' } })
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    await clock.until(is(`${SAIL}/istiorevisiontags/default`, 'Reconciled'))
    expect(valueAt(await get(`${SAIL}/istiorevisiontags/default`), 'status')).toMatchObject({
      istioRevision: 'default-v1-30-3',
      istiodNamespace: 'istio-system',
    })
    await patch('/api/v1/namespaces/shop', { metadata: { labels: { 'istio-injection': 'enabled' } } })
    const pod = await runPod('cart')
    expect(imagesOf(pod)).toContain('docker.io/istio/proxyv2:1.30.3')
    expect(textAt(pod, 'metadata', 'annotations', 'istio.io/rev')).toBe('default-v1-30-3')
    await clock.until(is(`${SAIL}/istiorevisiontags/default`, 'InUse'))
    await clock.until(is(`${SAIL}/istiorevisions/default-v1-30-3`, 'InUse'))
  })

  it('says that its target is not there, or its name is taken', async () => {
    await istio()
    await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
    await post('istiorevisiontags', 'IstioRevisionTag', 'prod', { targetRef: { kind: 'IstioRevision', name: 'none' } })
    await post('istiorevisiontags', 'IstioRevisionTag', 'default', { targetRef: { kind: 'Istio', name: 'default' } })
    await clock.until(is(`${SAIL}/istiorevisiontags/prod`, 'Reconciled', 'False'))
    await clock.until(is(`${SAIL}/istiorevisiontags/default`, 'Reconciled', 'False'))
    const reasonOf = async (name: string): Promise<unknown> =>
      textAt(conditionOf(await get(`${SAIL}/istiorevisiontags/${name}`), 'Reconciled'), 'reason')
    expect([await reasonOf('prod'), await reasonOf('default')]).toEqual(['RefNotFound', 'NameAlreadyExists'])
  })
})

describe('the node agents', () => {
  it('run on every node, and an ambient Istio waits for them', async () => {
    await istio({ profile: 'ambient', values: { profile: 'ambient' } })
    await clock.until(is(`${SAIL}/istios/default`, 'DependenciesHealthy', 'False'))
    expect(textAt(await get(`${SAIL}/istios/default`), 'status', 'state')).toBe('IstioCNINotFound')
    await post('istiocnis', 'IstioCNI', 'default', { version: 'v1.30.3', namespace: 'istio-cni', profile: 'ambient' })
    await post('ztunnels', 'ZTunnel', 'default', { version: 'v1.30.3', namespace: 'ztunnel' })
    await clock.until(is(`${SAIL}/istios/default`, 'DependenciesHealthy'))
    const set = await get('/apis/apps/v1/namespaces/ztunnel/daemonsets/ztunnel')
    expect(valueAt(set, 'status', 'numberReady')).toBe(3)
  })
})

it('does nothing where the operator does not run', async () => {
  const deployment = '/apis/apps/v1/namespaces/sail-operator/deployments/sail-operator'
  await patch(deployment, { spec: { replicas: 0 } })
  await clock.until(async () => valueAt(await get(deployment), 'status', 'readyReplicas') === undefined)
  await istio()
  clock.move(60_000)
  expect(valueAt(await get(`${SAIL}/istios/default`), 'status')).toBeUndefined()
  await patch(deployment, { spec: { replicas: 1 } })
  await clock.until(is(`${SAIL}/istios/default`, 'Ready'))
})
