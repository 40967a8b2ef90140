/** Meshdeck as `npm start` starts it: a process of its own that prints its address. */
import { readSandboxState, runningSandboxes } from '@meshdeck/sandbox'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 120_000

export interface Stack {
  readonly url: string
  /** Folder of the sandbox that it started, not of one that somebody else runs beside it. Throws when there is none. */
  sandbox(): string
  /** Ends it as Ctrl-C does, and waits until it has ended. */
  stop(): Promise<void>
}

/** Runs the start script with these arguments; resolves once pages can be used. */
export async function startStack(...args: readonly string[]): Promise<Stack> {
  const child = spawn('node', ['scripts/start.ts', '--port', '0', '--no-open', ...args], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = (): Promise<void> => stopped(child)
  try {
    return { url: await addressOf(child), sandbox: () => sandboxOf(child), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function addressOf(stack: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Meshdeck did not print its address')), START_TIMEOUT_MS)
    stack.on('exit', (code) => reject(new Error(`Meshdeck ended with ${code} before it was up`)))
    if (!stack.stdout) throw new Error('no output to read')
    createInterface({ input: stack.stdout }).on('line', (line) => {
      const address = /Meshdeck is at (\S+)/.exec(line)?.[1]
      if (address === undefined) return
      clearTimeout(timer)
      resolve(address)
    })
  })
}

function stopped(stack: ChildProcess): Promise<void> {
  if (stack.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    stack.removeAllListeners('exit').on('exit', () => resolve())
    stack.kill('SIGTERM')
  })
}

function sandboxOf({ pid = 0 }: ChildProcess): string {
  const own = runningSandboxes().find((directory) => descends(readSandboxState(directory).pid, pid))
  if (own === undefined) throw new Error(`process ${pid} has started no sandbox`)
  return own
}

function descends(pid: number, ancestor: number): boolean {
  for (let each = pid; each > 1; each = parentOf(each)) if (each === ancestor) return true
  return false
}

const parentOf = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))
