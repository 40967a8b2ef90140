import type { ClusterView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useCan } from '../../lib/access.ts'

/** Whether the caller may let a cluster go. Contexts of the kubeconfig that Meshdeck was started with come back with it. */
export function useMayLeave(): (cluster: ClusterView) => boolean {
  const { allowed } = useCan('delete', 'Cluster', { cluster: HUB })
  return ({ source }) => allowed && source !== 'kubeconfig'
}
