import { timestamp } from '../api/metadata.ts'
import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { reconcileEach } from './controller-context.ts'

/** What a pod takes to start, and to end, in a cluster that is at leisure. */
const STARTS_MS = { least: 800, most: 2_500 }
const ENDS_MS = 800
/** Pods of an image with this tag cannot be pulled, and of this one end as soon as they start. */
const MISSING_TAG = 'missing'
const CRASHING_TAG = 'crash'
const CRASHES = 4

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone']

/** Scheduler and kubelet in one: gives pods a node and an address, starts them, ends them. Nothing runs in them. */
export function startPods(context: ControllerContext): () => void {
  const nodes = new NodePicker(context)
  const { again, stop } = reconcileEach(context, 'pod', 'pods', (pod) => reconcile(context, nodes, pod, again))
  return stop
}

type Again = (namespace: string | undefined, name: string, delayMs?: number) => void

function reconcile(context: ControllerContext, nodes: NodePicker, pod: KubeObject, again: Again): void {
  const { api, clock, random } = context
  const { name, namespace, deletionTimestamp } = pod.metadata
  if (deletionTimestamp !== undefined) {
    const due =
      Date.parse(deletionTimestamp) - Number(pod.metadata['deletionGracePeriodSeconds'] ?? 0) * 1_000 + ENDS_MS
    if (clock.now() >= due || context.pace.instant) api.delete('pods', namespace, name, { gracePeriodSeconds: 0 })
    else again(namespace, name, due - clock.now())
    return
  }
  if (textAt(pod, 'spec', 'nodeName') === undefined) {
    const node = nodes.pick(pod)
    if (node === undefined) {
      const message = 'no node is ready to take the pod'
      if (listAt(pod, 'status', 'conditions').length > 0) return
      const waiting = condition('PodScheduled', false, timestamp(clock.now()), 'Unschedulable', message)
      api.updateStatus('pods', { ...pod, status: { ...recordAt(pod, 'status'), conditions: [waiting] } })
      return
    }
    const bound = api.update('pods', {
      ...pod,
      metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...node.topology } },
      spec: { ...recordAt(pod, 'spec'), nodeName: node.name },
    })
    if (context.pace.instant) writeRunning(context, bound, node)
    else {
      api.updateStatus('pods', { ...bound, status: startingStatus(bound, node, timestamp(clock.now())) })
      again(namespace, name, STARTS_MS.least + random() * (STARTS_MS.most - STARTS_MS.least))
    }
    return
  }
  if (textAt(pod, 'status', 'phase') === 'Pending') {
    const node = nodes.find(textAt(pod, 'spec', 'nodeName') ?? '')
    const started = Date.parse(textAt(pod, 'status', 'startTime') ?? '')
    const waited = clock.now() - started
    if (!context.pace.instant && waited < STARTS_MS.least) again(namespace, name, STARTS_MS.least - waited)
    else if (node !== undefined) writeRunning(context, pod, node)
  }
}

function writeRunning({ api, clock }: ControllerContext, pod: KubeObject, node: Node): void {
  const status = runningStatus(pod, node, timestamp(clock.now()))
  api.updateStatus('pods', { ...pod, status: { ...recordAt(pod, 'status'), ...status } })
}

function startingStatus(pod: KubeObject, node: Node, now: string): Record<string, unknown> {
  return {
    ...recordAt(pod, 'status'),
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    startTime: now,
    conditions: [
      condition('PodReadyToStartContainers', false, now),
      condition('Initialized', listAt(pod, 'spec', 'initContainers').length === 0, now),
      condition('Ready', false, now, 'ContainersNotReady'),
      condition('ContainersReady', false, now, 'ContainersNotReady'),
      condition('PodScheduled', true, now),
    ],
    containerStatuses: listAt(pod, 'spec', 'containers').map((container) => ({
      ...identity(container),
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: {},
    })),
  }
}

