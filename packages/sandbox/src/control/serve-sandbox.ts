import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '../fleets/fleet.ts'
import { kubeconfigOf } from '../kubeconfig.ts'
import { Sandbox } from '../sandbox.ts'
import { ControlServer } from './control-server.ts'
import { statePathIn } from './running-sandbox.ts'
import type { SandboxState } from './running-sandbox.ts'

export interface ServeOptions {
  readonly fleet: Fleet
  readonly seed: number
  /** An existing folder that only its owner can read. */
  readonly directory: string
  readonly onError: (error: unknown) => void
}

/** Starts a fleet, writes to the folder how it is reached, and gives what stops it. */
export async function serveSandbox({ fleet, seed, directory, onError }: ServeOptions): Promise<() => Promise<void>> {
  const sandbox = await Sandbox.start({ fleet, seed, onError })
  const control = await ControlServer.start(sandbox)
  const keep = (name: string, text: string): string => {
    const path = join(directory, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
  const owned = await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess()))
  const expired = await Promise.all(sandbox.clusters.map((cluster) => cluster.expiredAccess()))
  const state: SandboxState = {
    pid: process.pid,
    fleet: fleet.name,
    seed,
    readyMs: Math.round(process.uptime() * 1_000),
    kubeconfig: keep('kubeconfig', await sandbox.kubeconfig()),
    expiredKubeconfig: keep('expired.kubeconfig', kubeconfigOf(expired)),
    control: { url: control.url, token: control.token },
    clusters: owned.map((access) => {
      const prometheusUrl = sandbox.prometheus.get(access.name)?.url
      return {
        name: access.name,
        server: access.server,
        kubeconfig: keep(`cluster-${access.name}.kubeconfig`, kubeconfigOf([access])),
        ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
      }
    }),
    people: fleet.people.map(({ id, username }) => ({
      id,
      username,
      kubeconfig: keep(
        `person-${id}.kubeconfig`,
        kubeconfigOf(sandbox.clusters.map((cluster) => cluster.personAccess(id))),
      ),
      tokens: Object.fromEntries(sandbox.clusters.map((cluster) => [cluster.name, cluster.token(id) ?? ''])),
    })),
    meshes: fleet.meshes ?? [],
  }
  // Who waits for the file must never read half of it.
  renameSync(keep('state.draft', JSON.stringify(state)), statePathIn(directory))
  return async () => {
    await Promise.all([control.stop(), sandbox.stop()])
  }
}
