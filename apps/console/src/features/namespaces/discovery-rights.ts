import type { NamespaceView } from '@meshdeck/contract'
import { accessCheck, useCans } from '../../lib/access.ts'
import { discoveryRef } from './discovery-plan.ts'

/** Whether the `Sidecar` of each namespace may be set: first asked for whole clusters, then where that is not allowed. */
export function useDiscoveryRights(rows: readonly NamespaceView[]): (row: NamespaceView) => boolean {
  const clusterOf = (row: NamespaceView): string => discoveryRef(row).cluster
  const clusters = [...new Set(rows.map(clusterOf))]
  const wide = useCans(clusters.map((cluster) => accessCheck('create', 'Sidecar', { cluster })))
  const answers = new Map(clusters.map((cluster, index) => [cluster, wide[index]]))
  const asked = rows.filter((row) => {
    const answer = answers.get(clusterOf(row))
    return answer?.pending === false && !answer.allowed
  })
  const narrow = useCans(
    asked.map((row) => accessCheck('create', 'Sidecar', { cluster: clusterOf(row), namespace: row.name })),
  )
  return (row) => answers.get(clusterOf(row))?.allowed === true || narrow[asked.indexOf(row)]?.allowed === true
}
