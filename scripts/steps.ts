/** A list of named steps, run one after another with their output shown, summed up at the end. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

export interface Step {
  name: string
  /** Program of node_modules/.bin (or on PATH) with its arguments, or a function that does the work. */
  run: readonly [string, ...string[]] | (() => Promise<void>)
  /** Says why the step cannot run on this machine; `undefined` when it can. */
  leftOut?: () => Promise<string | undefined>
  /** Runs even when an earlier step failed (to clean up). */
  always?: boolean
}

export interface StepOptions {
  /** A step that cannot run counts as failed. */
  nothingLeftOut: boolean
}

/** Runs a program in the repository's root with its output shown. Rejects when it exits with anything but 0. */
export function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} exited with ${code}`))))
  })
}

/** Runs the steps; after a failure only those marked `always` go on. Returns the exit code. */
export async function runSteps(steps: readonly Step[], options: StepOptions): Promise<number> {
  const lines: string[] = []
  let passed = 0
  let failed = 0
  let skipped = 0
  for (const step of steps) {
    if (failed > 0 && !step.always) {
      skipped++
      lines.push(`  not run   ${step.name}`)
      continue
    }
    const started = Date.now()
    const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`
    const reason = await step.leftOut?.()
    if (reason !== undefined) {
      if (options.nothingLeftOut) failed++
      else skipped++
      lines.push(`  left out  ${step.name}: ${reason}`)
      continue
    }
    console.log(`\n▶ ${step.name}`)
    try {
      await (typeof step.run === 'function' ? step.run() : runProgram(step.run))
      passed++
      lines.push(`  passed    ${step.name} (${seconds()})`)
    } catch (error) {
      failed++
      lines.push(`  FAILED    ${step.name} (${seconds()}): ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`\n${lines.join('\n')}\n\nsteps: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 ? 0 : 1
}
