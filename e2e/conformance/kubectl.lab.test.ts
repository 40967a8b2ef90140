import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KUBECTL_CASES } from './kubectl-cases.ts'
import type { Command, KubectlCase } from './kubectl-cases.ts'
import { normalizeTable } from './normalize.ts'
import { openTargets } from './target.ts'
import type { KubectlOutcome, Target, Targets } from './target.ts'

let targets: Targets
let next = 0

beforeAll(async () => {
  targets = await openTargets()
})
afterAll(async () => targets.close())

describe('kubectl finds in the sandbox what it finds in a real cluster', () => {
  it.each(KUBECTL_CASES.map((each) => [each.name, each] as const))('%s', { timeout: 180_000 }, async (_, each) => {
    const namespace = `kubectl-${process.pid}-${next++}`
    const [real, simulated] = await Promise.all([
      run(targets.lab, each, namespace),
      run(targets.sandbox, each, namespace),
    ])
    expect(simulated).toEqual(real)
  })
})

async function run(target: Target, { commands }: KubectlCase, namespace: string): Promise<unknown[]> {
  await target.kubectl(
    ['create', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  )
  await target.kubectl(['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=30s'])
  try {
    const outcomes: unknown[] = []
    for (const command of commands) {
      const args = command.args.map((part) => part.replace('NS', namespace))
      const outcome = await target.kubectl(
        ['-n', namespace, ...args],
        command.input === undefined ? undefined : JSON.stringify(command.input),
        command.editor === undefined ? {} : { KUBE_EDITOR: command.editor },
      )
      outcomes.push([args.join(' '), shown(command, outcome)])
    }
    return outcomes
  } finally {
    await target.kubectl(['delete', 'namespace', namespace, '--wait=false'])
  }
}

function shown({ codeOnly, sorted }: Command, { code, stdout, stderr }: KubectlOutcome): unknown {
  if (codeOnly === true) return code
  const text = normalizeTable(stdout)
  const lines = sorted === true ? text.split(/\s*\n|(?<=\S) (?=\S)/).toSorted() : text
  return { code, stdout: lines, stderr: normalizeTable(stderr) }
}
