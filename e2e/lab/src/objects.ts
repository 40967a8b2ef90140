import { runCommand } from './run-command.ts'

/** A Kubernetes object as the lab writes it. */
export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly [field: string]: unknown
}

/** How to reach a cluster with the lab's kubectl. */
export interface KubectlTarget {
  readonly kubectl: string
  readonly kubeconfig: string
  readonly signal?: AbortSignal | undefined
}

export function kubectl(target: KubectlTarget, args: readonly string[], input?: string): Promise<string> {
  return runCommand(target.kubectl, [`--kubeconfig=${target.kubeconfig}`, ...args], {
    signal: target.signal,
    // A user's own kubectl preferences and cache are none of the lab's business.
    env: { KUBERC: 'off', KUBECACHEDIR: `${target.kubeconfig}.cache` },
    ...(input === undefined ? {} : { input }),
  })
}

/** Creates objects, or makes them as described, in one call and in this order. */
export async function applyObjects(target: KubectlTarget, objects: readonly KubeObject[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects }
  await kubectl(
    target,
    ['apply', '--server-side', '--force-conflicts', '--field-manager=meshdeck-lab', '-f', '-'],
    JSON.stringify(list),
  )
}

export function namespaceObject(name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}
