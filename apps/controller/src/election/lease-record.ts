import { isRecord, type KubeResource } from '@meshdeck/kube'

/** `spec` of a coordination.k8s.io/v1 Lease. Times are RFC 3339 with microseconds. */
export interface LeaseSpec {
  holderIdentity?: string
  leaseDurationSeconds?: number
  acquireTime?: string
  renewTime?: string
  leaseTransitions?: number
}

export interface Lease extends KubeResource {
  spec: LeaseSpec
}

/** Kubernetes' MicroTime, which is read with exactly six digits. */
export function printMicroTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z')
}

/** What a lease says, read with care: anybody may have written it. */
export function readLeaseSpec(lease: KubeResource): LeaseSpec {
  return isRecord(lease.spec) ? lease.spec : {}
}

/** Equal as long as nobody has renewed or taken the lease; its clock is never compared with ours. */
export function leaseMark(lease: KubeResource): string {
  return JSON.stringify([lease.metadata.uid, lease.metadata.resourceVersion, lease.spec])
}
