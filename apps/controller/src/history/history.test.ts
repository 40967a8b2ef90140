import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MESHDECK_API_VERSION, MESHDECK_NAMESPACE, type KindId, type KubeResource } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { fieldWrites, HISTORY_LABEL, readRevision, type HistoryRecord } from '@meshdeck/mesh'
import { fleetNamed, kubeconfigOf, Sandbox, type Fleet } from '@meshdeck/sandbox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/controller-metrics.ts'
import { reconcileUntil } from '../reconcile.ts'

const CRDS = join(import.meta.dirname, '../../../../deploy/crds')
const PATIENT = { timeout: 30_000, interval: 30 }

vi.setConfig({ testTimeout: 60_000 })

let sandbox: Sandbox
let hub: ResourceClient
let east: ResourceClient
let connections: ClusterConnection[]
let kubeconfig: { text: string; directory: string }
const running = new Set<() => Promise<void>>()
const errors: unknown[] = []

/** The demo, where nobody has changed anything yet. */
function untouchedFleet(): Fleet {
  const fleet = fleetNamed('demo', 1)
  return { ...fleet, clusters: fleet.clusters.map(({ past: _past, ...cluster }) => cluster) }
}

beforeEach(() => open(untouchedFleet()))
afterEach(close)

async function open(fleet: Fleet): Promise<void> {
  sandbox = await Sandbox.start({ fleet, onError: (error) => errors.push(error) })
  const access = await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess()))
  kubeconfig = { text: kubeconfigOf(access), directory: '/' }
  connections = []
  const [hubConnection, eastConnection] = [connect('hub'), connect('east-1')]
  hub = createResourceClient(hubConnection, STORED)
  east = createResourceClient(eastConnection, STORED)
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    await hubConnection.request({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: parse(readFileSync(join(CRDS, file), 'utf8')),
    })
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } }
  await hub.apply('Namespace', namespace, { fieldManager: 'test' })
  await hub.create('Cluster', record('Cluster', 'east-1', { access: { kubeconfigContext: 'east-1' } }))
}

async function close(): Promise<void> {
  await Promise.all([...running].map((stop) => stop()))
  await Promise.all(connections.map((connection) => connection.close()))
  await sandbox.stop()
  expect(errors.splice(0)).toEqual([])
}

function connect(context: string): ClusterConnection {
  const connection = createConnection(parseKubeconfig(kubeconfig.text, { source: 'file', context }), { name: context })
  connections.push(connection)
  return connection
}

const record = (kind: string, name: string, spec: object): KubeResource => ({
  apiVersion: MESHDECK_API_VERSION,
  kind,
  metadata: { name },
  spec,
})

async function createMesh(history?: object): Promise<void> {
  const spec = { mode: 'External', controlPlane: { cluster: 'east-1' }, ...(history ? { history } : {}) }
  await hub.create('Mesh', record('Mesh', 'shop', spec))
}

/** A controller as production runs it; the answer stops it. */
function startController(): () => Promise<void> {
  const term = new AbortController()
  const ended = reconcileUntil(term.signal, {
    hub: connect('hub'),
    kubeconfig,
    policy: { allowLoopback: true },
    resyncMs: 3_600_000,
    logger: createLogger('silent'),
    metrics: createMetrics(),
  })
  const stop = (): Promise<void> => {
    term.abort()
    running.delete(stop)
    return ended
  }
  running.add(stop)
  return stop
}

const rule = (name: string, hosts: string[], metadata: object = {}): KubeResource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: { hosts, http: [{ route: [{ destination: { host: 'cart' } }] }] },
})

const write = (name: string, hosts: string[], fieldManager = 'kubectl-edit', metadata: object = {}) =>
  east.patch(
    'VirtualService',
    { namespace: 'shop', name },
    { spec: { hosts }, metadata },
    { strategy: 'merge', fieldManager },
  )

