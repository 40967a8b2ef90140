import {
  KINDS,
  MESHDECK_API_VERSION,
  MESHDECK_NAMESPACE,
  type Cluster,
  type ClusterAccess,
  type Condition,
  type KubeResource,
  type Mesh,
} from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  KubeStatusError,
  printKubeconfig,
  STORED,
  type ClusterConnectionSpec,
} from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createLogger } from './logger.ts'
import { startController, type RunningController } from './start.ts'
import { layWire, openLabHub, removeFrom, type LabHub, type Wire } from './testing/lab.ts'

let lab: LabHub
let controller: RunningController
let wire: Wire
let log = ''
const clusters = new Set<string>()
const secrets = new Set<string>()

beforeAll(async () => {
  lab = await openLabHub()
  wire = await layWire(lab.alpha().server)
  controller = await start()
})
afterAll(async () => {
  await controller.stop()
  await removeFrom(lab.client, 'Mesh', 'ctl-mesh')
  for (const name of clusters) await removeFrom(lab.client, 'Cluster', name)
  for (const name of secrets) await removeFrom(lab.client, 'Secret', name)
  await lab.client.delete('Lease', { namespace: MESHDECK_NAMESPACE, name: `controller-test-${process.pid}` })
  await wire.cut()
  await lab.close()
})

const start = (): Promise<RunningController> =>
  startController({
    hub: lab.spec,
    kubeconfig: lab.kubeconfig,
    leaseName: `controller-test-${process.pid}`,
    metricsPort: 0,
    resyncMs: 300,
    logger: createLogger('debug', { write: (line) => void (log += line) }),
  })

async function joinCluster(name: string, access: ClusterAccess, prometheusUrl?: string): Promise<void> {
  clusters.add(name)
  const object: KubeResource = {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Cluster',
    metadata: { name },
    spec: { access, ...(prometheusUrl === undefined ? {} : { prometheus: { url: prometheusUrl } }) },
  }
  await lab.client.apply('Cluster', object, { fieldManager: 'controller-test', force: true })
}

async function putSecret(name: string, spec: ClusterConnectionSpec): Promise<void> {
  secrets.add(name)
  const data = { kubeconfig: Buffer.from(printKubeconfig(spec)).toString('base64') }
  const metadata = { name, namespace: MESHDECK_NAMESPACE }
  await lab.client.apply(
    'Secret',
    { apiVersion: 'v1', kind: 'Secret', metadata, data },
    { fieldManager: 'controller-test' },
  )
}

const getCluster = (name: string) => lab.client.get<Cluster>('Cluster', { name })
const getMesh = () => lab.client.get<Mesh>('Mesh', { name: 'ctl-mesh' })

const conditionOf = (object: { status?: { conditions?: Condition[] } }, type: string): Condition | undefined =>
  object.status?.conditions?.find((condition) => condition.type === type)

/** Resolves with the object as soon as the controller has made it so. */
function until<T>(read: () => Promise<T>, check: (object: T) => void): Promise<T> {
  const look = async (): Promise<T> => {
    const object = await read()
    check(object)
    return object
  }
  return vi.waitFor(look, { timeout: 20_000, interval: 50 })
}

const reachable = (name: string, status: 'True' | 'False') =>
  until(
    () => getCluster(name),
    (cluster) => expect(conditionOf(cluster, 'Reachable')).toMatchObject({ status }),
  )

/** These move by themselves, whatever anybody does. */
const RESTLESS: readonly string[] = ['Event', 'Lease', 'Node']

