/** Meshdeck as `npm start` starts it: a process of its own that prints its address. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../..')
const START_TIMEOUT_MS = 120_000

export interface Stack {
  readonly url: string
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
    return { url: await addressOf(child), stop }
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
