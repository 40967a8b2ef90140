/** What the journeys walk on: the lab, which is real, or the sandbox with the same in it. One shape for both. */

import { join } from 'node:path'
import { labStartCluster, labState, labStopCluster, labTokens } from '@meshdeck/lab'
import type { PersonName } from '@meshdeck/lab'
import { openSandbox, readSandboxState, setFaults } from '@meshdeck/sandbox'

export type TestbedName = 'lab' | 'sandbox'

export interface Testbed {
  readonly name: TestbedName
  /** The hub first. */
  readonly clusters: readonly TestbedCluster[]
  /** Owner's kubeconfig with a context for each cluster. */
  readonly kubeconfig: string
  readonly expiredKubeconfig: string
  readonly people: Readonly<Record<PersonName, { readonly kubeconfig: string; readonly token: string }>>
  readonly stopCluster: (name: string) => Promise<void>
  readonly startCluster: (name: string) => Promise<void>
}

export interface TestbedCluster {
  /** Name of its context in every kubeconfig. */
  readonly name: string
  readonly kubeconfig: string
  readonly prometheusUrl: string
}

const SANDBOX_MAIN = join(import.meta.dirname, 'sandbox-main.ts')
/** Where the set-up leaves the folder of the sandbox for the processes of the journeys. */
const VARIABLE = 'MESHDECK_TESTBED_SANDBOX'

/** Starts the sandbox where that is what is walked on; the lab is up already. Gives what ends it. */
export async function openTestbed(name: TestbedName): Promise<() => Promise<void>> {
  if (name === 'lab') {
    await labState()
    return () => Promise.resolve()
  }
  const sandbox = await openSandbox({ fleet: 'lab', seed: 1, main: SANDBOX_MAIN })
  process.env[VARIABLE] = sandbox.directory
  return () => sandbox.close()
}

/** @throws Error when none is there. */
export function testbed(): Promise<Testbed> {
  const directory = process.env[VARIABLE]
  return directory === undefined ? labTestbed() : sandboxTestbed(directory)
}

async function labTestbed(): Promise<Testbed> {
  const state = await labState()
  const tokens = await labTokens(state)
  const person = (name: PersonName) => ({ kubeconfig: state.users[name].kubeconfig, token: tokens[name] })
  return {
    name: 'lab',
    clusters: state.clusters.map(({ name, kubeconfig, prometheusUrl }) => ({ name, kubeconfig, prometheusUrl })),
    kubeconfig: state.kubeconfig,
    expiredKubeconfig: state.expiredKubeconfig,
    people: { admin: person('admin'), editor: person('editor'), viewer: person('viewer'), nobody: person('nobody') },
    stopCluster: async (name) => {
      await labStopCluster(name)
    },
    startCluster: async (name) => {
      await labStartCluster(name)
    },
  }
}

async function sandboxTestbed(directory: string): Promise<Testbed> {
  const state = readSandboxState(directory)
  const hub = state.clusters[0]?.name ?? ''
  const person = (id: PersonName) => {
    const found = state.people.find((candidate) => candidate.id === id)
    if (found === undefined) throw new Error(`the sandbox has no person ${id}`)
    return { kubeconfig: found.kubeconfig, token: found.tokens[hub] ?? '' }
  }
  return {
    name: 'sandbox',
    clusters: state.clusters.map(({ name, kubeconfig, prometheusUrl = '' }) => ({ name, kubeconfig, prometheusUrl })),
    kubeconfig: state.kubeconfig,
    expiredKubeconfig: state.expiredKubeconfig,
    people: { admin: person('admin'), editor: person('editor'), viewer: person('viewer'), nobody: person('nobody') },
    stopCluster: (name) => setFaults(state, name, ['down']),
    startCluster: (name) => setFaults(state, name, []),
  }
}
