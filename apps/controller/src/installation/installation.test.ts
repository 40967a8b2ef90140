import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, MESHDECK_NAMESPACE, readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { fleetNamed, kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/controller-metrics.ts'
import { reconcileUntil } from '../reconcile.ts'
import { installMember, uninstallMember } from './install-member.ts'

const CRDS = join(import.meta.dirname, '../../../../deploy/crds')
const PATIENT = { timeout: 30_000, interval: 100 }

let sandbox: Sandbox
let hub: ResourceClient
let east: ResourceClient
let connections: ClusterConnection[]
let kubeconfig: { text: string; directory: string }
let stopController: () => Promise<void>
const errors: unknown[] = []

beforeEach(async () => {
  sandbox = await Sandbox.start({ fleet: fleetNamed('empty', 1), onError: (error) => errors.push(error) })
  const access = await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess()))
  kubeconfig = { text: kubeconfigOf(access), directory: '/' }
  connections = ['hub', 'east-1'].map((context) =>
    createConnection(parseKubeconfig(kubeconfig.text, { source: 'file', context }), { name: context }),
  )
  const [hubConnection, eastConnection] = connections
  if (!hubConnection || !eastConnection) throw new Error('no connection')
  hub = createResourceClient(hubConnection, STORED)
  east = createResourceClient(eastConnection, STORED)
  stopController = () => Promise.resolve()
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    await hubConnection.request({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: parse(readFileSync(join(CRDS, file), 'utf8')),
    })
  }
  await hub.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } })
})
afterEach(async () => {
  await stopController()
  await Promise.all(connections.map((connection) => connection.close()))
  await sandbox.stop()
  expect(errors.splice(0)).toEqual([])
})

async function startController(): Promise<void> {
  const [connection] = connections
  if (!connection) throw new Error('no hub')
  const term = new AbortController()
  const ended = reconcileUntil(term.signal, {
    hub: connection,
    kubeconfig,
    policy: { allowLoopback: true },
    resyncMs: 1_000,
    logger: createLogger('silent'),
    metrics: createMetrics(),
  })
  stopController = () => {
    term.abort()
    return ended
  }
}

const mesh = (spec: object = {}, name = 'shop'): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east-1', version: '1.30.3' }, ...spec },
})
const join_ = (name: string) =>
  hub.create('Cluster', {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { access: { kubeconfigContext: name } },
  })
const live = (name = 'shop') => hub.get<Mesh>('Mesh', { name })
const conditionOf = (object: KubeResource, type: string): unknown => {
  const conditions = readPath(object, 'status.conditions')
  return Array.isArray(conditions) ? conditions.find((each) => isRecord(each) && each['type'] === type) : undefined
}
const phase = async (name = 'shop'): Promise<unknown> => (await live(name)).status?.phase
const isGone = (client: ResourceClient, kind: 'Istio' | 'Mesh', name: string) => async () => {
  await expect(client.get(kind, { name })).rejects.toMatchObject({ httpStatus: 404 })
}

