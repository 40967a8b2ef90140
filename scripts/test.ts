/**
 * `npm test`: the quick checks, the lab, the tests on the lab.
 * `--all` (CI): a step that this machine cannot run is a failure, not a gap.
 */
import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { QUICK_STEPS } from './quick-steps.ts'
import { ROOT, runSteps, type Step } from './steps.ts'

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } })
const lab = (command: string): readonly [string, ...string[]] => ['node', 'e2e/lab/src/cli.ts', command]

// A lab that somebody keeps up is used, and left up.
const labWasUp = existsSync(join(ROOT, '.lab', 'state.json'))

const noLab = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'the lab runs on Linux only'
  if (spawnSync('go', ['version']).status !== 0) return 'Go is missing: the lab builds Kubernetes and Istio with it'
  return undefined
}

const steps: readonly Step[] = [
  ...QUICK_STEPS,
  { name: 'lab: up', run: lab('up'), leftOut: noLab },
  { name: 'tests on the lab', run: ['vitest', 'run', '--project', 'lab'], leftOut: noLab },
  ...(labWasUp ? [] : [{ name: 'lab: down', run: lab('down'), leftOut: noLab, always: true }]),
]

process.exitCode = await runSteps(steps, { nothingLeftOut: values.all })
