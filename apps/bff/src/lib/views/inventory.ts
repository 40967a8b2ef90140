import { createHash } from 'node:crypto'
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

/** An inventory, and what tells it from others: marks are equal where inventories are. */
export interface MarkedInventory {
  inventory: Required<GraphInventory>
  mark: string
}

/** Of whole snapshots; a snapshot is the same until something in it changes. */
const known = new WeakMap<IndexedSnapshot, MarkedInventory>()

/** What exists, for a graph whose metrics name only what had traffic; of all namespaces when none are named. */
export function toInventory(snapshots: readonly IndexedSnapshot[], namespaces?: ReadonlySet<string>): MarkedInventory {
  const parts = snapshots.map((snapshot) => (namespaces ? inventoryOf(snapshot, namespaces) : wholeInventory(snapshot)))
  return {
    inventory: {
      workloads: parts.flatMap(({ inventory }) => inventory.workloads),
      services: parts.flatMap(({ inventory }) => inventory.services),
    },
    mark: parts.map(({ mark }) => mark).join(' '),
  }
}

function wholeInventory(snapshot: IndexedSnapshot): MarkedInventory {
  const seen = known.get(snapshot)
  if (seen !== undefined) return seen
  const made = inventoryOf(snapshot)
  known.set(snapshot, made)
  return made
}

function inventoryOf(snapshot: IndexedSnapshot, namespaces?: ReadonlySet<string>): MarkedInventory {
  const wanted = (namespace: string | undefined): boolean => namespaces === undefined || namespaces.has(namespace ?? '')
  const inventory = {
    workloads: snapshot.workloads
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
    services: snapshot.services
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
  }
  return { inventory, mark: createHash('sha256').update(JSON.stringify(inventory)).digest('base64') }
}

/** How pods are in the mesh; nothing is said of sidecars where ztunnel is to carry their connections. */
function dataPlaneOf(pods: readonly Pod[], snapshot: IndexedSnapshot): Pick<GraphNode, 'injected' | 'ambient'> {
  if (pods.length === 0) return {}
  const isCarried = (pod: Pod): boolean =>
    !isInjected(pod) && isAmbientMember(pod, snapshot.namespace(pod.metadata.namespace ?? '').metadata.labels)
  return pods.every(isCarried) ? { ambient: true } : { injected: pods.every(isInjected) }
}