async function history(name?: string): Promise<HistoryRecord[]> {
  const { items } = await hub.listAll('ControllerRevision', {
    namespace: MESHDECK_NAMESPACE,
    labelSelector: HISTORY_LABEL,
  })
  return items
    .flatMap((each) => readRevision(each) ?? [])
    .filter(({ ref }) => name === undefined || (ref.name === name && ref.kind === 'VirtualService'))
    .toSorted((a, b) => a.number - b.number)
}

const operations = async (name: string): Promise<string[]> => (await history(name)).map(({ operation }) => operation)
const until = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, PATIENT)
/** Everything that is there when the history begins has its first entry. */
const begun = (): Promise<void> => until(async () => expect(await operations('ratings')).toEqual(['baseline']))

describe('the recorder', () => {
  it('keeps each change within moments, with author, reason and fields, and what is deleted whole', async () => {
    await createMesh()
    startController()
    await begun()
    await east.create('VirtualService', rule('fresh', ['a']), { fieldManager: 'kubectl-create' })
    await until(async () => expect(await operations('fresh')).toEqual(['created']))
    await write('fresh', ['a', 'b'], 'meshdeck:alice', { annotations: { 'meshdeck.io/change-reason': 'two hosts' } })
    await until(async () => expect(await operations('fresh')).toEqual(['created', 'changed']))
    const mark = { metadata: { annotations: { 'meshdeck.io/deletion-reason': 'one host was enough' } } }
    await east.patch('VirtualService', { namespace: 'shop', name: 'fresh' }, mark, {
      strategy: 'merge',
      fieldManager: 'meshdeck:bob',
    })
    await east.delete('VirtualService', { namespace: 'shop', name: 'fresh' })
    await until(async () => expect(await operations('fresh')).toEqual(['created', 'changed', 'deleted']))
    const [created, changed, deleted] = await history('fresh')
    expect(created?.author).toEqual({ tool: 'kubectl', manager: 'kubectl-create' })
    expect(changed).toMatchObject({
      author: { tool: 'console', user: 'alice' },
      reason: 'two hosts',
      fields: ['spec.hosts[1]'],
      late: false,
    })
    expect(deleted).toMatchObject({
      author: { tool: 'console', user: 'bob' },
      reason: 'one host was enough',
      object: { spec: { hosts: ['a', 'b'] } },
    })
    const all = await history()
    expect(all.every(({ ref }) => ref.kind.toString() !== 'Secret')).toBe(true)
  })

  it('finds after a restart what has changed meanwhile, once, and writes nothing else', async () => {
    await createMesh()
    const stop = startController()
    await begun()
    await east.create('VirtualService', rule('stays', ['a']))
    await east.create('VirtualService', rule('goes', ['a']))
    await until(async () => {
      expect(await operations('stays')).toEqual(['created'])
      expect(await operations('goes')).toEqual(['created'])
    })
    await stop()
    const before = (await history()).length
    await write('stays', ['b'], 'argocd-controller')
    await east.delete('VirtualService', { namespace: 'shop', name: 'goes' })
    await east.create('VirtualService', rule('comes', ['a']), { fieldManager: 'helm' })
    startController()
    await until(async () => {
      expect(await operations('stays')).toEqual(['created', 'changed'])
      expect(await operations('goes')).toEqual(['created', 'deleted'])
      expect((await history('comes')).at(-1)).toMatchObject({
        operation: 'created',
        late: true,
        author: { tool: 'helm' },
      })
    })
    expect((await history('stays')).at(-1)).toMatchObject({
      late: true,
      author: { tool: 'argocd' },
      fields: ['spec.hosts[0]'],
    })
    // A later change is there, so nothing that came before it is still under way.
    await write('comes', ['b'])
    await until(async () => expect(await operations('comes')).toEqual(['created', 'changed']))
    expect((await history()).length).toBe(before + 4)
  })

  it('makes nothing twice where two are at work', async () => {
    await createMesh()
    startController()
    startController()
    await begun()
    await east.create('VirtualService', rule('both', ['0']))
    for (const host of ['1', '2', '3']) await write('both', [host])
    await until(async () => expect((await history('both')).at(-1)?.object?.spec).toMatchObject({ hosts: ['3'] }))
    await east.delete('VirtualService', { namespace: 'shop', name: 'both' })
    await until(async () => expect((await operations('both')).at(-1)).toBe('deleted'))
    const hosts = (await history('both')).map(({ object, operation }) => [operation, JSON.stringify(object?.spec)])
    expect(new Set(hosts.map(String)).size).toBe(hosts.length)
    const ids = (await history()).map(
      ({ ref, digest, number }) => `${ref.kind}/${ref.namespace}/${ref.name}/${digest}/${number}`,
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('keeps no more than the mesh says, and of each object how it is', async () => {
    await createMesh({ perObject: 2 })
    startController()
    await begun()
    await east.create('VirtualService', rule('busy', ['0']))
    for (const host of ['1', '2', '3', '4']) await write('busy', [host])
    await until(async () => {
      const kept = await history('busy')
      expect(kept.map(({ number }) => number)).toEqual([4, 5])
    })
    expect((await history('busy')).at(-1)?.object?.spec).toMatchObject({ hosts: ['4'] })
    expect(await operations('ratings')).toEqual(['baseline'])
  })

  it('goes by other limits as soon as the mesh says so, without a restart or a change of an object', async () => {
    await createMesh()
    startController()
    await begun()
    await east.create('VirtualService', rule('busy', ['0']))
    for (const host of ['1', '2', '3']) {
      await write('busy', [host])
      await until(async () => expect((await history('busy')).at(-1)?.object?.spec).toMatchObject({ hosts: [host] }))
    }
    expect((await history('busy')).map(({ number }) => number)).toEqual([1, 2, 3, 4])
    await hub.patch(
      'Mesh',
      { name: 'shop' },
      { spec: { history: { perObject: 2, maxBytes: 1_024 } } },
      { strategy: 'merge' },
    )
    await until(async () => expect((await history('busy')).map(({ number }) => number)).toEqual([3, 4]))

    await write(
      'busy',
      Array.from({ length: 60 }, (_, at) => `host-${at}.example.com`),
    )
    await until(async () => expect((await history('busy')).at(-1)).toMatchObject({ number: 5 }))
    const last = (await history('busy')).at(-1)
    expect([last?.object, (last?.omittedBytes ?? 0) > 1_024]).toEqual([undefined, true])
  })

  it('takes no limits from kubectl that mean nothing', async () => {
    await expect(createMesh({ perObject: 0 })).rejects.toThrow(/perObject/)
    await expect(createMesh({ maxBytes: 5_000_000 })).rejects.toThrow(/maxBytes/)
  })

  it('finds in the demo who broke the calls to ratings, and when; nothing else was changed by anybody', async () => {
    await close()
    await open(fleetNamed('demo', 1))
    await createMesh()
    startController()
    const kinds: readonly KindId[] = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry']
    await until(async () => {
      expect(await operations('ratings')).toEqual(['baseline', 'changed'])
      const recorded = new Set((await history()).map(({ ref }) => ref.kind))
      expect(kinds.filter((kind) => !recorded.has(kind))).toEqual([])
    })
    const object = await east.get('VirtualService', { namespace: 'shop', name: 'ratings' })
    const [written] = fieldWrites(object)
    const all = await history()
    const changes = all.filter(({ operation }) => operation !== 'baseline')
    expect(changes.map(({ ref }) => ref.name)).toEqual(['ratings'])
    expect(changes[0]).toMatchObject({
      at: written?.time,
      late: true,
      author: { tool: 'kubectl', manager: 'kubectl-edit' },
      fields: ['spec.http[0].route[0].weight', 'spec.http[0].route[1]'],
    })
  })
})
