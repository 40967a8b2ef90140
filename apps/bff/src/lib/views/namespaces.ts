import type { NamespaceView } from '@meshdeck/contract'
import type { Namespace } from '@meshdeck/kube'
import { isSystemNamespace, namespaceInjection, type WorkloadKey } from '@meshdeck/mesh'
import type { IndexedSnapshot } from './snapshot.ts'

/** A namespace with its injection, and the workloads that wait for a restart. */
export interface NamespaceInjectionView {
  view: NamespaceView
  pending: readonly WorkloadKey[]
}

/** All namespaces of a cluster. `systemNamespace` is where its Istio lives. */
export function toNamespaceViews(snapshot: IndexedSnapshot, systemNamespace: string): NamespaceView[] {
  return snapshot.namespaces.map((namespace) => toNamespaceView(snapshot, namespace, systemNamespace).view)
}

/** One namespace's injection. */
export function toNamespaceView(
  snapshot: IndexedSnapshot,
  namespace: Namespace,
  systemNamespace: string,
): NamespaceInjectionView {
  const { name, labels } = namespace.metadata
  const { pending, revision, ...injection } = namespaceInjection({
    namespace,
    pods: snapshot.podsIn(name),
    workloads: snapshot.workloadsIn(name),
    replicaSets: snapshot.replicaSetIndex,
    ...(snapshot.webhooks === undefined ? {} : { webhooks: snapshot.webhooks }),
  })
  const view: NamespaceView = {
    cluster: snapshot.cluster,
    name,
    system: isSystemNamespace(name, systemNamespace),
    ...injection,
    ...(revision === undefined ? {} : { revision }),
    labels: labels ?? {},
  }
  return { view, pending }
}
