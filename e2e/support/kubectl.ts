/** kubectl as a client of its own: what the journeys compare the console with. */
import type { PersonName } from '@meshdeck/lab'
import { testbed } from '../testbed/testbed.ts'
import { programs } from './programs.ts'
import { runProgram } from './run-program.ts'

interface KubectlOptions {
  /** Cluster of the testbed. Default: the hub. */
  cluster?: string
  /** Whose rights it has. Default: the testbed's owner. */
  person?: PersonName
  /** Standard input. */
  input?: string
}

/** Runs kubectl against the testbed and gives its output. Rejects with what it says when it fails. */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
  const { kubeconfig, people } = await testbed()
  const config = options.person === undefined ? kubeconfig : people[options.person].kubeconfig
  const context = options.cluster === undefined ? [] : ['--context', options.cluster]
  return runProgram((await programs()).kubectl, ['--kubeconfig', config, ...context, ...args], options.input)
}

/** An object as the API server has it. */
export async function kubectlGet(
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<Record<string, unknown>> {
  const value: unknown = JSON.parse(await kubectl(['get', ...args, '-o', 'json'], options))
  if (typeof value !== 'object' || value === null) throw new Error(`kubectl get ${args.join(' ')} gave no object`)
  return { ...value }
}

/** Applies YAML. */
export async function kubectlApply(yaml: string, options: KubectlOptions = {}): Promise<void> {
  await kubectl(['apply', '-f', '-'], { ...options, input: yaml })
}

/** Runs a query in the cluster's Prometheus by promtool, at an instant; one entry per series. */
export async function promtool(
  cluster: string,
  query: string,
  at: number,
): Promise<{ metric: Record<string, string>; value: number }[]> {
  const { clusters } = await testbed()
  const found = clusters.find(({ name }) => name === cluster)
  if (!found) throw new Error(`the testbed has no cluster ${cluster}`)
  const text = await runProgram((await programs()).promtool, [
    'query',
    'instant',
    '-o',
    'json',
    `--time=${at}`,
    found.prometheusUrl,
    query,
  ])
  const series: { metric: Record<string, string>; value: [number, string] }[] = JSON.parse(text)
  return series.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}