describe('a dedicated mesh on a cluster with the operator', { timeout: 90_000 }, () => {
  it('is created, changed, deleted, and can be made again under the same name', async () => {
    await join_('east-1')
    await hub.create('Mesh', mesh())
    await startController()
    await vi.waitFor(async () => expect(await phase()).toBe('Creating'), PATIENT)
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), PATIENT)
    const running = await live()
    expect(running.metadata.finalizers).toEqual(['meshdeck.io/installation'])
    expect(running.status?.version).toBe('1.30.3')
    for (const type of ['EngineReady', 'NamespacesReady', 'ControlPlaneReady']) {
      expect(conditionOf(running, type)).toMatchObject({ status: 'True' })
    }
    expect((await east.get('Istio', { name: 'default' })).metadata.labels).toMatchObject({ 'meshdeck.io/mesh': 'shop' })

    const changed = { spec: { traffic: { outbound: 'REGISTRY_ONLY' } } }
    await hub.patch('Mesh', { name: 'shop' }, changed, { strategy: 'merge' })
    await vi.waitFor(async () => {
      const istio = await east.get('Istio', { name: 'default' })
      expect(readPath(istio, 'spec.values.meshConfig.outboundTrafficPolicy.mode')).toBe('REGISTRY_ONLY')
    }, PATIENT)

    await hub.delete('Mesh', { name: 'shop' })
    await vi.waitFor(isGone(hub, 'Mesh', 'shop'), PATIENT)
    await isGone(east, 'Istio', 'default')()
    expect((await east.get('Namespace', { name: 'istio-system' })).kind).toBe('Namespace')

    await hub.create('Mesh', mesh({ dataPlane: { mode: 'Ambient' } }))
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), PATIENT)
    expect(conditionOf(await live(), 'NodeAgentsReady')).toMatchObject({ status: 'True' })

    // Without sidecars no longer: what only that needed goes.
    await hub.patch('Mesh', { name: 'shop' }, { spec: { dataPlane: { mode: 'Sidecar' } } }, { strategy: 'merge' })
    await vi.waitFor(async () => {
      await expect(east.get('ZTunnel', { name: 'default' })).rejects.toMatchObject({ httpStatus: 404 })
    }, PATIENT)
  })

  it('leaves an Istio of somebody else byte for byte as it is, and says whose it is', async () => {
    await join_('east-1')
    await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } })
    const theirs = {
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'default' },
      spec: { version: 'v1.29.6', namespace: 'istio-system', updateStrategy: { type: 'InPlace' } },
    }
    await east.create('Istio', theirs)
    const before = await east.get('Istio', { name: 'default' })
    await hub.create('Mesh', mesh())
    await startController()
    await vi.waitFor(async () => expect(await phase()).toBe('Failed'), PATIENT)
    expect(conditionOf(await live(), 'ControlPlaneReady')).toMatchObject({
      reason: 'BelongsToAnother',
      message: expect.stringContaining('Istio default is there already and was not made by Meshdeck'),
    })
    await hub.delete('Mesh', { name: 'shop' })
    await vi.waitFor(isGone(hub, 'Mesh', 'shop'), PATIENT)
    const after = await east.get('Istio', { name: 'default' })
    // Its status is the operator's to write.
    const own = ({ spec, metadata: { name, uid, generation, labels, annotations } }: KubeResource) => [
      spec,
      { name, uid, generation, labels, annotations },
    ]
    expect(own(after)).toEqual(own(before))
  })

  it('says what is missing where there is no operator, and goes on when there is one', async () => {
    await join_('hub')
    await hub.create('Mesh', mesh({ controlPlane: { cluster: 'hub', version: '1.30.3' } }))
    await startController()
    await vi.waitFor(async () => {
      expect(conditionOf(await live(), 'EngineReady')).toMatchObject({
        status: 'False',
        message: expect.stringContaining('has no Sail Operator'),
      })
    }, PATIENT)
    expect(await phase()).toBe('Pending')
    await hub.delete('Mesh', { name: 'shop' })
    await vi.waitFor(isGone(hub, 'Mesh', 'shop'), PATIENT)
  })

  it('waits for a cluster that is away, in words, and is finished when it is back', async () => {
    await join_('east-1')
    await sandbox.cluster('east-1').api.setFaults({ down: true })
    await hub.create('Mesh', mesh())
    await startController()
    await vi.waitFor(async () => {
      expect(conditionOf(await live(), 'EngineReady')).toMatchObject({
        status: 'Unknown',
        message: expect.stringContaining('Cluster east-1 cannot be asked'),
      })
    }, PATIENT)
    await sandbox.cluster('east-1').api.setFaults({})
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 60_000 })
  })

  it('refuses what cannot be, before anything is written', async () => {
    const refused = async (spec: object): Promise<string> =>
      hub.create('Mesh', mesh(spec)).then(
        () => 'taken',
        (error: Error) => error.message,
      )
    expect(await refused({ controlPlane: { cluster: 'east-1' } })).toContain('controlPlane.version is needed')
    expect(await refused({ members: [{ cluster: 'west-1' }] })).toContain('a dedicated mesh has no members')
    expect(
      await refused({ controlPlane: { cluster: 'east-1', version: '1', resources: { limits: { cpu: 'much' } } } }),
    ).toContain('spec.controlPlane.resources.limits.cpu')
    expect(await refused({ traffic: { retries: { attempts: -1 } } })).toContain('spec.traffic.retries.attempts')
  })
})

describe('an installation that is broken off', { timeout: 90_000 }, () => {
  class Killed extends Error {}

  /** A client whose process ends after so many writes: the last one has reached the cluster, its answer is lost. */
  function dyingAfter(client: ResourceClient, writes: number): { client: ResourceClient; done: () => number } {
    let done = 0
    const dying = new Proxy(client, {
      get(target, name: keyof ResourceClient) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...args: unknown[]) => {
          const answer: unknown = await Reflect.apply(method, target, args)
          if (['apply', 'create', 'delete', 'patch'].includes(name) && ++done >= writes) throw new Killed()
          return answer
        }
      },
    })
    return { client: dying, done: () => done }
  }

  const ambient = mesh({ dataPlane: { mode: 'Ambient' } })
  const member = { cluster: 'east-1' }
  const { signal } = new AbortController()

  /** What is there of the mesh, without what differs from one making to the next. */
  async function state(): Promise<unknown> {
    const kinds = ['Namespace', 'Istio', 'IstioCNI', 'ZTunnel'] as const
    const lists = await Promise.all(kinds.map((kind) => east.listAll(kind, { labelSelector: 'meshdeck.io/mesh=shop' })))
    return lists.map(({ items }) =>
      items.map(({ metadata, spec }) => ({ name: metadata.name, labels: metadata.labels, spec })),
    )
  }

  it('at any of its steps is resumed to the same end, and so is its removal', async () => {
    await installMember(east, ambient, member, signal)
    const undisturbed = await state()
    await vi.waitFor(async () => expect(await uninstallMember(east, ambient, signal)).toEqual([]), PATIENT)

    let kills = 0
    for (let writes = 1; ; writes++) {
      const dying = dyingAfter(east, writes)
      try {
        await installMember(dying.client, ambient, member, signal)
        break
      } catch (error) {
        expect(error).toBeInstanceOf(Killed)
        kills++
      }
      await installMember(east, ambient, member, signal)
      expect(await state()).toEqual(undisturbed)
      for (let deletes = 1; deletes <= 3; deletes++) {
        await uninstallMember(dyingAfter(east, deletes).client, ambient, signal).catch((error: unknown) =>
          expect(error).toBeInstanceOf(Killed),
        )
      }
      await vi.waitFor(async () => expect(await uninstallMember(east, ambient, signal)).toEqual([]), PATIENT)
    }
    // Three namespaces, the control plane, two node agents.
    expect(kills).toBe(6)
  })
})
