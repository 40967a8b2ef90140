import { readPath, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { readList } from './read-list.ts'

/**
 * More than this is told. Kubernetes and Istio bear a few seconds, and the time in an HTTP answer is told in whole
 * seconds; what goes beyond is a clock that nobody keeps right, and drifts on.
 */
const WARN_MS = 5_000
/**
 * Certificates of istiod hold from two minutes before they are signed: a workload whose clock is behind by more refuses them.
 * Source: ClockSkewGracePeriod, https://github.com/istio/istio/blob/master/security/pkg/pki/util/generate_cert.go
 */
const REFUSED_MS = 120_000
/** A kubelet renews its lease every ten seconds; a node counts as silent after 40. Source: https://kubernetes.io/docs/concepts/architecture/leases/ */
const SILENT_MS = 40_000

export interface ClockFacts {
  /** By how much the API server's clock is ahead of Meshdeck's, in milliseconds, and its time when it was asked. */
  server: Fact<{ aheadMs: number; at: number }>
  /** Leases of kube-node-lease, one for each node. */
  leases: Fact<readonly KubeResource[]>
  nodes: Fact<readonly KubeResource[]>
}

/** Whether the clocks of a cluster and of its nodes agree with Meshdeck's, which dates the mesh's authority. */
export function clockCheck({ server, leases, nodes }: ClockFacts): Check {
  if (!isRead(server)) return unreadCheck('clock', server.unread)
  const { aheadMs, at } = server.value
  const seconds = Math.round(Math.abs(aheadMs) / 1_000)
  const params = { seconds, direction: aheadMs < 0 ? 'behind' : 'ahead' }
  if (Math.abs(aheadMs) > REFUSED_MS) return { id: 'clock', level: 'error', reason: 'farOff', params }
  if (Math.abs(aheadMs) > WARN_MS) return { id: 'clock', level: 'warning', reason: 'off', params }
  const strays = isRead(leases) && isRead(nodes) ? straysOf(leases.value, nodes.value, at) : []
  if (strays.length > 0) return { id: 'clock', level: 'warning', reason: 'nodesOff', params, items: strays }
  return {
    id: 'clock',
    level: 'ok',
    reason: isRead(leases) && leases.value.length > 0 ? 'agree' : 'serverAgrees',
    params,
  }
}

/** Nodes whose own clocks are not the API server's: each dates its lease itself. */
function straysOf(leases: readonly KubeResource[], nodes: readonly KubeResource[], at: number): string[] {
  return leases.flatMap(({ metadata: { name }, spec }) => {
    const renewed = Date.parse(String(readPath(spec, 'renewTime')))
    const node = nodes.find(({ metadata }) => metadata.name === name)
    if (Number.isNaN(renewed) || node === undefined) return []
    const aheadMs = renewed - at
    if (aheadMs > WARN_MS) return [`${name} (+${Math.round(aheadMs / 1_000)} s)`]
    // A node that is Ready has renewed its lease in time, so an old date is an old clock.
    if (aheadMs < -SILENT_MS - WARN_MS && isReady(node)) return [`${name} (${Math.round(aheadMs / 1_000)} s)`]
    return []
  })
}

const isReady = (node: KubeResource): boolean =>
  readList(node, 'status.conditions').some(
    (each) => readPath(each, 'type') === 'Ready' && readPath(each, 'status') === 'True',
  )
