/** `npm run bench [-- NAME…]`: measures on the lab, prints a table, writes bench/results/NAME.json. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { arch, cpus, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { analysis } from '../bench/analysis.ts'
import { consoles } from '../bench/consoles.ts'
import { demoStart } from '../bench/demo-start.ts'
import { editor } from '../bench/editor.ts'
import { events } from '../bench/events.ts'
import { firstLoad } from '../bench/first-load.ts'
import { governor } from '../bench/governor.ts'
import { graph } from '../bench/graph.ts'
import { history } from '../bench/history.ts'
import { list } from '../bench/list.ts'
import type { Figure, LabMeasurement, Measurement } from '../bench/measurement.ts'
import { memory } from '../bench/memory.ts'
import { reconcile } from '../bench/reconcile.ts'
import { scale } from '../bench/scale.ts'
import { topology } from '../bench/topology.ts'
import { createWorld } from '../bench/world.ts'
import { buildConsole } from './build-console.ts'
import { ROOT, runProgram } from './steps.ts'

const ON_LAB: readonly LabMeasurement[] = [firstLoad, memory, list, events]
const ALONE: readonly Measurement[] = [
  demoStart,
  editor,
  scale,
  graph,
  governor,
  consoles,
  reconcile,
  analysis,
  history,
  topology,
]
const RESULTS = join(ROOT, 'bench/results')

async function main(names: readonly string[]): Promise<void> {
  const all = [...ON_LAB, ...ALONE].map(({ name }) => name)
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`no measurement ${unknown.join(', ')}; there are ${all.join(', ')}`)
  const isWanted = ({ name }: { name: string }): boolean => names.length === 0 || names.includes(name)
  const consoleDir = await buildConsole()
  for (const measurement of ALONE.filter(isWanted)) report(measurement, await measurement.run())
  const onLab = ON_LAB.filter(isWanted)
  if (onLab.length === 0) return
  const labWasUp = existsSync(join(ROOT, '.lab', 'state.json'))
  if (!labWasUp) await runProgram(['node', 'e2e/lab/src/cli.ts', 'up'])
  try {
    for (const measurement of onLab) {
      // Each in a world of its own: what one leaves in memory must not count for the next.
      const world = await createWorld(consoleDir)
      try {
        report(measurement, await measurement.run(world))
      } finally {
        await world.close()
      }
    }
  } finally {
    if (!labWasUp) await runProgram(['node', 'e2e/lab/src/cli.ts', 'down'])
  }
}

function report({ name, what }: Pick<Measurement, 'name' | 'what'>, figures: readonly Figure[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    platform: `${platform()} ${arch()}`,
    node: process.version,
  }
  console.log(
    `\n${name}: ${what}\n  ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, Node ${machine.node}`,
  )
  const width = Math.max(...figures.map((figure) => figure.what.length))
  for (const { what: of, value, unit, range, aim } of figures) {
    const spread = range ? `  (${print(range[0])}–${print(range[1])})` : ''
    console.log(
      `  ${of.padEnd(width)}  ${print(value).padStart(8)} ${unit}${spread}${aim === undefined ? '' : `  aim: at most ${aim}`}`,
    )
  }
  mkdirSync(RESULTS, { recursive: true })
  const result = { name, what, at: new Date().toISOString(), commit: commit(), machine, figures }
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
}

const print = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
