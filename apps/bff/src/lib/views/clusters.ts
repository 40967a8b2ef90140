import type { ClusterView, ConditionView, Problem } from '@meshdeck/contract'
import { meshFootprint, type Cluster, type Condition, type Mesh } from '@meshdeck/kube'

/** What the watch cache knows of a cluster's reachability. */
export interface Reachability {
  state: 'reachable' | 'lost' | 'unknown'
  problem?: Problem
}

/** A cluster as its list shows it. `hubUid` is the uid of the hub's kube-system. */
export function toClusterView(
  cluster: Cluster,
  meshes: readonly Mesh[],
  { state, problem }: Reachability,
  hubUid: string | undefined,
): ClusterView {
  const { metadata, spec, status } = cluster
  return {
    name: metadata.name,
    ...pick({
      displayName: spec.displayName,
      provider: spec.provider,
      region: spec.region,
      network: spec.network,
      problem,
      version: status?.version,
      platform: status?.platform,
      nodes: status?.nodes,
      prometheusUrl: spec.prometheus?.url,
      prometheusHeaders: spec.prometheus?.headers,
      prometheusServerName: spec.prometheus?.tls?.serverName,
      prometheusSecret: spec.prometheus?.auth?.secretRef.name,
      lastSeen: status?.lastSeen,
      created: metadata.creationTimestamp,
      generation: metadata.generation,
    }),
    source: spec.access.secretRef ? 'secret' : spec.access.kubeconfigContext === undefined ? 'other' : 'kubeconfig',
    hub: hubUid !== undefined && status?.clusterUid === hubUid,
    state,
    istio: status?.istio ?? [],
    meshes: meshesOf(metadata.name, meshes),
    conditions: (status?.conditions ?? []).map(toConditionView),
  }
}

/** Names of the meshes that a cluster belongs to. */
export function meshesOf(cluster: string, meshes: readonly Mesh[]): string[] {
  return meshes.filter((mesh) => meshFootprint(mesh).includes(cluster)).map((mesh) => mesh.metadata.name)
}

export function toConditionView({ type, status, reason, message, lastTransitionTime }: Condition): ConditionView {
  return { type, status, reason, message, ...pick({ lastTransitionTime }) }
}

type Set<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>
}

/** The members that are set. */
export function pick<T extends Record<string, unknown>>(values: T): Set<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Set<T>
}
