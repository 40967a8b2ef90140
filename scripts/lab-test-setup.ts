/** What the tests on the lab find there: Meshdeck's own two definitions, applied as `npm start` would. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { labState } from '@meshdeck/lab'
import { ROOT } from './steps.ts'

/** Runs once before the tests of vitest's project `lab`. Throws when the lab is not up. */
export async function setup(): Promise<void> {
  const { bin, kubeconfig } = await labState()
  const kubectl = (...args: string[]): void => {
    execFileSync(bin.kubectl, ['--kubeconfig', kubeconfig, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  kubectl('apply', '--server-side', '-f', join(ROOT, 'deploy/crds'))
  kubectl('wait', '--for=condition=Established', 'crd/clusters.meshdeck.io', 'crd/meshes.meshdeck.io', '--timeout=30s')
}
