import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'

/** A workload as traffic sees it: its running pods under the labels that they share. */
export interface RunningWorkload {
  readonly cluster: string
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly serviceAccount: string
  readonly readyPods: number
  readonly hasProxy: boolean
  /** The pod of the node's ztunnel that carries its connections, where it has no proxy of its own and is to be in the mesh. */
  readonly ztunnel?: string
  readonly isGateway: boolean
}

/** The workloads of a cluster by `namespace/name`; those without a ready pod are not among them. */
export function runningWorkloads(cluster: string, api: Pick<ClusterApi, 'list'>): ReadonlyMap<string, RunningWorkload> {
  const found = new Map<string, RunningWorkload>()
  const ztunnelOf = ztunnels(api)
  for (const pod of api.list('pods')) {
    if (!isReady(pod)) continue
    const namespace = pod.metadata.namespace ?? ''
    const name = workloadOf(pod)
    const key = `${namespace}/${name}`
    const before = found.get(key)
    const ztunnel = before === undefined ? ztunnelOf(pod) : before.ztunnel
    found.set(key, {
      cluster,
      namespace,
      name,
      labels: pod.metadata.labels ?? {},
      serviceAccount: textAt(pod, 'spec', 'serviceAccountName') ?? 'default',
      readyPods: (before?.readyPods ?? 0) + 1,
      hasProxy: hasProxy(pod),
      ...(ztunnel === undefined ? {} : { ztunnel }),
      isGateway: listAt(pod, 'spec', 'containers').every((container) => textAt(container, 'name') === 'istio-proxy'),
    })
  }
  return found
}

/** Those behind a Service's selector, of the workloads of its namespace. */
export function selectedBy(service: KubeObject, ofNamespace: readonly RunningWorkload[]): readonly RunningWorkload[] {
  const selector = Object.entries(recordAt(service, 'spec', 'selector'))
  if (selector.length === 0) return []
  return ofNamespace.filter((workload) => selector.every(([key, value]) => workload.labels[key] === value))
}

export function hasProxy(pod: KubeObject): boolean {
  return [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].some(
    (container) => textAt(container, 'name') === 'istio-proxy',
  )
}

/** Says which ztunnel serves a pod: that of its node, when its namespace is ambient. */
function ztunnels(api: Pick<ClusterApi, 'list'>): (pod: KubeObject) => string | undefined {
  const ambient = new Set(ambientNamespaces(api))
  const byNode = new Map(
    ambient.size === 0
      ? []
      : api
          .list('pods')
          .filter((pod) => pod.metadata.labels?.['app'] === 'ztunnel' && isReady(pod))
          .map((pod) => [textAt(pod, 'spec', 'nodeName'), pod.metadata.name]),
  )
  return (pod) =>
    ambient.has(pod.metadata.namespace ?? '') && !hasProxy(pod)
      ? byNode.get(textAt(pod, 'spec', 'nodeName'))
      : undefined
}

/** Namespaces whose pods are in the mesh without a proxy of their own. */
export function ambientNamespaces(api: Pick<ClusterApi, 'list'>): string[] {
  return api
    .list('namespaces')
    .filter(({ metadata }) => metadata.labels?.['istio.io/dataplane-mode'] === 'ambient')
    .map(({ metadata }) => metadata.name)
}

/** Whether somebody reports its connections. */
export const inMesh = ({ hasProxy: own, ztunnel }: RunningWorkload): boolean => own || ztunnel !== undefined

/** Whether a pod takes requests. */
export function isReady(pod: KubeObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return listAt(pod, 'status', 'conditions').some(
    (condition) => isRecord(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
  )
}

/** Name of what owns a pod: of a Deployment for that of a ReplicaSet. */
export function workloadOf(pod: KubeObject): string {
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller === true)
  const hash = pod.metadata.labels?.['pod-template-hash']
  if (owner === undefined) return pod.metadata.name
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name
}
