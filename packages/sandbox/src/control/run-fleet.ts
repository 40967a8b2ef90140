import { parseArgs } from 'node:util'
import type { Fleet } from '../fleets/fleet.ts'
import { serveSandbox } from './serve-sandbox.ts'

/**
 * The whole of a program that serves a fleet: `--fleet NAME --seed N --directory DIR`. It writes DIR/state.json when
 * everything runs, and ends when it is told to or when whoever started it is gone (its standard input ends).
 */
export async function runFleet(fleetNamed: (name: string, seed: number) => Fleet): Promise<void> {
  const { values } = parseArgs({
    options: { fleet: { type: 'string', default: '' }, seed: { type: 'string' }, directory: { type: 'string' } },
  })
  const { directory } = values
  if (directory === undefined) throw new Error('--directory is missing')
  const seed = Number(values.seed ?? 1)
  const stop = await serveSandbox({
    fleet: fleetNamed(values.fleet, seed),
    seed,
    directory,
    onError: (error) => process.stderr.write(`the sandbox met what it had not thought of: ${describe(error)}\n`),
  })
  let stopping: Promise<void> | undefined
  const end = (): void => {
    stopping ??= stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  // Ctrl-C goes to the whole group; who started this one says when it is no longer needed.
  process.on('SIGINT', () => undefined)
  process.stdin.on('end', end).on('error', end).resume()
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
