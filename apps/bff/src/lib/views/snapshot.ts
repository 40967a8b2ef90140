import type { DaemonSet, Deployment, KubeResource, Namespace, Pod, Service, StatefulSet } from '@meshdeck/kube'
import {
  indexReplicaSets,
  podsByWorkload,
  printWorkloadKey,
  type InjectionWebhook,
  type ReplicaSetIndex,
} from '@meshdeck/mesh'

/** What one cluster holds and the caller may see; the input of all views. */
export interface ClusterSnapshot {
  cluster: string
  namespaces: readonly Namespace[]
  services: readonly Service[]
  pods: readonly Pod[]
  workloads: readonly Workload[]
  replicaSets: readonly KubeResource[]
  /** Absent when they are not known; then Istio's default rule is assumed. */
  webhooks?: readonly InjectionWebhook[]
}

export type Workload = (Deployment | StatefulSet | DaemonSet) & { kind: WorkloadKindName }
export type WorkloadKindName = 'Deployment' | 'StatefulSet' | 'DaemonSet'

/** A snapshot with the look-ups that views share, each made once. */
export interface IndexedSnapshot extends ClusterSnapshot {
  replicaSetIndex: ReplicaSetIndex
  podsIn(namespace: string): readonly Pod[]
  workloadsIn(namespace: string): readonly Workload[]
  servicesIn(namespace: string): readonly Service[]
  podsOf(workload: Workload): readonly Pod[]
  namespace(name: string): Pick<KubeResource, 'metadata'>
}

/** Indexes by the pods that they are of, which are the same list until one of them changes. */
const indexed = new WeakMap<readonly Pod[], IndexedSnapshot>()

/** Indexes a snapshot by namespace and workload; the same lists give the same index. */
export function indexSnapshot(snapshot: ClusterSnapshot): IndexedSnapshot {
  const known = indexed.get(snapshot.pods)
  if (known !== undefined && isSame(known, snapshot)) return known
  const fresh = index(snapshot)
  indexed.set(snapshot.pods, fresh)
  return fresh
}

function isSame(a: ClusterSnapshot, b: ClusterSnapshot): boolean {
  return (
    a.cluster === b.cluster &&
    a.namespaces === b.namespaces &&
    a.services === b.services &&
    a.pods === b.pods &&
    a.replicaSets === b.replicaSets &&
    a.webhooks === b.webhooks &&
    a.workloads.length === b.workloads.length &&
    a.workloads.every((workload, place) => workload === b.workloads[place])
  )
}

function index(snapshot: ClusterSnapshot): IndexedSnapshot {
  const pods = groupByNamespace(snapshot.pods)
  const workloads = groupByNamespace(snapshot.workloads)
  const services = groupByNamespace(snapshot.services)
  const namespaces = new Map(snapshot.namespaces.map((namespace) => [namespace.metadata.name, namespace]))
  const replicaSetIndex = indexReplicaSets(snapshot.replicaSets)
  const byWorkload = podsByWorkload(snapshot.pods, replicaSetIndex)
  return {
    ...snapshot,
    replicaSetIndex,
    podsIn: (namespace) => pods.get(namespace) ?? [],
    workloadsIn: (namespace) => workloads.get(namespace) ?? [],
    servicesIn: (namespace) => services.get(namespace) ?? [],
    podsOf: ({ kind, metadata }) =>
      byWorkload.get(printWorkloadKey({ kind, namespace: metadata.namespace ?? '', name: metadata.name })) ?? [],
    // Who may see the pods need not see the namespace; then its labels count as unset.
    namespace: (name) => namespaces.get(name) ?? { metadata: { name } },
  }
}

/** Groups objects by their namespace. */
function groupByNamespace<T extends KubeResource>(objects: readonly T[]): Map<string, T[]> {
  return Map.groupBy(objects, (object) => object.metadata.namespace ?? '')
}
