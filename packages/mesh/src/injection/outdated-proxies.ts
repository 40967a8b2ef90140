import type { DetectedIstio } from '@meshdeck/kube'
import { compareVersions } from '../istio/compare-versions.ts'
import type { Labels } from './label-selector.ts'
import { isCurrent, isInjected, proxyRevision, proxyVersion, type PodLike } from './pods.ts'

/** Names the image of the proxy, whatever istiod would have injected. */
const PROXY_IMAGE_ANNOTATION = 'sidecar.istio.io/proxyImage'

export interface OutdatedProxies {
  /** Pods whose proxy is older. */
  pods: number
  /** Of the istiod that would inject today. */
  version: string
  /** The pod template itself names the proxy's image, so that a restart brings the same one again. */
  pinned: boolean
}

export interface OutdatedInput {
  /** Of one workload. */
  pods: readonly PodLike[]
  /** The revision that injects its new pods; that of each pod's own proxy where it is not known. */
  revision?: string | undefined
  /** Annotations of the pod template. */
  annotations?: Labels | undefined
  /** The control planes that serve the workload's cluster. */
  controlPlanes: readonly Pick<DetectedIstio, 'revision' | 'version'>[]
}

/** Proxies that are older than their control plane; undefined when there are none, or when it cannot be told. */
export function outdatedProxies({
  pods,
  revision,
  annotations,
  controlPlanes,
}: OutdatedInput): OutdatedProxies | undefined {
  const versions = new Map(controlPlanes.map((istio) => [istio.revision, istio.version]))
  const older = pods.filter(isCurrent).flatMap((pod) => {
    const proxy = proxyVersion(pod)
    const version = versions.get(revision ?? proxyRevision(pod) ?? 'default')
    if (!isInjected(pod) || proxy === undefined || version === undefined) return []
    return (compareVersions(proxy, version) ?? 0) < 0 ? [version] : []
  })
  const [version] = older
  if (version === undefined) return undefined
  return { pods: older.length, version, pinned: annotations?.[PROXY_IMAGE_ANNOTATION] !== undefined }
}
