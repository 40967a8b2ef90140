import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FLEET_NAMES } from '../fleets/catalogue.ts'
import { DIRECTORY_PREFIX, readSandboxState, statePathIn } from './running-sandbox.ts'
import type { SandboxState } from './running-sandbox.ts'

const MAIN = join(import.meta.dirname, '../main.ts')
const START_TIMEOUT_MS = 180_000
const STOP_TIMEOUT_MS = 5_000

/** A fleet in a process of its own, for as long as it is needed. */
export interface OpenSandbox {
  readonly state: SandboxState
  /** Folder with `state.json` and the kubeconfigs; gone after `close`. */
  readonly directory: string
  close(): Promise<void>
}

export interface OpenSandboxOptions {
  readonly fleet: string
  readonly seed: number
  /** Program to run instead of the package's own, for fleets that are not in its catalogue. */
  readonly main?: string
}

/** Starts a fleet; resolves once all of it runs. Rejects with a RangeError for a name that is not there. */
export async function openSandbox({ fleet, seed, main }: OpenSandboxOptions): Promise<OpenSandbox> {
  if (main === undefined && !FLEET_NAMES.includes(fleet)) {
    throw new RangeError(`there is no fleet ${fleet}; there are ${FLEET_NAMES.join(', ')}`)
  }
  const directory = mkdtempSync(join(tmpdir(), DIRECTORY_PREFIX))
  // Whatever ends this process takes the files along; the other ends when its input does.
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=4096', main ?? MAIN, '--fleet', fleet, '--seed', String(seed), '--directory', directory],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  try {
    await ready(child, directory)
  } catch (error) {
    child.kill()
    remove()
    throw error
  }
  return {
    state: readSandboxState(directory),
    directory,
    close: async () => {
      await ended(child)
      remove()
      process.off('exit', remove)
    },
  }
}

async function ready(child: ChildProcess, directory: string): Promise<void> {
  for (let waited = 0; !existsSync(statePathIn(directory)); waited += 50) {
    if (child.exitCode !== null) throw new Error(`the sandbox ended with ${child.exitCode} before it was up`)
    if (waited > START_TIMEOUT_MS) throw new Error(`the sandbox is not up after ${START_TIMEOUT_MS / 1_000} s`)
    await sleep(50)
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.stdin?.end()
  })
}