/** Every object of a cluster of the kinds that Meshdeck knows, whole, in the order of the API server; but for what goes. */
async function everythingIn(spec: ClusterConnectionSpec): Promise<string[]> {
  const connection = createConnection(spec, { name: 'everything' })
  const client = createResourceClient(connection, STORED)
  const lists = await Promise.all(
    KINDS.filter(({ id, home }) => home === 'cluster' && !RESTLESS.includes(id)).map(({ id }) =>
      client.listAll(id).catch((error: unknown) => {
        // A kind that the cluster does not have.
        if (error instanceof KubeStatusError && error.httpStatus === 404) return { items: [] }
        throw error
      }),
    ),
  )
  await connection.close()
  const objects = lists.flatMap(({ items }) => items)
  // Those that other tests made and have deleted; Kubernetes takes its time with what is in them.
  const ending = new Set(
    objects.flatMap(({ metadata }) =>
      metadata.namespace === undefined && metadata.deletionTimestamp !== undefined ? [metadata.name] : [],
    ),
  )
  return objects
    .filter(({ metadata }) => !ending.has(metadata.namespace ?? metadata.name))
    .map((object) => JSON.stringify(object))
}

/** A figure of the controller's own metrics. */
async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${controller.metricsUrl}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(' ')[1],
  )
}

describe('a joined cluster', () => {
  it('is found with its version, nodes, Istio and Prometheus', async () => {
    await joinCluster('ctl-alpha', { kubeconfigContext: 'alpha' }, lab.prometheusUrl('alpha'))
    const { status } = await reachable('ctl-alpha', 'True')
    const system = await lab.client.get('Namespace', { name: 'kube-system' })
    expect(status).toMatchObject({
      version: expect.stringMatching(/^v1\.\d+\./),
      nodes: expect.any(Number),
      clusterUid: expect.any(String),
      istio: [
        {
          revision: 'default',
          namespace: 'istio-system',
          version: expect.stringMatching(/^1\.\d+/),
          ready: 1,
          replicas: 1,
        },
      ],
      observedGeneration: 1,
    })
    // It is alpha, not the hub.
    expect(status?.clusterUid).not.toBe(system.metadata.uid)
    expect(status?.conditions?.map(({ type, status: is }) => `${type} ${is}`)).toEqual([
      'Reachable True',
      'Permitted True',
      'PrometheusReachable True',
    ])
  })

  it('is looked at again and again, and written only when something is new', async () => {
    const { metadata, status } = await reachable('ctl-alpha', 'True')
    const looks = 'meshdeck_controller_reconcile_total{kind="Cluster",result="done"}'
    const before = await figure(looks)
    await until(
      () => figure(looks),
      (count) => expect(count).toBeGreaterThan(before + 3),
    )
    const after = await getCluster('ctl-alpha')
    expect(after.status).toEqual(status)
    expect(after.metadata.resourceVersion).toBe(metadata.resourceVersion)
  })

  it('follows its spec, and dates only the condition that turned', async () => {
    const before = await reachable('ctl-alpha', 'True')
    await joinCluster('ctl-alpha', { kubeconfigContext: 'alpha' }, 'http://127.0.0.1:1')
    const after = await until(
      () => getCluster('ctl-alpha'),
      (cluster) => expect(cluster.status?.observedGeneration).toBe(2),
    )
    expect(conditionOf(after, 'PrometheusReachable')).toMatchObject({ status: 'False', reason: 'Unreachable' })
    expect(conditionOf(after, 'Reachable')).toEqual(conditionOf(before, 'Reachable'))
  })

  it('says which rights a poor credential lacks', async () => {
    await putSecret('ctl-viewer', lab.alpha('viewer'))
    await joinCluster('ctl-viewer', { secretRef: { name: 'ctl-viewer' } })
    const cluster = await reachable('ctl-viewer', 'True')
    expect(conditionOf(cluster, 'Permitted')).toMatchObject({
      status: 'False',
      reason: 'RightsMissing',
      message: expect.stringContaining('impersonate users'),
    })
    expect(conditionOf(cluster, 'PrometheusReachable')).toMatchObject({ status: 'Unknown', reason: 'NotConfigured' })
  })

  it('waits for its Secret in words, and is well when it comes', async () => {
    await joinCluster('ctl-late', { secretRef: { name: 'ctl-late' } })
    const lost = await reachable('ctl-late', 'False')
    expect(conditionOf(lost, 'Reachable')).toMatchObject({
      reason: 'SecretMissing',
      message: expect.stringContaining('bring in its credential again'),
    })
    await putSecret('ctl-late', lab.alpha())
    await reachable('ctl-late', 'True')
  })
})

