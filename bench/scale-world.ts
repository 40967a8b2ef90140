/** What measurements of scale run against: the largest fleet of the sandbox, and a BFF over it, each in its own process. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createConnection, listContexts, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import { openSandbox, type SandboxState } from '@meshdeck/sandbox'
import { prepareHub } from '../scripts/prepare-hub.ts'
import { freePort, stop, until } from './processes.ts'

const ROOT = join(import.meta.dirname, '..')
export const FLEET = 'S5000P20000'
export const MESH = 'large'
/** As in deploy/Dockerfile. */
const IMAGE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=16' }

export interface ScaleWorld {
  readonly sandbox: SandboxState
  readonly url: string
  /** Process of the BFF. */
  readonly pid: number
  close(): Promise<void>
}

/** Resolves once the BFF has read all clusters. */
export async function createScaleWorld(): Promise<ScaleWorld> {
  const sandbox = await openSandbox({ fleet: FLEET, seed: 1, main: join(import.meta.dirname, 'scale-fleet.ts') })
  const { state } = sandbox
  await prepare(state)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = [
    'apps/bff/src/main.ts',
    '--kubeconfig',
    state.kubeconfig,
    '--port',
    String(port),
    '--log-level',
    'error',
  ]
  const bff = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...IMAGE_ENVIRONMENT },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(async () => {
    const answer = await fetch(`${url}/api/v1/meshes/${MESH}/services`)
    return answer.ok && ((await answer.json()) as { failures: unknown[] }).failures.length === 0
  })
  return {
    sandbox: state,
    url,
    pid: bff.pid ?? 0,
    close: async () => {
      await stop(bff)
      await sandbox.close()
    },
  }
}

async function prepare(state: SandboxState): Promise<void> {
  const { text, directory } = readKubeconfigFile(state.kubeconfig)
  const hub = createConnection(parseKubeconfig(text, { source: 'file', directory }), { name: 'hub' })
  try {
    const contexts = listContexts(text).names.map((name) => ({ name, context: name }))
    await prepareHub(hub, contexts, () => undefined, state.meshes)
  } finally {
    await hub.close()
  }
}
