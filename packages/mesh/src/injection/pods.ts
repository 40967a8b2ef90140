import {
  DATAPLANE_MODE_LABEL,
  isRecord,
  NEVER_INJECTED_NAMESPACES,
  PROXY_CONTAINER,
  SIDECAR_STATUS_ANNOTATION,
  type KubeMetadata,
} from '@meshdeck/kube'
import { labelOf, type Labels } from './label-selector.ts'

/** What injection reads of a pod or a pod template; whole and trimmed objects both fit. */
export interface PodSpecLike {
  hostNetwork?: boolean | undefined
  containers?: readonly ContainerLike[]
  initContainers?: readonly ContainerLike[]
}
export interface ContainerLike {
  name: string
  image?: string | undefined
}
export interface PodLike {
  metadata: KubeMetadata
  spec?: PodSpecLike | undefined
  status?: { phase?: string | undefined } | undefined
}

/** The value that Istio's gateway chart gives as image, for the webhook to replace. */
const IMAGE_TO_BE_INJECTED = 'auto'
const AMBIENT_REDIRECTION_ANNOTATION = 'ambient.istio.io/redirection'

/** Whether the pod runs Istio's proxy: as a container, as a native sidecar, or by the webhook's own mark. */
export function isInjected(pod: PodLike): boolean {
  return (
    proxyContainer(pod.spec) !== undefined || labelOf(pod.metadata.annotations, SIDECAR_STATUS_ANNOTATION) !== undefined
  )
}

/**
 * Whether a pod is part of what carries a cluster or its mesh, and never gets a sidecar: those of Kubernetes' system
 * namespaces, istiod, the node agents, and the operator that installs them.
 */
export function isMachinery({ metadata }: PodLike): boolean {
  if (NEVER_INJECTED_NAMESPACES.includes(metadata.namespace ?? '')) return true
  return MACHINERY_LABELS.some(([label, values]) => values.includes(labelOf(metadata.labels, label) ?? ''))
}

/** Labels of Istio's own charts and of the Sail Operator's. */
const MACHINERY_LABELS: readonly (readonly [label: string, values: readonly string[]])[] = [
  ['app', ['istiod', 'ztunnel']],
  ['k8s-app', ['istio-cni-node', 'ztunnel']],
  ['control-plane', ['sail-operator']],
]

/** Whether ztunnel carries the pod's traffic (the CNI agent writes this mark). */
export function isAmbient(pod: PodLike): boolean {
  return labelOf(pod.metadata.annotations, AMBIENT_REDIRECTION_ANNOTATION) === 'enabled'
}

/** Whether ztunnel carries the pod's traffic, or is to: by the agent's mark, else by the pod's label or its namespace's. */
export function isAmbientMember(pod: PodLike, namespaceLabels: Labels | undefined): boolean {
  const mode = labelOf(pod.metadata.labels, DATAPLANE_MODE_LABEL) ?? labelOf(namespaceLabels, DATAPLANE_MODE_LABEL)
  return isAmbient(pod) || mode === 'ambient'
}

/** Tag of the proxy's image (`1.31.0`, `1.31.0-distroless`); undefined without a proxy, or with a digest only. */
export function proxyVersion(pod: PodLike): string | undefined {
  const image = proxyContainer(pod.spec)?.image
  if (image === undefined) return undefined
  const [name = ''] = image.split('@')
  return /:([^:/]+)$/.exec(name)?.[1]
}

/** The revision that injected the pod, from the webhook's mark; undefined when it does not say. */
export function proxyRevision(pod: PodLike): string | undefined {
  const mark = labelOf(pod.metadata.annotations, SIDECAR_STATUS_ANNOTATION)
  if (mark === undefined) return undefined
  try {
    const status: unknown = JSON.parse(mark)
    const revision = isRecord(status) ? status['revision'] : undefined
    return typeof revision === 'string' && revision !== '' ? revision : undefined
  } catch {
    return undefined
  }
}

/** Whether the spec brings its own proxy, which is not the webhook's doing. */
export function hasOwnProxy(spec: PodSpecLike | undefined): boolean {
  const container = proxyContainer(spec)
  return container !== undefined && container.image !== IMAGE_TO_BE_INJECTED
}

/** Pods that count: those that have ended, or are on their way out, tell nothing of what runs. */
export function isCurrent(pod: PodLike): boolean {
  const phase = pod.status?.phase
  return pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed'
}

function proxyContainer(spec: PodSpecLike | undefined): ContainerLike | undefined {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find(({ name }) => name === PROXY_CONTAINER)
}
