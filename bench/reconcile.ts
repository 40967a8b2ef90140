import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MESHDECK_API_VERSION, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { fleetNamed, kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import { prepareHub } from '../scripts/prepare-hub.ts'
import type { Measurement } from './measurement.ts'
import { freePort, residentMegabytes, stop, until } from './processes.ts'

const ROOT = join(import.meta.dirname, '..')
const CLUSTERS = 10
const MESHES = 50
const REST_SECONDS = 60
/** What comes after a start is over when no mesh was looked at for so long. */
const QUIET_SECONDS = 5

/** The controller with 50 dedicated meshes, five in each of ten clusters; it and the sandbox share the machine. */
export const reconcile: Measurement = {
  name: 'reconcile',
  what: `The controller with ${MESHES} meshes on ${CLUSTERS} simulated clusters, installed by the Sail Operator`,
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'meshdeck-bench-'))
    const sandbox = await Sandbox.start({ fleet: fleet(), onError: (error) => console.error(error) })
    try {
      const path = join(directory, 'kubeconfig')
      const access = await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess()))
      writeFileSync(path, kubeconfigOf(access), { mode: 0o600 })
      const connection = createConnection(
        parseKubeconfig(readFileSync(path, 'utf8'), { source: 'file', context: 'hub' }),
      )
      const hub = createResourceClient(connection, STORED)
      const contexts = names().map((name) => ({ name, context: name }))
      await prepareHub(connection, contexts, () => {}, meshes())

      const began = performance.now()
      const first = await startController(path)
      await until(() => allRun(hub))
      const installed = performance.now() - began
      await stop(first.child)

      const started = requests(sandbox)
      const again = performance.now()
      const second = await startController(path)
      await until(async () => (await looked(second.url)) >= MESHES)
      const cold = performance.now() - again
      await quiet(second.url)
      const asked = requests(sandbox) - started

      const before = requests(sandbox)
      await sleep(REST_SECONDS * 1_000)
      const perSecond = (requests(sandbox) - before) / REST_SECONDS
      const memory = residentMegabytes(second.child.pid ?? 0)
      const watches = await sample(second.url, 'meshdeck_controller_watches')
      await stop(second.child)
      await connection.close()
      return [
        { what: 'from nothing to all meshes running', value: installed, unit: 'ms' },
        { what: 'cold start until every mesh was looked at', value: cold, unit: 'ms' },
        { what: 'requests of a cold start, until all is quiet', value: asked, unit: '' },
        { what: 'requests a second at rest, all clusters and the hub', value: perSecond, unit: '' },
        { what: 'watches that stay open at rest', value: watches, unit: '' },
        { what: 'memory of the controller', value: memory, unit: 'MB' },
      ]
    } finally {
      await sandbox.stop()
      rmSync(directory, { recursive: true })
    }
  },
}

function fleet(): ReturnType<typeof fleetNamed> {
  const empty = fleetNamed('empty', 1)
  const [hub, member] = empty.clusters
  if (hub === undefined || member === undefined) throw new Error('the empty fleet has clusters')
  return { ...empty, clusters: [hub, ...names().map((name) => ({ ...member, name }))] }
}

const names = (): string[] => Array.from({ length: CLUSTERS }, (_, index) => `cluster-${index}`)

function meshes(): KubeResource[] {
  return Array.from({ length: MESHES }, (_, index) => ({
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Mesh',
    metadata: { name: `mesh-${index}` },
    spec: {
      mode: 'Dedicated',
      // Several meshes in one cluster differ in namespace and revision.
      controlPlane: {
        cluster: `cluster-${index % CLUSTERS}`,
        version: '1.30.3',
        namespace: `istio-${index}`,
        revision: `r${index}`,
      },
    },
  }))
}

async function startController(kubeconfig: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort()
  const args = ['apps/controller/src/main.ts', '--kubeconfig', kubeconfig, '--hub-context', 'hub']
  const child = spawn(process.execPath, [...args, '--metrics-port', String(port), '--log-level', 'error'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { child, url: `http://127.0.0.1:${port}` }
}

async function allRun(hub: ResourceClient): Promise<boolean> {
  const { items } = await hub.listAll<Mesh>('Mesh')
  return items.every(({ status }) => status?.phase === 'Running')
}

/** Meshes that were looked at and found well since the controller began. */
const looked = (url: string): Promise<number> =>
  sample(url, 'meshdeck_controller_reconcile_total{kind="Mesh",result="done"}')

async function quiet(url: string): Promise<void> {
  for (let before = -1; ; await sleep(QUIET_SECONDS * 1_000)) {
    const now = await looked(url)
    if (now === before) return
    before = now
  }
}

/** One figure of the controller's own; 0 as long as it is not there. */
async function sample(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1) ?? 0)
}

function requests(sandbox: Sandbox): number {
  return sandbox.clusters.reduce((sum, { api }) => sum + api.requests, 0)
}
