/** `npm run sandbox`: what goes wrong with the embedded fleet that runs beside this, and what shall. */
import { parseArgs } from 'node:util'
import {
  FAULT_WORDS,
  faultsOf,
  readSandboxState,
  runningSandboxes,
  setFaults,
  type SandboxState,
} from '@meshdeck/sandbox'

const HELP = `npm run sandbox                             clusters of the running fleet, and their faults
npm run sandbox fault CLUSTER FAULT...      makes it so; replaces earlier faults of that cluster
npm run sandbox heal [CLUSTER...]           ends all faults

Faults: ${FAULT_WORDS.map(({ word, unit, standard, help }) => `${word}${unit === undefined ? '' : `[=${standard}]`}`.padEnd(24) + help).join('\n        ')}

--directory DIR   one of several fleets that run; each says its own at the start`

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { directory: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  const [command = 'status', ...words] = positionals
  if (values.help) return console.log(HELP)
  if (!['status', 'fault', 'heal'].includes(command)) throw new RangeError(`no command ${command}\n\n${HELP}`)
  const state = find(values.directory)
  const names = state.clusters.map(({ name }) => name)
  if (command === 'fault') {
    const [cluster, ...faults] = words
    if (cluster === undefined || faults.length === 0)
      throw new RangeError(`fault: name a cluster (${names.join(', ')}) and what goes wrong\n\n${HELP}`)
    await setFaults(state, cluster, faults)
  }
  if (command === 'heal') for (const cluster of words.length === 0 ? names : words) await setFaults(state, cluster, [])
  for (const [cluster, faults] of Object.entries(await faultsOf(state))) {
    console.log(`${cluster.padEnd(20)} ${faults.length === 0 ? 'healthy' : faults.join(' ')}`)
  }
}

function find(directory: string | undefined): SandboxState {
  if (directory !== undefined) return readSandboxState(directory)
  const running = runningSandboxes()
  const newest = running.at(-1)
  if (newest === undefined) throw new Error('no embedded fleet runs on this machine; npm start opens one')
  if (running.length > 1) throw new Error(`several fleets run; choose by --directory:\n  ${running.join('\n  ')}`)
  return readSandboxState(newest)
}

try {
  await run()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