function runningStatus(pod: KubeObject, node: Node, now: string): Record<string, unknown> {
  const containers = listAt(pod, 'spec', 'containers').map((container) => containerStatus(container, now))
  const ready = containers.every(({ running }) => running)
  const init = listAt(pod, 'spec', 'initContainers').map((container) =>
    textAt(container, 'restartPolicy') === 'Always'
      ? containerStatus(container, now).status
      : {
          ...identity(container),
          ready: true,
          restartCount: 0,
          started: false,
          lastState: {},
          state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now } },
        },
  )
  const ip = textAt(pod, 'status', 'podIP') ?? node.nextAddress()
  return {
    phase: containers.some(({ pulled }) => pulled) ? 'Running' : 'Pending',
    hostIP: node.address,
    hostIPs: [{ ip: node.address }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: textAt(pod, 'status', 'startTime') ?? now,
    conditions: [
      condition('PodReadyToStartContainers', true, now),
      condition('Initialized', true, now),
      condition('Ready', ready, now, 'ContainersNotReady'),
      condition('ContainersReady', ready, now, 'ContainersNotReady'),
      condition('PodScheduled', true, now),
    ],
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: containers.map(({ status: told }) => told),
  }
}

interface ContainerState {
  readonly pulled: boolean
  readonly running: boolean
  readonly status: Record<string, unknown>
}

function containerStatus(container: unknown, now: string): ContainerState {
  const image = textAt(container, 'image') ?? ''
  const own = { ...identity(container), restartCount: 0, lastState: {} }
  if (image.endsWith(`:${MISSING_TAG}`)) {
    const state = { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` } }
    return { pulled: false, running: false, status: { ...own, ready: false, started: false, state } }
  }
  if (image.endsWith(`:${CRASHING_TAG}`)) {
    const message = 'back-off 5m0s restarting failed container'
    const state = { waiting: { reason: 'CrashLoopBackOff', message } }
    const lastState = { terminated: { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now } }
    const status = { ...own, ready: false, started: false, restartCount: CRASHES, state, lastState }
    return { pulled: true, running: false, status }
  }
  const state = { running: { startedAt: now } }
  return { pulled: true, running: true, status: { ...own, ready: true, started: true, state } }
}

function identity(container: unknown): Record<string, unknown> {
  const image = textAt(container, 'image') ?? ''
  return { name: textAt(container, 'name'), image, imageID: `${image}@sandbox` }
}

function condition(
  type: string,
  holds: boolean,
  now: string,
  reason?: string,
  message?: string,
): Record<string, unknown> {
  return {
    type,
    status: holds ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: now,
    ...(holds || reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }
}

interface Node {
  readonly name: string
  /** Labels of its region and zone, which its pods get as well (KEP-4742). */
  readonly topology: Readonly<Record<string, string>>
  readonly address: string
  nextAddress(): string
}

/** Gives pods nodes in turn. A node of number N has the addresses 10.(128 + N / 64).(N % 64 * 4).0/22. */
class NodePicker {
  readonly #context: ControllerContext
  readonly #nodes = new Map<string, Node>()
  #next = 0

  constructor(context: ControllerContext) {
    this.#context = context
  }

  pick(pod: KubeObject): Node | undefined {
    const ready = this.#context.api
      .list('nodes')
      .filter((node) => recordAt(node, 'spec')['unschedulable'] !== true && isNodeReady(node) && suits(node, pod))
    const node = ready[this.#next++ % Math.max(1, ready.length)]
    return node === undefined ? undefined : this.#known(node)
  }

  find(name: string): Node | undefined {
    const node = this.#context.api.get('nodes', undefined, name)
    return node === undefined ? undefined : this.#known(node)
  }

  #known(node: KubeObject): Node {
    const { name } = node.metadata
    let known = this.#nodes.get(name)
    if (known === undefined) {
      const number = this.#nodes.size
      let last = 1
      const address = listAt(node, 'status', 'addresses').map((item) => textAt(item, 'address'))[0]
      known = {
        name,
        topology: Object.fromEntries(
          TOPOLOGY.flatMap((label) =>
            node.metadata.labels?.[label] === undefined ? [] : [[label, node.metadata.labels[label]]],
          ),
        ),
        address: address ?? `172.18.${number >> 8}.${number & 255}`,
        nextAddress: () => {
          const host = last++ & 1_023
          return `10.${128 + (number >> 6)}.${((number & 63) << 2) + (host >> 8)}.${host & 255}`
        },
      }
      this.#nodes.set(name, known)
    }
    return known
  }
}

function isNodeReady(node: KubeObject): boolean {
  return listAt(node, 'status', 'conditions').some(
    (item) => textAt(item, 'type') === 'Ready' && textAt(item, 'status') === 'True',
  )
}

function suits(node: KubeObject, pod: KubeObject): boolean {
  const selector = recordAt(pod, 'spec')['nodeSelector']
  return !isRecord(selector) || Object.entries(selector).every(([key, value]) => node.metadata.labels?.[key] === value)
}
