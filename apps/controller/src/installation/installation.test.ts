import { isRecord, MESHDECK_NAMESPACE, readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { kubeconfigOf } from '@meshdeck/sandbox'
import { accountObjects, adoptResources, placesOf } from '@meshdeck/mesh'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { secretText } from '../status/secret-text.ts'
import { startSandboxFleet, type SandboxFleet } from '../testing/sandbox-fleet.ts'
import { issueIntermediate, issueRoot } from '../trust/issue-authority.ts'
import { installMesh, type InstallContext } from './install-mesh.ts'
import { uninstall } from './remove.ts'
import type { Site } from './site.ts'

const PATIENT = { timeout: 30_000, interval: 30 }

let fleet: SandboxFleet
let sandbox: SandboxFleet['sandbox']
let hub: ResourceClient
let east: ResourceClient
let west: ResourceClient

beforeEach(async () => {
  fleet = await startSandboxFleet()
  ;({ sandbox, hub, east, west } = fleet)
})
afterEach(() => fleet.stop())

const mesh = (spec: object = {}, name = 'shop'): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name },
  spec: { mode: 'Dedicated', controlPlane: { cluster: 'east-1', version: '1.30.3' }, ...spec },
})
/** As the console joins it with an account of its own. */
async function joinByAccount(name: string, client: ResourceClient): Promise<void> {
  const objects = accountObjects({ level: 'install', actForUsers: true }, { name: 'meshdeck-token', hub: 'hub' })
  for (const { kind, object } of objects) await client.apply(kind, object, { fieldManager: 'test' })
  const ref = { namespace: MESHDECK_NAMESPACE, name: 'meshdeck-token' }
  const token = await vi.waitFor(async () => {
    const text = secretText(await client.get('Secret', ref), 'token')
    if (text === undefined) throw new Error('no token yet')
    return text
  })
  const owner = await sandbox.clusters.find((one) => one.name === name)?.ownerAccess()
  if (owner === undefined) throw new Error(`no cluster ${name}`)
  const data = { kubeconfig: Buffer.from(kubeconfigOf([{ ...owner, user: { token } }])).toString('base64') }
  const metadata = { namespace: MESHDECK_NAMESPACE, name: `cluster-${name}` }
  await hub.create('Secret', { apiVersion: 'v1', kind: 'Secret', metadata, data })
  await hub.create('Cluster', {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { access: { secretRef: { name: metadata.name } } },
  })
}
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
    await fleet.join('east-1')
    await hub.create('Mesh', mesh())
    fleet.control()
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

    // A default that is wanted no longer goes, as whatever else the mesh made and wants no more.
    const scope = { namespace: 'istio-system', name: 'default' }
    await hub.patch('Mesh', { name: 'shop' }, { spec: { dataPlane: { discovery: 'Local' } } }, { strategy: 'merge' })
    await vi.waitFor(async () => expect((await east.get('Sidecar', scope)).kind).toBe('Sidecar'), PATIENT)
    await hub.patch('Mesh', { name: 'shop' }, { spec: { dataPlane: { discovery: 'All' } } }, { strategy: 'merge' })
    await vi.waitFor(() => expect(east.get('Sidecar', scope)).rejects.toMatchObject({ httpStatus: 404 }), PATIENT)

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
    await fleet.join('east-1')
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
    fleet.control()
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

  it('takes over an Istio of somebody else when the mesh says so, and changes nothing of it', async () => {
    await fleet.join('east-1')
    await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } })
    const values = { pilot: { replicaCount: 1 }, meshConfig: { accessLogFile: '/dev/stdout', enableTracing: true } }
    const theirs = {
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'default' },
      spec: { version: 'v1.29.6', namespace: 'istio-system', updateStrategy: { type: 'InPlace' }, values },
    }
    await east.create('Istio', theirs)
    const place = { namespace: 'istio-system', name: 'istiod' }
    await vi.waitFor(async () => expect((await east.get('Deployment', place)).kind).toBe('Deployment'), PATIENT)
    const istiod = await east.get('Deployment', place)
    const before = await east.get('Istio', { name: 'default' })
    // It was attached first: an external mesh, of which nothing is ever touched.
    await hub.create('Mesh', mesh({ mode: 'External', controlPlane: { cluster: 'east-1', namespace: 'istio-system' } }))
    fleet.control()
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), PATIENT)
    expect((await east.get('Istio', { name: 'default' })).metadata.labels).toBeUndefined()

    const adoption = adoptResources('east-1', [before], undefined)
    const taken = async (spec: object) => hub.replace('Mesh', { ...(await live()), spec })
    await expect(taken({ ...adoption?.spec, adopted: undefined })).rejects.toThrow('the mode of a mesh cannot change')
    await taken(adoption?.spec ?? {})
    await vi.waitFor(async () => {
      const { metadata } = await east.get('Istio', { name: 'default' })
      expect(metadata.labels).toMatchObject({ 'meshdeck.io/mesh': 'shop' })
    }, PATIENT)
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), PATIENT)
    const after = await east.get('Istio', { name: 'default' })
    expect([after.spec, after.metadata.uid, after.metadata.generation]).toEqual([
      before.spec,
      before.metadata.uid,
      before.metadata.generation,
    ])
    const kept = (await east.get('Deployment', place)).metadata
    expect([kept.uid, kept.generation]).toEqual([istiod.metadata.uid, istiod.metadata.generation])

    // From now on the mesh says what holds; what it no longer says goes, though its first owner has said it too.
    const next = {
      ...adoption?.spec,
      traffic: { outbound: 'REGISTRY_ONLY' },
      values: { meshConfig: { enableTracing: true } },
    }
    await taken(next)
    await vi.waitFor(async () => {
      expect(readPath(await east.get('Istio', { name: 'default' }), 'spec.values')).toEqual({
        meshConfig: { enableTracing: true, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      })
    }, PATIENT)
    const { adopted: _adopted, ...forgotten } = next as Record<string, unknown>
    await expect(taken(forgotten)).rejects.toThrow('what a mesh has taken over stays with it')
  })

  it('says what is missing where there is no operator, and goes on when there is one', async () => {
    await fleet.join('hub')
    await hub.create('Mesh', mesh({ controlPlane: { cluster: 'hub', version: '1.30.3' } }))
    fleet.control()
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
    await fleet.join('east-1')
    await sandbox.cluster('east-1').api.setFaults({ down: true })
    await hub.create('Mesh', mesh())
    fleet.control()
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

describe('a managed mesh of two clusters', { timeout: 120_000 }, () => {
  const managed = (members: object[] = [{ cluster: 'west-1' }]) => mesh({ mode: 'Managed', members })

  it('is a primary and a remote that istiod serves; a member leaves, and nothing of it stays', async () => {
    await Promise.all([fleet.join('east-1'), fleet.join('west-1')])
    await hub.create(
      'Mesh',
      managed([
        { cluster: 'east-1', network: 'blue' },
        { cluster: 'west-1', network: 'green' },
      ]),
    )
    fleet.control()
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 60_000 })
    const running = await live()
    expect(running.status?.trust).toMatchObject({ source: 'Generated' })
    for (const type of ['TrustReady', 'GatewaysReady', 'ReaderReady', 'RemoteSecretsReady']) {
      expect(conditionOf(running, type)).toMatchObject({ status: 'True' })
    }
    expect(running.status?.members?.map(({ cluster, phase }) => `${cluster} ${phase}`)).toEqual([
      'east-1 Running',
      'west-1 Running',
    ])

    // The member is served: its pods get their sidecar from the other cluster's istiod, with its own name and network.
    await west.create('Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
    })
    const pod = await west.create('Pod', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { containers: [{ name: 'app', image: 'cart' }] },
    })
    expect(JSON.stringify(pod.resource.spec)).toContain('"value":"west-1"')
    const { metadata } = await west.get('Pod', { namespace: 'shop', name: 'cart' })
    expect(metadata.labels).toMatchObject({ 'topology.istio.io/network': 'green' })
    // Both trust one root, which is the hub's.
    const root = (await hub.get('Secret', { namespace: MESHDECK_NAMESPACE, name: 'mesh-shop-ca' }))['data']
    await vi.waitFor(async () => {
      const spread = await west.get('ConfigMap', { namespace: 'shop', name: 'istio-ca-root-cert' })
      const own = isRecord(root) ? Buffer.from(String(root['root-cert.pem']), 'base64').toString() : ''
      expect(readPath(spread, 'data')).toEqual({ 'root-cert.pem': own })
    }, PATIENT)

    await west.delete('Pod', { namespace: 'shop', name: 'cart' })
    await hub.patch('Mesh', { name: 'shop' }, { spec: { members: [] } }, { strategy: 'merge' })
    await vi.waitFor(async () => expect((await live()).status?.members).toHaveLength(1), PATIENT)
    await isGone(west, 'Istio', 'default')()
    const labelSelector = 'meshdeck.io/mesh=shop'
    for (const kind of ['Secret', 'Deployment', 'Service', 'Namespace'] as const) {
      expect((await west.listAll(kind, { labelSelector })).items).toEqual([])
    }
    await vi.waitFor(async () => {
      const secrets = await east.listAll('Secret', { labelSelector: 'istio/multiCluster=true' })
      expect(secrets.items).toEqual([])
    }, PATIENT)

    await hub.delete('Mesh', { name: 'shop' })
    await vi.waitFor(isGone(hub, 'Mesh', 'shop'), PATIENT)
    expect((await east.listAll('Secret', { labelSelector })).items).toEqual([])
  })

  it('needs no more in its clusters than an account of level "install" has, from the first step to the last', async () => {
    await Promise.all([joinByAccount('east-1', east), joinByAccount('west-1', west)])
    const networks = [
      { cluster: 'east-1', network: 'blue' },
      { cluster: 'west-1', network: 'green' },
    ]
    await hub.create('Mesh', managed(networks))
    fleet.control()
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 60_000 })
    const cluster = await hub.get('Cluster', { name: 'west-1' })
    expect(conditionOf(cluster, 'Permitted')).toMatchObject({ status: 'True' })
    await hub.patch('Mesh', { name: 'shop' }, { spec: { members: [] } }, { strategy: 'merge' })
    await vi.waitFor(async () => expect((await live()).status?.members).toHaveLength(1), PATIENT)
    await isGone(west, 'Istio', 'default')()
    await hub.delete('Mesh', { name: 'shop' })
    await vi.waitFor(isGone(hub, 'Mesh', 'shop'), PATIENT)
  })

  it('says of a member that is away what it waits for, runs on, and takes it in when it is back', async () => {
    await Promise.all([fleet.join('east-1'), fleet.join('west-1')])
    await sandbox.cluster('west-1').api.setFaults({ down: true })
    await hub.create('Mesh', managed())
    fleet.control()
    await vi.waitFor(async () => {
      const { status } = await live()
      const west1 = status?.members?.find(({ cluster }) => cluster === 'west-1')
      expect(west1?.conditions).toContainEqual(
        expect.objectContaining({ type: 'EngineReady', reason: 'ClusterUnreachable' }),
      )
      expect(conditionOf(await live(), 'RemoteSecretsReady')).toMatchObject({
        status: 'Unknown',
        message: expect.stringContaining('istiod cannot read west-1 yet'),
      })
    }, PATIENT)
    await sandbox.cluster('west-1').api.setFaults({})
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 90_000 })
  })

  it('refuses an authority that istiod could not sign with, in words, and takes one that it can', async () => {
    await Promise.all([fleet.join('east-1'), fleet.join('west-1')])
    const root = await issueRoot('brought', new Date())
    const issued = await issueIntermediate(root, { cluster: 'east-1', namespace: 'istio-system' }, new Date())
    const data = (key: string) => ({
      'root-cert.pem': btoa(root.certificate),
      'ca-cert.pem': btoa(issued.certificate),
      'ca-key.pem': btoa(key),
    })
    const metadata = { name: 'brought', namespace: MESHDECK_NAMESPACE }
    await hub.create('Secret', { apiVersion: 'v1', kind: 'Secret', metadata, data: data(root.key) })
    await hub.create(
      'Mesh',
      mesh({ mode: 'Managed', members: [{ cluster: 'west-1' }], trust: { secretRef: { name: 'brought' } } }),
    )
    fleet.control()
    await vi.waitFor(async () => {
      expect(conditionOf(await live(), 'TrustReady')).toMatchObject({
        status: 'False',
        message: 'ca-key.pem is not the key of ca-cert.pem.',
      })
    }, PATIENT)
    expect((await east.listAll('Istio')).items).toEqual([])
    await hub.patch('Secret', metadata, { data: data(issued.key) }, { strategy: 'merge' })
    await vi.waitFor(async () => expect(await phase()).toBe('Running'), { ...PATIENT, timeout: 60_000 })
    expect((await live()).status?.trust).toMatchObject({ source: 'Secret' })
    const cacerts = await east.get('Secret', { namespace: 'istio-system', name: 'cacerts' })
    expect(readPath(cacerts, 'data')).toMatchObject({ 'ca-key.pem': btoa(issued.key) })
  })
})

