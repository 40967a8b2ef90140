import { kindOf, type KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { accessCheck, useCanAny, type Can } from '../lib/access.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { resourceQueries } from './resource-queries.ts'

/** So many namespaces are asked about when a cluster-wide right is missing; more would be a burden on the access review. */
const MAX_NAMESPACES = 100

/** Whether the caller may create objects of a kind in some place of the mesh. */
export function useMayCreate(kind: KindId): Can {
  const { mesh, clusters } = useMeshScope()
  const { namespaced, access } = kindOf(kind)
  const everywhere = useCanAny(
    access !== 'read' ? clusters.map((cluster) => accessCheck('create', kind, { cluster })) : [],
  )
  const narrow = namespaced && !everywhere.pending && !everywhere.allowed && clusters.length > 0
  const known = useQuery({ ...resourceQueries.namespaces(mesh), enabled: narrow })
  const somewhere = useCanAny(
    narrow ? (known.data ?? []).slice(0, MAX_NAMESPACES).map((place) => accessCheck('create', kind, place)) : [],
  )
  return {
    allowed: everywhere.allowed || somewhere.allowed,
    pending: clusters.length === 0 || everywhere.pending || (narrow && (known.isPending || somewhere.pending)),
    refused: everywhere.refused && (!namespaced || somewhere.refused),
    reason: everywhere.reason ?? somewhere.reason,
  }
}
