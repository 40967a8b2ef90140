import type { ClusterView } from '@meshdeck/contract'
import type { MeshEngine } from '@meshdeck/kube'
import { releasesFor } from '@meshdeck/mesh'

/** A cluster where a mesh could be made; why not, when it cannot: a key of `meshes:wizard.obstacles`. */
export interface Host {
  cluster: ClusterView
  obstacle: 'lost' | 'unknown' | 'inMesh' | 'hasIstio' | 'noEngine' | 'tooOld' | undefined
}

/** What could install Istio in a cluster, the one to take first in front. */
export function enginesOf({ conditions }: ClusterView): MeshEngine[] {
  const isTrue = (wanted: string) => conditions.some(({ type, status }) => type === wanted && status === 'True')
  return [...(isTrue('OperatorReady') ? (['Sail'] as const) : []), ...(isTrue('HelmReady') ? (['Helm'] as const) : [])]
}

/** `Kubernetes v1.36.3 · OpenShift`, as far as it is known. */
export function printVersion({ version, platform }: ClusterView): string {
  return [version && `Kubernetes ${version}`, platform === 'OpenShift' && platform].filter(Boolean).join(' · ')
}

export function hostsOf(clusters: readonly ClusterView[]): Host[] {
  return clusters.map((cluster) => ({ cluster, obstacle: obstacleOf(cluster) }))
}

function obstacleOf(cluster: ClusterView): Host['obstacle'] {
  if (cluster.state !== 'reachable') return cluster.state
  if (cluster.meshes.length > 0) return 'inMesh'
  if (cluster.istio.length > 0) return 'hasIstio'
  if (enginesOf(cluster).length === 0) return 'noEngine'
  return releasesFor(cluster.version).length === 0 ? 'tooOld' : undefined
}