describe('an installation that is broken off', { timeout: 240_000 }, () => {
  class Killed extends Error {}

  /** Counts the writes of a process to all clusters together; with the last of them it ends, and nobody hears the answer. */
  class Life {
    writes = 0
    readonly last: number

    constructor(last = Number.POSITIVE_INFINITY) {
      this.last = last
    }

    client(client: ResourceClient): ResourceClient {
      return new Proxy(client, {
        get: (target, name: keyof ResourceClient) => {
          const method: unknown = Reflect.get(target, name)
          if (typeof method !== 'function') return method
          return async (...args: unknown[]) => {
            if (this.writes >= this.last) throw new Killed()
            const answer: unknown = await Reflect.apply(method, target, args)
            if (WRITES.has(name) && ++this.writes >= this.last) throw new Killed()
            return answer
          }
        },
      })
    }
  }
  const WRITES = new Set<keyof ResourceClient>(['apply', 'create', 'replace', 'delete', 'patch'])
  const { signal } = new AbortController()

  function contextOf(life: Life): InstallContext {
    const clients: Record<string, ResourceClient> = { 'east-1': east, 'west-1': west }
    const inCluster: InstallContext['inCluster'] = async (cluster, work) => {
      const client = clients[cluster]
      if (!client) throw new Error(`no cluster ${cluster}`)
      return work({ client: life.client(client), server: sandbox.cluster(cluster).api.url })
    }
    return { hub: life.client(hub), inCluster, helm: () => Promise.resolve({ ready: false, message: '' }) }
  }

  const look = (life: Life, record: Mesh) =>
    installMesh(
      contextOf(life),
      record,
      placesOf(record, () => undefined),
      [],
      signal,
    )

  /** As the controller does: again and again, until nothing is left to do. */
  async function finish(record: Mesh): Promise<void> {
    await vi.waitFor(async () => {
      const { places } = await look(new Life(), record)
      const steps = places.flatMap((place) => (place.kind === 'installed' ? place.steps : []))
      expect(steps.filter(({ status }) => status !== 'True')).toEqual([])
    }, PATIENT)
  }

  async function removeAll(record: Mesh): Promise<void> {
    for (const client of [west, east]) {
      const site: Site = { client, server: '' }
      await vi.waitFor(async () => expect(await uninstall(site, record, signal)).toEqual([]), PATIENT)
    }
  }

  /** What is there of the mesh, without what differs from one making to the next. */
  async function state(): Promise<unknown> {
    const kinds = [
      'Namespace',
      'Istio',
      'IstioCNI',
      'ZTunnel',
      'Secret',
      'ServiceAccount',
      'Deployment',
      'Service',
      'Gateway',
      'VirtualService',
    ] as const
    const labelSelector = 'meshdeck.io/mesh=shop'
    const lists = await Promise.all(
      [east, west].flatMap((client) =>
        kinds.map((kind) =>
          client.listAll(kind, { labelSelector }).catch((error: { httpStatus?: number }) => {
            if (error.httpStatus !== 404) throw error
            return { items: [] }
          }),
        ),
      ),
    )
    return lists.map(({ items }) =>
      items.map((item) => ({
        kind: item.kind,
        name: item.metadata.name,
        labels: item.metadata.labels,
        spec: withoutGiven(item.spec),
        keys: isRecord(item['data']) ? Object.keys(item['data']).toSorted() : [],
      })),
    )
  }

  /** Addresses and ports are given anew each time. */
  function withoutGiven(spec: unknown): unknown {
    return JSON.parse(
      JSON.stringify(spec ?? null, (key: string, value: unknown) =>
        ['clusterIP', 'clusterIPs', 'nodePort', 'remotePilotAddress'].includes(key) ? undefined : value,
      ),
    )
  }

  const ambient = mesh({ dataPlane: { mode: 'Ambient' } })
  const several = mesh({
    mode: 'Managed',
    controlPlane: {
      cluster: 'east-1',
      version: '1.30.3',
      // An address of its own, so that nothing waits for a load balancer.
      access: { type: 'ClusterIP', address: '203.0.113.9' },
    },
    members: [
      { cluster: 'east-1', network: 'blue' },
      { cluster: 'west-1', network: 'green' },
    ],
  })

  it.each([
    ['one cluster without sidecars', ambient, 6],
    ['two clusters', several, 15],
  ])('at any of its writes (%s) is resumed to the same end, and so is its removal', async (_, spec, atLeast) => {
    const record: Mesh = { ...spec, metadata: { ...spec.metadata, uid: 'b0c6f3f0-0000-4000-8000-000000000001' } }
    await finish(record)
    const undisturbed = await state()
    await removeAll(record)

    let kills = 0
    for (let writes = 1; ; writes++) {
      const life = new Life(writes)
      // This life goes on until it ends or all is done: what comes later waits for what the clusters do meanwhile.
      const survived = await vi.waitFor(async () => {
        const result = await look(life, record).catch((error: unknown) => {
          if (life.writes < writes) throw error
          return undefined
        })
        if (result === undefined) return false
        const steps = result.places.flatMap((place) => (place.kind === 'installed' ? place.steps : []))
        expect(steps.every(({ status }) => status === 'True')).toBe(true)
        return true
      }, PATIENT)
      if (survived) break
      kills++
      await finish(record)
      expect(await state()).toEqual(undisturbed)
      for (let deletes = 1; deletes <= 2; deletes++) {
        const dying = new Life(deletes)
        await uninstall({ client: dying.client(east), server: '' }, record, signal).catch((error: unknown) =>
          expect(error).toBeInstanceOf(Killed),
        )
      }
      await removeAll(record)
    }
    expect(kills).toBeGreaterThanOrEqual(atLeast)
  })
})
