import type { Cluster, ClusterStatus } from '@meshdeck/kube'
import type { Inventory } from '../probes/inventory.ts'
import { dateConditions, printTime, type Finding } from '../status/conditions.ts'

/** `lastSeen` moves in steps of this size, or every look at a cluster would be a write. */
const LAST_SEEN_STEP_MS = 300_000

/** What one look at a cluster found. */
export interface ClusterFindings {
  reachable: Finding
  permitted: Finding
  prometheus: Finding
  /** Only where there is an operator: clusters whose Istio comes by other means need none. */
  operator?: Finding | undefined
  /** Only where Helm could install Istio. */
  helm?: Finding | undefined
  /** Absent when the cluster could not be asked: then the last known things stay, and `lastSeen` says how old they are. */
  inside?: Inventory & { version: string | undefined }
}

/** What is to be said of a cluster. Pure. */
export function clusterStatus(cluster: Cluster, findings: ClusterFindings, now: Date): ClusterStatus {
  const before = cluster.status
  const { inside } = findings
  const known = inside ?? {
    version: before?.version,
    nodes: before?.nodes,
    clusterUid: before?.clusterUid,
    istio: before?.istio,
    platform: before?.platform,
  }
  const lastSeen = inside ? stepLastSeen(before?.lastSeen, now) : before?.lastSeen
  const { generation } = cluster.metadata
  return {
    conditions: dateConditions(before?.conditions, told(findings), now),
    ...(known.version === undefined ? {} : { version: known.version }),
    ...(known.nodes === undefined ? {} : { nodes: known.nodes }),
    ...(known.clusterUid === undefined ? {} : { clusterUid: known.clusterUid }),
    ...(known.istio === undefined ? {} : { istio: known.istio }),
    ...(known.platform === undefined ? {} : { platform: known.platform }),
    ...(lastSeen === undefined ? {} : { lastSeen }),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
}

function told({ reachable, permitted, prometheus, operator, helm }: ClusterFindings): Finding[] {
  return [reachable, permitted, prometheus, operator, helm].filter((finding) => finding !== undefined)
}

function stepLastSeen(before: string | undefined, now: Date): string {
  const age = before === undefined ? Number.NaN : now.getTime() - Date.parse(before)
  return before !== undefined && age >= 0 && age < LAST_SEEN_STEP_MS ? before : printTime(now)
}
