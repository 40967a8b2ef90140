import { globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { KubeObject } from '../kube-object.ts'

/** Folders of running sandboxes, in the system's folder for such things. */
export const DIRECTORY_PREFIX = 'meshdeck-sandbox-'
const STATE_FILE = 'state.json'

/** How a fleet that runs in a process of its own is reached; kept in its folder, which only its owner can read. */
export interface SandboxState {
  readonly pid: number
  readonly fleet: string
  readonly seed: number
  /** Milliseconds from the start of the process until everything ran. */
  readonly readyMs: number
  /** Owner's kubeconfig with a context for each cluster, the hub's first. */
  readonly kubeconfig: string
  /** Owner's kubeconfig whose certificate is over. */
  readonly expiredKubeconfig: string
  readonly control: { readonly url: string; readonly token: string }
  readonly clusters: readonly {
    readonly name: string
    readonly server: string
    readonly kubeconfig: string
    readonly prometheusUrl?: string
  }[]
  readonly people: readonly {
    readonly id: string
    readonly username: string
    /** With a context for each cluster. */
    readonly kubeconfig: string
    /** By cluster. */
    readonly tokens: Readonly<Record<string, string>>
  }[]
  /** Records for the hub. */
  readonly meshes: readonly KubeObject[]
}

export function statePathIn(directory: string): string {
  return join(directory, STATE_FILE)
}

/** @throws Error when no sandbox is ready there. */
export function readSandboxState(directory: string): SandboxState {
  // Written by this package, whole or not at all.
  return JSON.parse(readFileSync(statePathIn(directory), 'utf8')) as SandboxState
}

/** Folders of the sandboxes that run on this machine, the newest last. */
export function runningSandboxes(): readonly string[] {
  return globSync(`${DIRECTORY_PREFIX}*/${STATE_FILE}`, { cwd: tmpdir() })
    .map((path) => dirname(join(tmpdir(), path)))
    .filter((directory) => isAlive(readSandboxState(directory).pid))
    .toSorted((a, b) => readSandboxState(a).pid - readSandboxState(b).pid)
}

/** Words of the faults by cluster. */
export function faultsOf(state: SandboxState): Promise<Record<string, readonly string[]>> {
  return ask(state, '/faults')
}

/** Replaces the faults of a cluster; no words heal it. Rejects with what was wrong. */
export async function setFaults(state: SandboxState, cluster: string, words: readonly string[]): Promise<void> {
  await ask(state, `/faults/${encodeURIComponent(cluster)}`, words)
}

async function ask(
  { control }: SandboxState,
  path: string,
  body?: unknown,
): Promise<Record<string, readonly string[]>> {
  const response = await fetch(`${control.url}${path}`, {
    headers: { authorization: `Bearer ${control.token}` },
    ...(body === undefined ? {} : { method: 'PUT', body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json()
  if (!response.ok) throw new Error(String(Reflect.get(Object(answer), 'error')))
  return answer as Record<string, readonly string[]>
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
