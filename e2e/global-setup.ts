import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { labState } from '@meshdeck/lab'
import { prepareFleet, removeFleet } from './support/fleet.ts'

const REPOSITORY = join(import.meta.dirname, '..')
const START_TIMEOUT_MS = 120_000

/** Starts Meshdeck as a user would, with the lab's first cluster as hub, and stops it after the last journey. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const lab = await labState()
  const [hub] = lab.clusters
  if (!hub) throw new Error('the lab has no cluster')
  const stack = spawn(
    'node',
    [
      'scripts/start.ts',
      '--kubeconfig',
      hub.kubeconfig,
      '--port',
      '0',
      '--no-open',
      '--prometheus',
      `${hub.context}=${hub.prometheusUrl}`,
    ],
    { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    process.env['MESHDECK_URL'] = await addressOf(stack)
    await prepareFleet()
  } catch (error) {
    await stop(stack)
    throw error
  }
  return async () => {
    await removeFleet()
    await stop(stack)
  }
}

/** The address that `npm start` prints when pages can be used. */
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

function stop(stack: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    stack.removeAllListeners('exit').on('exit', () => resolve())
    stack.kill('SIGTERM')
  })
}
