import type { DetectedIstio } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

export interface IstioThereFacts {
  /** Other meshes that the cluster belongs to. */
  meshes: readonly string[]
  /** What the mesh would bring. */
  revision: string
  namespace: string
  istiods: Fact<readonly DetectedIstio[]>
}

/** Whether a cluster has an Istio already, or is another mesh's. */
export function istioThereCheck({ meshes, revision, namespace, istiods }: IstioThereFacts): Check {
  if (meshes.length > 0) return { id: 'istio', level: 'error', reason: 'inMesh', params: { meshes: meshes.join(', ') } }
  if (!isRead(istiods)) return unreadCheck('istio', istiods.unread)
  const found = istiods.value
  if (found.length === 0) return { id: 'istio', level: 'ok', reason: 'none' }
  const items = found.map((each) => `${each.version} (${each.namespace}, ${each.revision})`)
  const same = found.some((each) => each.revision === revision || each.namespace === namespace)
  return same
    ? { id: 'istio', level: 'error', reason: 'same', params: { revision, namespace }, items }
    : { id: 'istio', level: 'warning', reason: 'other', items }
}
