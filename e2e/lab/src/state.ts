import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PERSON_NAMES } from './people.ts'
import type { Person, PersonName } from './people.ts'
import type { ProcessRecord } from './processes.ts'

/** Everything that a test or a person needs to know about a lab; kept in `state.json`. */
export interface LabState {
  readonly version: 1
  /** `starting` until all parts have answered. */
  readonly phase: 'starting' | 'up'
  readonly dir: string
  /** Whether its clusters came up without Istio. */
  readonly bare: boolean
  /** When the lab came up; the traffic generator counts from here. */
  readonly startedAt: string
  /** Owner's kubeconfig with a context per cluster. */
  readonly kubeconfig: string
  /** JSON file with the bearer token of each kind of user. */
  readonly tokens: string
  readonly users: Readonly<Record<PersonName, UserState>>
  /** Kubeconfig whose client certificate is over, for tests of faults. */
  readonly expiredKubeconfig: string
  readonly bin: BinState
  readonly etcd: { readonly clientPort: number; readonly peerPort: number }
  /** Where the process answers that plays the network of bare clusters: `/istiods` lists what it runs. */
  readonly networkPort: number
  readonly clusters: readonly ClusterState[]
  readonly processes: readonly ProcessRecord[]
}

export interface UserState extends Person {
  /** Kubeconfig with a context per cluster. */
  readonly kubeconfig: string
}

export interface BinState {
  readonly kubectl: string
  readonly istioctl: string
  readonly promtool: string
  readonly prometheus: string
  readonly kube: string
  readonly kwok: string
  readonly istio: string
  readonly helm: string
  /** Custom resource definitions of Istio and of Gateway API. */
  readonly crds: string
  /** Istio's Helm charts. */
  readonly charts: string
}

export interface ClusterState {
  readonly name: string
  /** Name of its context in every kubeconfig. */
  readonly context: string
  readonly apiUrl: string
  readonly prometheusUrl: string
  /** Plain HTTP, with istiod's `/debug/…` and `/ready`. */
  readonly istiodDebugUrl: string
  /** istiod's own metrics. */
  readonly istiodMetricsUrl: string
  /** The traffic generator's metrics. */
  readonly generatorUrl: string
  /** Owner's kubeconfig for this cluster only. */
  readonly kubeconfig: string
  readonly nodeCount: number
  /** The described services in it; see `graphs/`. */
  readonly graph: string
  readonly istio: { readonly version: string; readonly revision: string; readonly namespace: string }
  readonly ports: ClusterPorts
}

export const CLUSTER_PORT_NAMES = [
  'apiserver',
  'controllerManager',
  'scheduler',
  'kwok',
  'istiodHttp',
  'istiodWebhook',
  'istiodGrpc',
  'istiodSecureGrpc',
  'istiodMonitoring',
  'istiodCtrlz',
  'prometheus',
  'generator',
] as const

export type ClusterPorts = Readonly<Record<(typeof CLUSTER_PORT_NAMES)[number], number>>

/** There is no lab here, or its state cannot be used. */
export class LabStateError extends Error {
  override name = 'LabStateError'
}

export function statePath(dir: string): string {
  return join(dir, 'state.json')
}

/** The state of the lab in a directory; throws a {@link LabStateError} when there is none. */
export async function readState(dir: string): Promise<LabState> {
  const state = await findState(dir)
  if (state === undefined) throw new LabStateError(`no lab in ${dir}; bring it up with \`pnpm lab up\``)
  return state
}

/** The same, or nothing when there is no lab. */
export async function findState(dir: string): Promise<LabState | undefined> {
  const path = statePath(dir)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
  return parseState(text, path)
}

/** Reads the text of a state file. Checked where a wrong value would do harm: what gets killed and who is called. */
export function parseState(text: string, path = 'state.json'): LabState {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LabStateError(`${path} is not JSON`, { cause })
  }
  if (!isRecord(value) || value['version'] !== 1)
    throw new LabStateError(`${path} is not the state of a lab of this version`)
  const { dir, phase, users, clusters, processes } = value
  const sound =
    typeof dir === 'string' &&
    (phase === 'starting' || phase === 'up') &&
    isRecord(users) &&
    PERSON_NAMES.every((name) => isRecord(users[name])) &&
    Array.isArray(clusters) &&
    clusters.every(isCluster) &&
    Array.isArray(processes) &&
    processes.every(isProcess)
  if (!sound) throw new LabStateError(`${path} is damaged`)
  // The writer is this module; the rest of the shape is as it was written.
  return value as unknown as LabState
}

/** Writes the state so that a reader sees the old one or the new one, never half of it. */
export async function writeState(state: LabState): Promise<void> {
  const path = statePath(state.dir)
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}

/** The cluster of that name; throws when the lab has none. */
export function clusterOf(state: LabState, name: string): ClusterState {
  const cluster = state.clusters.find((candidate) => candidate.name === name)
  if (cluster === undefined) {
    const known = state.clusters.map((candidate) => candidate.name).join(', ')
    throw new LabStateError(`no cluster "${name}" in this lab; it has ${known}`)
  }
  return cluster
}

function isCluster(value: unknown): boolean {
  if (!isRecord(value) || typeof value['name'] !== 'string' || !isRecord(value['ports'])) return false
  const { ports } = value
  return CLUSTER_PORT_NAMES.every((name) => Number.isInteger(ports[name]))
}

function isProcess(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { part, pid, identity } = value
  // A pid of 0 or 1 would make a signal reach everybody.
  return typeof part === 'string' && typeof identity === 'string' && Number.isInteger(pid) && Number(pid) > 1
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
