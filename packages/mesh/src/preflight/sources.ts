import { readPath, type KubeResource, type MeshEngine } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import type { EngineReport } from './engine.ts'
import { objectName } from './object-name.ts'
import { readList } from './read-list.ts'

/** What came of asking a source of charts for those of Istio. */
export type ChartAnswer =
  | { state: 'found' }
  | { state: 'absent' | 'unreachable' | 'refused'; message: string }
  /** A folder, or the controller's own setting: only the controller sees it. */
  | { state: 'notSeen' }

/** Whether Istio's charts are where the mesh says; `source` is `spec.controlPlane.charts`. */
export function chartsCheck(
  engine: MeshEngine,
  source: string | undefined,
  answer: ChartAnswer,
  controller: EngineReport = { ready: false },
): Check {
  if (engine !== 'Helm') return { id: 'charts', level: 'ok', reason: 'notNeeded' }
  if (source === undefined)
    return { id: 'charts', level: 'unknown', reason: 'ofController', params: { message: controller.message ?? '' } }
  const params = { source }
  switch (answer.state) {
    case 'found':
      return { id: 'charts', level: 'ok', reason: 'found', params }
    case 'notSeen':
      return { id: 'charts', level: 'unknown', reason: 'folder', params }
    case 'absent':
      return { id: 'charts', level: 'error', reason: 'absent', params: { ...params, message: answer.message } }
    // From here it cannot be read; the controller may have another way, or another credential.
    case 'unreachable':
    case 'refused':
      return { id: 'charts', level: 'warning', reason: answer.state, params: { ...params, message: answer.message } }
  }
}

/** Where Istio's images come from when nothing is said. */
const STANDARD_HUB = 'docker.io/istio'
const PULL_FAILURES = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'RegistryUnavailable']

/**
 * Whether pods of a cluster can pull images from the hub. Nobody but the nodes can try that, so it is known only where
 * one has such an image already, or a pod has failed to get one.
 */
export function imagesCheck(
  hub: string = STANDARD_HUB,
  nodes: Fact<readonly KubeResource[]>,
  pods: Fact<readonly KubeResource[]>,
): Check {
  const params = { hub }
  const isFrom = (image: unknown): boolean =>
    typeof image === 'string' && fullName(image).startsWith(`${fullName(hub)}/`)
  const running = isRead(pods)
    ? pods.value.find((pod) => readList(pod, IMAGES).some(isFrom) && isRunning(pod))
    : undefined
  if (running !== undefined)
    return { id: 'images', level: 'ok', reason: 'runs', params: { ...params, pod: objectName(running) } }
  const failing = isRead(pods) ? pods.value.filter((pod) => failsToPull(pod, isFrom)) : []
  if (failing.length > 0)
    return { id: 'images', level: 'warning', reason: 'pullFails', params, items: failing.map(objectName) }
  const holder = isRead(nodes)
    ? nodes.value.find((node) => readList(node, 'status.images.*.names').some(isFrom))
    : undefined
  if (holder !== undefined)
    return { id: 'images', level: 'ok', reason: 'onNode', params: { ...params, node: holder.metadata.name } }
  if (!isRead(nodes) && !isRead(pods)) return unreadCheck('images', nodes.unread)
  return { id: 'images', level: 'unknown', reason: 'notTried', params }
}

const IMAGES = 'spec.containers.*.image'

const isRunning = (pod: KubeResource): boolean => readPath(pod, 'status.phase') === 'Running'

function failsToPull(pod: KubeResource, isFrom: (image: unknown) => boolean): boolean {
  const states = [
    ...readList(pod, 'status.containerStatuses.*.state'),
    ...readList(pod, 'status.initContainerStatuses.*.state'),
  ]
  return (
    states.some((state) => PULL_FAILURES.includes(String(readPath(state, 'waiting.reason')))) &&
    [...readList(pod, IMAGES), ...readList(pod, 'spec.initContainers.*.image')].some(isFrom)
  )
}

/** With the registry that a container runtime puts in front when none is named. */
function fullName(image: string): string {
  const [first = ''] = image.split('/')
  return first.includes('.') || first.includes(':') || first === 'localhost' ? image : `docker.io/${image}`
}
