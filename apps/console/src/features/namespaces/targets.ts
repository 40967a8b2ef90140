import type { WorkloadTarget } from '@meshdeck/contract'
import { kindOf, printResourceRef } from '@meshdeck/kube'

export interface NamespaceTarget {
  cluster: string
  namespace: string
}

export type { WorkloadTarget }

/** As the results of a batch name a namespace. */
export const namespaceKey = ({ cluster, namespace }: NamespaceTarget): string =>
  printResourceRef({ cluster, kind: 'Namespace', name: namespace })

/** As the results of a batch name a workload. */
export const workloadKey = ({ cluster, kind, namespace, name }: WorkloadTarget): string =>
  printResourceRef({ cluster, kind, namespace, name })

/** A workload as its restart is asked for. */
export const workloadTarget = ({ cluster, namespace, kind, name }: WorkloadTarget): WorkloadTarget => ({
  cluster,
  namespace,
  kind,
  name,
})

/** A namespace in the address: `cluster/namespace`, since neither name can hold a slash. */
export const printTarget = ({ cluster, namespace }: NamespaceTarget): string => `${cluster}/${namespace}`

/** Reads what `printTarget` wrote; undefined when it is not of that form. */
export function parseTarget(text: string): NamespaceTarget | undefined {
  const [, cluster, namespace] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  return cluster === undefined || namespace === undefined ? undefined : { cluster, namespace }
}

/** The commands that set labels as a plan says. A label that goes has a minus behind it. */
export function labelCommand(
  { cluster, namespace }: NamespaceTarget,
  labels: readonly { label: string; after?: string | undefined }[],
): string {
  const words = labels.map(({ label, after }) => (after === undefined ? `${label}-` : `${label}=${after}`))
  return `kubectl --context ${cluster} label namespace ${namespace} ${words.join(' ')} --overwrite`
}

/** The commands that restart workloads, one for each namespace. */
export function restartCommand(targets: readonly WorkloadTarget[]): string {
  const groups = Map.groupBy(targets, ({ cluster, namespace }) => `--context ${cluster} -n ${namespace}`)
  return [...groups]
    .map(([scope, group]) => {
      const names = group.map(({ kind, name }) => `${kindOf(kind).kind.toLowerCase()}/${name}`)
      return `kubectl ${scope} rollout restart ${names.join(' ')}`
    })
    .join('\n')
}
