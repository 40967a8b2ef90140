/**
 * `npm test`: the quick checks, the console's build, the lab, the tests on it, the journeys of a browser through it.
 * `--all` (CI): a step that this machine cannot run is a failure, not a gap.
 */
import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildConsole } from './build-console.ts'
import { chromiumObstacle, ensureChromium } from './chromium.ts'
import { QUICK_STEPS } from './quick-steps.ts'
import { ROOT, runProgram, runSteps, type Step } from './steps.ts'

const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } })
const lab = (command: string): readonly [string, ...string[]] => ['node', 'e2e/lab/src/cli.ts', command]

const PLAYWRIGHT = 'e2e/node_modules/@playwright/test/cli.js'
const journeys = (testbed: 'lab' | 'sandbox') => (): Promise<void> =>
  runProgram(['node', PLAYWRIGHT, 'test', '--config', 'e2e/playwright.config.ts'], { MESHDECK_TESTBED: testbed })

// CI gives a test that fails a second try, and what needed it is named at the end (docs/decisions/0033): one of thousands
// that is late once shall not keep a day's work from landing, nor go unseen.
if (values.all) process.env['MESHDECK_TEST_RETRIES'] ??= '1'

// A lab that somebody keeps up is used, and left up.
const labWasUp = existsSync(join(ROOT, '.lab', 'state.json'))

const noLab = async (): Promise<string | undefined> => {
  if (process.platform !== 'linux') return 'the lab runs on Linux only'
  if (spawnSync('go', ['version']).status !== 0) return 'Go is missing: the lab builds Kubernetes and Istio with it'
  return undefined
}

/** They compare with kubectl and promtool, which are had for Linux only. */
const noSandboxJourney = async (): Promise<string | undefined> =>
  process.platform === 'linux' ? chromiumObstacle() : 'kubectl and promtool are fetched for Linux only'

const noJourney = async (): Promise<string | undefined> => (await noLab()) ?? chromiumObstacle()

const steps: readonly Step[] = [
  ...QUICK_STEPS,
  {
    name: 'console: build',
    run: async () => {
      await buildConsole()
    },
  },
  { name: 'lab: up', run: lab('up'), leftOut: noLab },
  { name: 'tests on the lab', run: ['vitest', 'run', '--project', 'lab'], leftOut: noLab },
  { name: 'Chromium', run: ensureChromium, leftOut: async () => chromiumObstacle() },
  { name: 'journeys on the lab', run: journeys('lab'), leftOut: noJourney },
  { name: 'journeys on the sandbox', run: journeys('sandbox'), leftOut: noSandboxJourney },
  ...(labWasUp ? [] : [{ name: 'lab: down', run: lab('down'), leftOut: noLab, always: true }]),
]

process.exitCode = await runSteps(steps, { nothingLeftOut: values.all })
