/** The embedded fleet of `npm start` without a kubeconfig: simulated clusters with traffic, for as long as it runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeResource } from '@meshdeck/kube'
import { demoFleet, emptyFleet, Sandbox } from '@meshdeck/sandbox'
import { UsageError } from './start-options.ts'

const FLEETS = { demo: demoFleet, empty: emptyFleet } as const

export interface OpenSandbox {
  kubeconfig: { text: string; directory: string }
  /** Where it lies, for kubectl. */
  kubeconfigPath: string
  /** Prometheus address by context. */
  prometheus: ReadonlyMap<string, string>
  /** Records for the hub. */
  meshes: readonly KubeResource[]
  clusterCount: number
  close(): Promise<void>
}

/** Starts a fleet by its name. Throws UsageError for one that is not there. */
export async function openSandbox(name: string, onError: (error: unknown) => void): Promise<OpenSandbox> {
  const fleet = Object.entries(FLEETS).find(([known]) => known === name)?.[1]
  if (fleet === undefined) {
    throw new UsageError(`--fleet ${name}: there is no such fleet; there are ${Object.keys(FLEETS).join(', ')}`)
  }
  const sandbox = await Sandbox.start({ fleet: fleet(), onError })
  const directory = mkdtempSync(join(tmpdir(), 'meshdeck-sandbox-'))
  // Whatever ends the process takes the file along.
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  const text = await sandbox.kubeconfig()
  const kubeconfigPath = join(directory, 'kubeconfig')
  writeFileSync(kubeconfigPath, text, { mode: 0o600 })
  return {
    kubeconfig: { text, directory },
    kubeconfigPath,
    prometheus: new Map([...sandbox.prometheus].map(([cluster, { url }]) => [cluster, url])),
    meshes: sandbox.fleet.meshes ?? [],
    clusterCount: sandbox.clusters.length,
    close: async () => {
      await sandbox.stop()
      remove()
    },
  }
}
