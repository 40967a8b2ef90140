import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MESHDECK_NAMESPACE, readPath, type Condition, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  readHelmRelease,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { labDown, labUp, type LabState } from '@meshdeck/lab'
import { adoptReleases } from '@meshdeck/mesh'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/controller-metrics.ts'
import { reconcileUntil } from '../reconcile.ts'

const CRDS = join(import.meta.dirname, '../../../../deploy/crds')
const PATIENT = { timeout: 90_000, interval: 200 }
const SYSTEM = 'istio-system'

let lab: LabState
let connections: ClusterConnection[]
let east: ResourceClient
let west: ResourceClient
let stopController: () => Promise<void> = () => Promise.resolve()

beforeAll(async () => {
  lab = await labUp({ dir: mkdtempSync(join(tmpdir(), 'meshdeck-bare-')), clusters: ['east', 'west'], bare: true })
  connections = ['east', 'west'].map((context) =>
    createConnection(parseKubeconfig(readFileSync(lab.kubeconfig, 'utf8'), { source: 'file', context }), {
      name: context,
    }),
  )
  const [first, second] = connections
  if (!first || !second) throw new Error('two clusters')
  east = createResourceClient(first, STORED)
  west = createResourceClient(second, STORED)
  for (const file of ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml']) {
    const body: unknown = parse(readFileSync(join(CRDS, file), 'utf8'))
    await first.request({ method: 'POST', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body })
  }
  await east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } })
  for (const name of ['east', 'west']) {
    const cluster = {
      apiVersion: 'meshdeck.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { access: { kubeconfigContext: name }, network: `${name}-network` },
    }
    await vi.waitFor(() => east.create('Cluster', cluster), PATIENT)
  }
}, 900_000)
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()))
  await labDown({ dir: lab.dir })
})
afterEach(() => stopController())

function startController(): void {
  const [hub] = connections
  if (!hub) throw new Error('no hub')
  const term = new AbortController()
  const ended = reconcileUntil(term.signal, {
    hub,
    kubeconfig: { text: readFileSync(lab.kubeconfig, 'utf8'), directory: lab.dir },
    policy: { allowLoopback: true },
    helm: { program: lab.bin.helm, charts: lab.bin.charts },
    resyncMs: 1_000,
    logger: createLogger('silent'),
    metrics: createMetrics(),
  })
  stopController = () => {
    term.abort()
    stopController = () => Promise.resolve()
    return ended
  }
}

const mesh = (spec: object = {}): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: {
    mode: 'Dedicated',
    engine: 'Helm',
    controlPlane: { cluster: 'east', version: lab.clusters[0]?.istio.version ?? '' },
    ...spec,
  },
})
const live = () => east.get<Mesh>('Mesh', { name: 'shop' })
const condition = async (type: string): Promise<Condition | undefined> =>
  (await live()).status?.conditions?.find((each) => each.type === type)
const runs = (): Promise<void> =>
  vi.waitFor(async () => {
    const { status, metadata } = await live()
    expect(status?.observedGeneration).toBe(metadata.generation)
    expect({ phase: status?.phase, open: status?.conditions?.filter((each) => each.status !== 'True') }).toEqual({
      phase: 'Running',
      open: [],
    })
  }, PATIENT)
const isGone = (): Promise<void> => vi.waitFor(() => expect(live()).rejects.toMatchObject({ httpStatus: 404 }), PATIENT)

async function releases(cluster: string): Promise<Record<string, string>> {
  const kubeconfig = lab.clusters.find(({ name }) => name === cluster)?.kubeconfig ?? ''
  const { stdout } = await promisify(execFile)(lab.bin.helm, ['list', '-A', '-o', 'json', '--kubeconfig', kubeconfig])
  const list = JSON.parse(stdout) as { name: string; revision: string; status: string }[]
  return Object.fromEntries(list.map(({ name, revision, status }) => [name, `${status} ${revision}`]))
}

/** What a pod of a namespace with injection gets from the real webhook. */
async function injected(client: ResourceClient, namespace: string): Promise<KubeResource> {
  const labels = { 'istio-injection': 'enabled' }
  await client.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } })
  const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', namespace }, spec }
  return vi.waitFor(async () => (await client.create('Pod', pod)).resource, PATIENT)
}

