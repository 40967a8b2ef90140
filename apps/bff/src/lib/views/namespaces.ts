import type { NamespaceView } from '@meshdeck/contract'
import { MESHDECK_NAMESPACE, NEVER_INJECTED_NAMESPACES, type Namespace } from '@meshdeck/kube'
import { CNI_NAMESPACE, namespaceInjection, ZTUNNEL_NAMESPACE, type WorkloadKey } from '@meshdeck/mesh'
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

/** Whether a namespace belongs to what carries a cluster and not to those who work in it: lists leave it out at first. */
export function isSystemNamespace(name: string, systemNamespace: string): boolean {
  return name === systemNamespace || SYSTEM_NAMESPACES.has(name)
}

/** Modules of DCE 5.0; each lives in a namespace `NAME-system`. */
const DCE_MODULES =
  'amamba ghippo insight ipavo kairship kangaroo kant kcoral kpanda kubean mcamel mspider skoala spidernet'.split(' ')
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  ...NEVER_INJECTED_NAMESPACES,
  MESHDECK_NAMESPACE,
  'istio-system',
  'istio-operator',
  'sail-operator',
  CNI_NAMESPACE,
  ZTUNNEL_NAMESPACE,
  ...DCE_MODULES.map((module) => `${module}-system`),
])
