/** What measurements run against: the lab, a BFF of their own as a process of its own, and Chromium. */
import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { labState, type LabState } from '@meshdeck/lab'
import { freePort, launchBrowser, stop, until } from './processes.ts'

const ROOT = join(import.meta.dirname, '..')
export const MESH = 'bench'
export const CLUSTERS = ['bench-alpha', 'bench-beta'] as const
let worlds = 0

export interface World {
  url: string
  /** Process of the BFF. */
  pid: number
  lab: LabState
  /** Its own for each world, on the first cluster: a namespace takes its time to go. */
  namespace: string
  kubectl: (args: readonly string[], input?: string) => Promise<string>
  browser: typeof launchBrowser
  /** Tells the BFF of the lab's two clusters and a mesh over them, and waits until they can be listed. */
  joinClusters: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a BFF over the lab, which must be up. Nothing is joined yet. */
export async function createWorld(consoleDir: string): Promise<World> {
  const lab = await labState()
  const namespace = `bench-${process.pid}-${++worlds}`
  const kubectl = (args: readonly string[], input?: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        lab.bin.kubectl,
        ['--kubeconfig', lab.kubeconfig, ...args],
        { maxBuffer: 2 ** 26 },
        (error, out) => (error ? reject(error) : resolve(out)),
      )
      child.stdin?.end(input ?? '')
    })
  await kubectl(['apply', '--server-side', '-f', join(ROOT, 'deploy/crds')])
  await kubectl(['wait', '--for=condition=Established', 'crd/clusters.meshdeck.io', 'crd/meshes.meshdeck.io'])
  await removeRecords(kubectl)
  await kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  )

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = [
    'apps/bff/src/main.ts',
    '--kubeconfig',
    lab.kubeconfig,
    '--port',
    String(port),
    '--console-dir',
    consoleDir,
    '--log-level',
    'error',
  ]
  const bff = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  await until(async () => (await fetch(`${url}/readyz`)).ok)

  return {
    url,
    pid: bff.pid ?? 0,
    lab,
    namespace,
    kubectl,
    browser: launchBrowser,
    joinClusters: async () => {
      await kubectl(['apply', '-f', '-'], JSON.stringify(records()))
      await until(async () => {
        const answer = await fetch(`${url}/api/v1/meshes/${MESH}/resources/virtual-services`)
        return answer.ok && ((await answer.json()) as { failures: unknown[] }).failures.length === 0
      })
    },
    close: async () => {
      await stop(bff)
      await removeRecords(kubectl)
      await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false'])
    },
  }
}

function records(): object {
  const apiVersion = 'meshdeck.io/v1alpha1'
  const clusters = CLUSTERS.map((name) => ({
    apiVersion,
    kind: 'Cluster',
    metadata: { name },
    spec: { access: { kubeconfigContext: name.replace('bench-', '') } },
  }))
  const [cluster, ...others] = CLUSTERS
  const members = others.map((member) => ({ cluster: member }))
  const mesh = {
    apiVersion,
    kind: 'Mesh',
    metadata: { name: MESH },
    spec: { mode: 'External', controlPlane: { cluster }, members },
  }
  return { apiVersion: 'v1', kind: 'List', items: [...clusters, mesh] }
}

async function removeRecords(kubectl: World['kubectl']): Promise<void> {
  const names = [`mesh.meshdeck.io/${MESH}`, ...CLUSTERS.map((name) => `cluster.meshdeck.io/${name}`)]
  await kubectl(['delete', '--ignore-not-found', ...names])
}