describe('a mesh by real Helm releases', { timeout: 300_000 }, () => {
  it('is made, injects, is changed, deleted, and made again under the same name', async () => {
    startController()
    await east.create('Mesh', mesh())
    await runs()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1', istiod: 'deployed 1' })
    const pod = await injected(east, 'injected')
    expect(JSON.stringify(pod.spec)).toContain('"name":"istio-proxy"')

    await east.patch(
      'Mesh',
      { name: 'shop' },
      { spec: { traffic: { outbound: 'REGISTRY_ONLY' } } },
      { strategy: 'merge' },
    )
    await vi.waitFor(async () => {
      const config = await east.get('ConfigMap', { namespace: SYSTEM, name: 'istio' })
      expect(readPath(config, 'data.mesh')).toContain('REGISTRY_ONLY')
    }, PATIENT)
    await runs()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1', istiod: 'deployed 2' })

    await east.delete('Mesh', { name: 'shop' })
    await isGone()
    expect(await releases('east')).toEqual({})
    await expect(east.get('Deployment', { namespace: SYSTEM, name: 'istiod' })).rejects.toMatchObject({
      httpStatus: 404,
    })

    await east.create('Mesh', mesh())
    await runs()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1', istiod: 'deployed 1' })
    await east.delete('Mesh', { name: 'shop' })
    await isGone()
  })

  it('takes up again what a Helm that was killed left pending', async () => {
    startController()
    await east.create('Mesh', mesh())
    await runs()
    await stopController()
    const labelSelector = 'owner=helm,name=istiod'
    const [secret] = (await east.listAll('Secret', { namespace: SYSTEM, labelSelector })).items
    const pending = { metadata: { labels: { status: 'pending-install' } } }
    await east.patch('Secret', { namespace: SYSTEM, name: secret?.metadata.name ?? '' }, pending, { strategy: 'merge' })
    startController()
    // It may be somebody's at first; after half a minute it is nobody's.
    await vi.waitFor(async () => {
      const { items } = await east.listAll('Secret', { namespace: SYSTEM, labelSelector })
      expect(items.map(({ metadata }) => metadata.labels?.['status'])).toEqual(['deployed'])
      expect(items[0]?.metadata.uid).not.toBe(secret?.metadata.uid)
    }, PATIENT)
    await runs()
    await east.delete('Mesh', { name: 'shop' })
    await isGone()
  })

  it('leaves releases of others alone, and says whose they are', async () => {
    const kubeconfig = lab.clusters[0]?.kubeconfig ?? ''
    const charts = join(lab.bin.charts, 'base')
    const args = ['install', 'istio-base', charts, '-n', SYSTEM, '--create-namespace', '--kubeconfig', kubeconfig]
    await promisify(execFile)(lab.bin.helm, args)
    startController()
    await east.create('Mesh', mesh())
    await vi.waitFor(async () => {
      expect(await condition('ControlPlaneReady')).toMatchObject({
        status: 'False',
        reason: 'BelongsToAnother',
        message: expect.stringContaining('helm uninstall istio-base -n istio-system'),
      })
    }, PATIENT)
    await east.delete('Mesh', { name: 'shop' })
    await isGone()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1' })
    await promisify(execFile)(lab.bin.helm, ['uninstall', 'istio-base', '-n', SYSTEM, '--kubeconfig', kubeconfig])
  })

  it('takes releases of others over when the mesh says so: istiod is not touched, and serves on', async () => {
    const kubeconfig = lab.clusters[0]?.kubeconfig ?? ''
    const istioValues = { global: { proxy: { logLevel: 'info' } }, meshConfig: { accessLogFile: '/dev/stdout' } }
    const helm = (...args: string[]) => promisify(execFile)(lab.bin.helm, [...args, '--kubeconfig', kubeconfig])
    const charts = (chart: string) => join(lab.bin.charts, chart)
    await helm('install', 'istio-base', charts('base'), '-n', SYSTEM, '--create-namespace')
    const file = join(lab.dir, 'values.json')
    writeFileSync(file, JSON.stringify(istioValues))
    await helm('install', 'plane', charts('istio-control/istio-discovery'), '-n', SYSTEM, '--values', file)
    const istiod = { namespace: SYSTEM, name: 'istiod' }
    await vi.waitFor(async () => {
      expect(readPath(await east.get('Deployment', istiod), 'status.availableReplicas')).toBe(1)
    }, PATIENT)
    const podsOf = async () =>
      (await east.listAll('Pod', { namespace: SYSTEM })).items.map(({ metadata }) => metadata.uid).toSorted()
    const [before, pods] = [await east.get('Deployment', istiod), await podsOf()]

    const secrets = (await east.listAll('Secret', { labelSelector: 'owner=helm' })).items
    const found = secrets.flatMap((secret) => readHelmRelease(secret) ?? [])
    const version = lab.clusters[0]?.istio.version
    const adoption = adoptReleases('east', found, version)
    expect(adoption).toMatchObject({ version, obstacles: [], parts: [{ equal: true }, { equal: true }] })

    startController()
    await east.create('Mesh', { ...mesh(), spec: adoption?.spec })
    await runs()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1', plane: 'deployed 1' })
    const after = await east.get('Deployment', istiod)
    expect([after.metadata.uid, after.metadata.generation]).toEqual([before.metadata.uid, before.metadata.generation])
    expect(await podsOf()).toEqual(pods)

    // It runs it from now on: a change is a new revision of the same release.
    await east.patch(
      'Mesh',
      { name: 'shop' },
      { spec: { traffic: { outbound: 'REGISTRY_ONLY' } } },
      { strategy: 'merge' },
    )
    await vi.waitFor(async () => {
      const config = await east.get('ConfigMap', { namespace: SYSTEM, name: 'istio' })
      expect(readPath(config, 'data.mesh')).toContain('REGISTRY_ONLY')
      expect(readPath(config, 'data.mesh')).toContain('accessLogFile: /dev/stdout')
    }, PATIENT)
    await runs()
    expect(await releases('east')).toEqual({ 'istio-base': 'deployed 1', plane: 'deployed 2' })
    await east.delete('Mesh', { name: 'shop' })
    await isGone()
    expect(await releases('east')).toEqual({})
  })

  it('over two clusters has what the recipe asks for, and istiod says that it reads the member', async () => {
    startController()
    await east.create('Mesh', mesh({ mode: 'Managed', members: [{ cluster: 'west' }] }))
    await runs()
    expect(Object.keys(await releases('east')).toSorted()).toEqual(['istio-base', 'istio-eastwestgateway', 'istiod'])
    expect(Object.keys(await releases('west')).toSorted()).toEqual(['istio-base', 'istio-eastwestgateway', 'istiod'])

    const istiods = (await (await fetch(`http://127.0.0.1:${lab.networkPort}/istiods`)).json()) as {
      cluster: string
      ports: { http: number }
    }[]
    expect(istiods.map(({ cluster }) => cluster)).toEqual(['east'])
    await vi.waitFor(async () => {
      const answer = await fetch(`http://127.0.0.1:${istiods[0]?.ports.http}/debug/clusterz`)
      expect(await answer.json()).toContainEqual(expect.objectContaining({ id: 'west', syncStatus: 'synced' }))
    }, PATIENT)

    // A pod of the member gets its sidecar from the other cluster's istiod, through the gateway's address.
    const pod = await injected(west, 'injected')
    const text = JSON.stringify(pod.spec)
    expect(text).toContain('{"name":"ISTIO_META_CLUSTER_ID","value":"west"}')
    expect(text).toContain('{"name":"ISTIO_META_NETWORK","value":"west-network"}')

    await east.patch('Mesh', { name: 'shop' }, { spec: { members: [] } }, { strategy: 'merge' })
    await vi.waitFor(async () => expect((await live()).status?.members).toHaveLength(1), PATIENT)
    expect(await releases('west')).toEqual({})
    await east.delete('Mesh', { name: 'shop' })
    await isGone()
    expect(await releases('east')).toEqual({})
  })
})
