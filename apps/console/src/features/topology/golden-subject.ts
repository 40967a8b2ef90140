import type { GoldenQuery, TopologyNode } from '@meshdeck/contract'

export type GoldenSubject = Pick<GoldenQuery, 'scope' | 'namespace' | 'name' | 'cluster'>

/** How golden signals are asked for a node; undefined for what has none of its own (callers, hosts outside). */
export function goldenSubject({ id, type, namespace, name, cluster }: TopologyNode): GoldenSubject | undefined {
  const inCluster = cluster === undefined ? {} : { cluster }
  if (type === 'cluster') return { scope: 'mesh', ...inCluster }
  if (type === 'namespace') return { scope: 'namespace', namespace: namespace ?? name, ...inCluster }
  if (namespace === undefined) return undefined
  if (id.startsWith('workload:')) return { scope: 'workload', namespace, name, ...inCluster }
  return id.startsWith('service:') ? { scope: 'service', namespace, name, ...inCluster } : undefined
}
