import { isGatewayName } from '../istio/gateways.ts'
import type { GraphInventory, InventoryService, InventoryWorkload } from './model.ts'

/** The inventory, ready for questions by cluster, namespace and name. */
export interface InventoryIndex {
  workload(cluster: string | undefined, namespace: string, name: string): InventoryWorkload | undefined
  /** Workloads of an application, of one version where there is one. */
  versioned(
    cluster: string | undefined,
    namespace: string,
    app: string,
    version: string | undefined,
  ): readonly InventoryWorkload[]
  service(cluster: string | undefined, namespace: string, name: string): InventoryService | undefined
  /** What a workload or service is when it stands between others. */
  doorOf(cluster: string | undefined, namespace: string, name: string): 'gateway' | 'waypoint' | undefined
  /** In whichever cluster. */
  isWaypoint(namespace: string, name: string): boolean
  hasWaypoints: boolean
  /** The service that stands for a workload: the one of its canonical name, else the first by name. */
  serviceOf(cluster: string | undefined, namespace: string, workload: string, canonical?: string): string | undefined
  /** Where a service is when a failed call does not say: in the caller's cluster if it exists there, else the first that has it. */
  clusterOfService(namespace: string, name: string, caller: string | undefined): string | undefined
}

export function indexInventory(inventory: GraphInventory = {}): InventoryIndex {
  const workloads = new Map(inventory.workloads?.map((item) => [keyOf(item.cluster, item.namespace, item.name), item]))
  const versions = Map.groupBy(inventory.workloads ?? [], ({ cluster, namespace, name, app, version }) =>
    keyOf(cluster, namespace, versionKey(app ?? name, version)),
  )
  const services = new Map(inventory.services?.map((item) => [keyOf(item.cluster, item.namespace, item.name), item]))
  const waypoints = new Set(
    inventory.workloads?.flatMap(({ waypoint, namespace, name }) => (waypoint ? [keyOf('', namespace, name)] : [])),
  )
  const clustersOfServices = new Map<string, string[]>()
  for (const { cluster, namespace, name } of inventory.services ?? []) {
    const key = keyOf('', namespace, name)
    clustersOfServices.set(key, [...(clustersOfServices.get(key) ?? []), cluster].toSorted())
  }
  return {
    workload: (cluster, namespace, name) => workloads.get(keyOf(cluster, namespace, name)),
    versioned: (cluster, namespace, app, version) =>
      versions.get(keyOf(cluster, namespace, versionKey(app, version))) ?? [],
    service: (cluster, namespace, name) => services.get(keyOf(cluster, namespace, name)),
    doorOf(cluster, namespace, name) {
      if (waypoints.has(keyOf('', namespace, name))) return 'waypoint'
      const key = keyOf(cluster, namespace, name)
      const isGateway = (workloads.get(key)?.gateway ?? services.get(key)?.gateway ?? false) || isGatewayName(name)
      return isGateway ? 'gateway' : undefined
    },
    isWaypoint: (namespace, name) => waypoints.has(keyOf('', namespace, name)),
    hasWaypoints: waypoints.size > 0,
    serviceOf(cluster, namespace, workload, canonical) {
      const names = workloads.get(keyOf(cluster, namespace, workload))?.services?.toSorted() ?? []
      return names.find((name) => name === canonical) ?? names[0]
    },
    clusterOfService(namespace, name, caller) {
      const clusters = clustersOfServices.get(keyOf('', namespace, name)) ?? []
      return caller !== undefined && clusters.includes(caller) ? caller : (clusters[0] ?? caller)
    },
  }
}

/** Of an application in its namespace; names of Kubernetes hold no `/`. */
export const versionKey = (app: string, version: string | undefined): string => `${app}/${version ?? ''}`

// Names of Kubernetes hold no `/`.
const keyOf = (cluster: string | undefined, namespace: string, name: string): string =>
  `${cluster ?? ''}/${namespace}/${name}`
