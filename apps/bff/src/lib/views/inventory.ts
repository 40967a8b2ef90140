import { CANONICAL_NAME_LABEL, type Pod } from '@meshdeck/kube'
import {
  isAmbientMember,
  isCurrent,
  isGatewayWorkload,
  isInjected,
  isWaypointWorkload,
  type GraphInventory,
  type GraphNode,
} from '@meshdeck/mesh'
import { selects } from './selector.ts'
import type { IndexedSnapshot } from './snapshot.ts'
import { pick } from './clusters.ts'
import { versionOf } from './workloads.ts'

/** What exists, for a graph whose metrics name only what had traffic. */
export function toInventory(snapshots: readonly IndexedSnapshot[], namespaces?: ReadonlySet<string>): GraphInventory {
  const wanted = (namespace: string | undefined): boolean => namespaces === undefined || namespaces.has(namespace ?? '')
  return {
    workloads: snapshots.flatMap((snapshot) =>
      snapshot.workloads
        .filter(({ metadata }) => wanted(metadata.namespace))
        .map((workload) => {
          const { namespace = '', name } = workload.metadata
          const template = workload.spec?.template?.metadata
          const labels = template?.labels
          const pods = snapshot.podsOf(workload).filter(isCurrent)
          return {
            cluster: snapshot.cluster,
            namespace,
            name,
            ...pick({
              app: labels?.[CANONICAL_NAME_LABEL] ?? labels?.['app.kubernetes.io/name'] ?? labels?.['app'],
              version: versionOf(labels),
            }),
            ...dataPlaneOf(pods, snapshot),
            ...(isWaypointWorkload(labels) ? { waypoint: true as const } : {}),
            gateway: isGatewayWorkload(labels, template?.annotations),
            services: snapshot
              .servicesIn(namespace)
              .filter(({ spec }) => selects(spec?.selector, labels))
              .map(({ metadata }) => metadata.name),
          }
        }),
    ),
    services: snapshots.flatMap((snapshot) =>
      snapshot.services
        .filter(({ metadata }) => wanted(metadata.namespace))
        .map(({ metadata, spec }) => {
          const pods = snapshot
            .podsIn(metadata.namespace ?? '')
            .filter((pod) => isCurrent(pod) && selects(spec?.selector, pod.metadata.labels))
          return {
            cluster: snapshot.cluster,
            namespace: metadata.namespace ?? '',
            name: metadata.name,
            ...dataPlaneOf(pods, snapshot),
          }
        }),
    ),
  }
}

/** How pods are in the mesh; nothing is said of sidecars where ztunnel is to carry their connections. */
function dataPlaneOf(pods: readonly Pod[], snapshot: IndexedSnapshot): Pick<GraphNode, 'injected' | 'ambient'> {
  if (pods.length === 0) return {}
  const isCarried = (pod: Pod): boolean =>
    !isInjected(pod) && isAmbientMember(pod, snapshot.namespace(pod.metadata.namespace ?? '').metadata.labels)
  return pods.every(isCarried) ? { ambient: true } : { injected: pods.every(isInjected) }
}
