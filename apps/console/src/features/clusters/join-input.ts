import type { ConnectionTest, JoinCluster } from '@meshdeck/contract'
import { isNamespaceName, type AccountChoice } from '@meshdeck/kube'

/** As much as the server takes. */
export const MAX_KUBECONFIG_BYTES = 1_048_576

/** What the form holds; the kubeconfig stays in the page's memory and goes nowhere but to the server. */
export interface JoinInput {
  kubeconfig: string
  context: string
  name: string
  displayName: string
  prometheusUrl: string
  region: string
  network: string
}

export const EMPTY_INPUT: JoinInput = {
  kubeconfig: '',
  context: '',
  name: '',
  displayName: '',
  prometheusUrl: '',
  region: '',
  network: '',
}

/** An i18n key of `problems` in the namespace `joining`. */
export type JoinProblem = 'kubeconfigMissing' | 'nameMissing' | 'nameInvalid' | 'nameTaken' | 'prometheusInvalid'

/** What is wrong with the input, by field, as far as it can be told here. */
export function joinProblems(
  input: JoinInput,
  taken: readonly string[],
): Partial<Record<'kubeconfig' | 'name' | 'prometheusUrl', JoinProblem>> {
  const name = nameProblem(input.name, taken)
  return {
    ...(input.kubeconfig.trim() === '' ? { kubeconfig: 'kubeconfigMissing' as const } : {}),
    ...(name === undefined ? {} : { name }),
    ...(isPrometheusAddress(input.prometheusUrl) ? {} : { prometheusUrl: 'prometheusInvalid' as const }),
  }
}

/** Whether it could be the address of a Prometheus, or is none at all. */
export const isPrometheusAddress = (text: string): boolean =>
  text.trim() === '' || /^https?:\/\/[^\s/]/.test(text.trim())

function nameProblem(name: string, taken: readonly string[]): JoinProblem | undefined {
  if (name === '') return 'nameMissing'
  if (!isNamespaceName(name)) return 'nameInvalid'
  return taken.includes(name) ? 'nameTaken' : undefined
}

/** The input as it is sent: members that are empty are left out. */
export function toJoinCluster(input: JoinInput): JoinCluster {
  const { name, kubeconfig, ...rest } = input
  const optional = Object.entries(rest)
    .map(([key, value]) => [key, value.trim()] as const)
    .filter(([, value]) => value !== '')
  return { name, kubeconfig, ...Object.fromEntries(optional) }
}

/** The field that a failed reading of the kubeconfig is about. */
export const refusedField = (code: string | undefined, contexts: readonly string[]): 'kubeconfig' | 'context' =>
  contexts.length > 1 && code?.startsWith('context-') ? 'context' : 'kubeconfig'

/** Whether joining makes sense after a test: the kubeconfig itself could be read. */
export const couldJoin = (test: ConnectionTest): boolean =>
  test.steps.some(({ step, result }) => step === 'kubeconfig' && result !== 'failed')

/** Whether the cluster has answered, so that something can be made in it. */
export const reached = (test: ConnectionTest): boolean =>
  test.steps.some(({ step, result }) => step === 'connect' && result === 'ok')

/** What is sent, with the account that is wished for. */
export const withAccount = <T extends object>(
  body: T,
  account: AccountChoice | undefined,
): T & { account?: AccountChoice } => ({ ...body, ...(account === undefined ? {} : { account }) })