describe('an external mesh of two clusters', () => {
  it('runs, is degraded in words while one refuses connections, and heals', async () => {
    const before = await everythingIn(lab.alpha())
    expect(before.length).toBeGreaterThan(100)
    await putSecret('ctl-wired', { ...lab.alpha(), server: wire.server })
    await joinCluster('ctl-wired', { secretRef: { name: 'ctl-wired' } })
    await lab.client.create('Mesh', {
      apiVersion: MESHDECK_API_VERSION,
      kind: 'Mesh',
      metadata: { name: 'ctl-mesh' },
      spec: {
        mode: 'External',
        controlPlane: { cluster: 'ctl-alpha', namespace: 'istio-system' },
        members: [{ cluster: 'ctl-wired' }],
      },
    })
    const running = await until(getMesh, ({ status }) => expect(status?.phase).toBe('Running'))
    expect(running.status).toMatchObject({ version: expect.stringMatching(/^1\.\d+/), observedGeneration: 1 })
    // An Istio that others have installed is left as it was, byte for byte.
    expect(await everythingIn(lab.alpha())).toEqual(before)
    const whole = await reachable('ctl-wired', 'True')

    await wire.cut()
    const lost = await reachable('ctl-wired', 'False')
    expect(conditionOf(lost, 'Reachable')).toMatchObject({
      reason: 'Refused',
      message: expect.stringContaining('Cluster ctl-wired refuses connections; its API server is not running'),
    })
    expect(conditionOf(lost, 'Permitted')).toMatchObject({ status: 'Unknown' })
    // What was known stays, and says how old it is.
    expect(lost.status).toMatchObject({ version: whole.status?.version, lastSeen: whole.status?.lastSeen })
    const degraded = await until(getMesh, ({ status }) => expect(status?.phase).toBe('Degraded'))
    expect(conditionOf(degraded, 'MembersReachable')).toMatchObject({
      status: 'False',
      message: expect.stringContaining('1 of 2 clusters cannot be used: ctl-wired'),
    })
    expect(conditionOf(degraded, 'ControlPlaneFound')).toEqual(conditionOf(running, 'ControlPlaneFound'))

    await wire.mend()
    await reachable('ctl-wired', 'True')
    await until(getMesh, ({ status }) => expect(status?.phase).toBe('Running'))
  })

  it('is not judged anew by a controller that has just come and does not know its clusters yet', async () => {
    const before = await getMesh()
    await controller.stop()
    controller = await start()
    await until(
      () => figure('meshdeck_controller_reconcile_total{kind="Mesh",result="done"}'),
      (count) => expect(count).toBeGreaterThan(1),
    )
    expect(await getMesh()).toEqual(before)
  })

  it('says what to do when its cluster has left', async () => {
    await removeFrom(lab.client, 'Cluster', 'ctl-alpha')
    const failed = await until(getMesh, ({ status }) => expect(status?.phase).toBe('Failed'))
    expect(conditionOf(failed, 'ControlPlaneFound')).toMatchObject({
      reason: 'ClusterUnknown',
      message: expect.stringContaining('no Cluster ctl-alpha on the hub; join it'),
    })
  })
})

describe('the log', () => {
  it('holds no credential', () => {
    const { token, clientKey, clientCert } = lab.alpha()
    const opens = [token, clientKey, clientCert, lab.alpha('viewer').token].filter((secret) => secret !== undefined)
    expect(opens.length).toBeGreaterThan(0)
    expect(log).toContain('"status written"')
    for (const secret of opens) {
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
        expect(log).not.toContain(form)
    }
  })
})
