/** `pnpm lab …`: the lab for people. */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { labDown } from './down.ts'
import { labState } from './inspect.ts'
import { resolveOptions } from './options.ts'
import { PART_NAMES } from './parts.ts'
import type { PartName } from './parts.ts'
import { labStartCluster, labStopCluster } from './start.ts'
import { renderStatus, renderWelcome } from './report.ts'
import { labStatus } from './status.ts'
import { labUp } from './up.ts'

const USAGE = `usage: pnpm lab COMMAND [--dir DIR]

  up [--clusters alpha,beta]     bring the lab up, or start what does not run of it
  down                           end all of it and remove its data
  status                         how each process is; exit code 1 when one is not well
  kubeconfig                     where the kubeconfigs are
  stop CLUSTER [--parts A,B]     stop a cluster, or parts of it, as if it had failed
  start CLUSTER [--parts A,B]    start it again, on the same ports, with the same data
  kubectl -- ARGUMENTS           kubectl as the lab's owner; choose by --context CLUSTER
  istioctl -- ARGUMENTS          istioctl likewise
  promtool -- ARGUMENTS          promtool

parts: ${PART_NAMES.join(', ')}`

class UsageError extends Error {
  override name = 'UsageError'
}

async function main(): Promise<number> {
  // What follows a tool's name is the tool's own.
  const [command, ...rest] = process.argv.slice(2)
  if (command === 'kubectl' || command === 'istioctl' || command === 'promtool') return runTool(command, rest)

  const { values, positionals } = parse(rest)
  const log = (line: string): void => console.log(line)
  const dir = resolveOptions(values.dir === undefined ? {} : { dir: values.dir }).dir
  const cluster = positionals[0] ?? ''
  if ((command === 'stop' || command === 'start') !== (positionals.length === 1)) throw new UsageError(USAGE)
  const parts = values.parts === undefined ? {} : { parts: toParts(values.parts) }

  switch (command) {
    case 'up': {
      const clusters = values.clusters === undefined ? {} : { clusters: values.clusters.split(',') }
      const state = await labUp({ dir, log, signal: interruption(), ...clusters })
      log(renderWelcome(state))
      return 0
    }
    case 'down':
      await labDown({ dir, log })
      return 0
    case 'status': {
      const parts = await labStatus({ dir })
      log(renderStatus(await labState(dir), parts))
      return parts.every((part) => part.isHealthy) ? 0 : 1
    }
    case 'kubeconfig': {
      const state = await labState(dir)
      const all = [state, ...state.clusters, ...Object.values(state.users)].map(({ kubeconfig }) => kubeconfig)
      log(all.join('\n'))
      return 0
    }
    case 'stop':
      await labStopCluster(cluster, { dir, log, ...parts })
      return 0
    case 'start':
      await labStartCluster(cluster, { dir, log, ...parts })
      return 0
    default:
      throw new UsageError(USAGE)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { dir: { type: 'string' }, clusters: { type: 'string' }, parts: { type: 'string' } },
    })
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`, { cause })
  }
}

function toParts(list: string): PartName[] {
  return list.split(',').map((wanted) => {
    const part = PART_NAMES.find((name) => name === wanted)
    if (part === undefined) throw new UsageError(`no part "${wanted}"; there are ${PART_NAMES.join(', ')}`)
    return part
  })
}

/** Aborts when the user does, so that what was started can be ended. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`interrupted by ${name}`)))
  }
  return controller.signal
}

async function runTool(tool: 'kubectl' | 'istioctl' | 'promtool', args: readonly string[]): Promise<number> {
  const separator = args.indexOf('--')
  const own = parse(separator === -1 ? [] : args.slice(0, separator))
  const state = await labState(own.values.dir)
  const child = spawn(state.bin[tool], args.slice(separator + 1), {
    stdio: 'inherit',
    env: { ...process.env, ...(tool === 'promtool' ? {} : { KUBECONFIG: state.kubeconfig }) },
  })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.on('error', reject)
  child.on('close', (code) => resolve(code ?? 1))
  return promise
}

try {
  process.exitCode = await main()
} catch (cause) {
  // Our own errors say what to do; a stack would only hide it.
  console.error(cause instanceof Error ? `${cause.name}: ${cause.message}` : cause)
  process.exitCode = cause instanceof UsageError ? 2 : 1
}
