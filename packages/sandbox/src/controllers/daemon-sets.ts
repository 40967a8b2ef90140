import { createHash } from 'node:crypto'
import { recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { controllerOf, reconcileEach } from './controller-context.ts'
import { isReady, podOf, podsOf } from './replica-sets.ts'

const REVISION = 'controller-revision-hash'

/** Keeps one pod of a DaemonSet on each node, replaced one node after the other. */
export function startDaemonSets(context: ControllerContext): () => void {
  const { again, stop } = reconcileEach(context, 'daemonset', 'apps/daemonsets', (set) => reconcile(context, set))
  const stopPods = context.api.watch('pods', ({ object }) => {
    const owner = controllerOf(object, 'DaemonSet')
    if (owner !== undefined) again(object.metadata.namespace, owner.name)
  })
  return () => {
    stop()
    stopPods()
  }
}

function reconcile(context: ControllerContext, set: KubeObject): void {
  if (set.metadata.deletionTimestamp !== undefined) return
  const { api } = context
  const revision = createHash('sha1')
    .update(JSON.stringify(recordAt(set, 'spec')['template']))
    .digest('hex')
    .slice(0, 10)
  const selector = Object.entries(recordAt(set, 'spec', 'template', 'spec', 'nodeSelector'))
  const nodes = api
    .list('nodes')
    .filter((node) => selector.every(([key, value]) => node.metadata.labels?.[key] === value))
    .map((node) => node.metadata.name)
  const pods = new Map(podsOf(context, set).map((pod) => [textAt(pod, 'spec', 'nodeName') ?? '', pod]))
  for (const node of nodes) {
    if (pods.has(node)) continue
    const pod = podOf(set, `${set.metadata.name}-`, { [REVISION]: revision })
    api.create('pods', { ...pod, spec: { ...recordAt(pod, 'spec'), nodeName: node } })
  }
  const all = [...pods.values()]
  for (const [node, pod] of pods) {
    if (!nodes.includes(node)) api.delete('pods', pod.metadata.namespace, pod.metadata.name)
  }
  const old = all.find((pod) => pod.metadata.labels?.[REVISION] !== revision)
  if (
    old !== undefined &&
    all.length === nodes.length &&
    all.every((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined)
  ) {
    api.delete('pods', old.metadata.namespace, old.metadata.name)
  }
  writeStatus(context, set, nodes.length, revision)
}

function writeStatus(context: ControllerContext, set: KubeObject, desired: number, revision: string): void {
  const { api } = context
  const pods = podsOf(context, set).filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const ready = pods.filter(isReady).length
  const status = {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length,
    numberAvailable: ready,
    ...(desired > ready ? { numberUnavailable: desired - ready } : {}),
  }
  const latest = api.get('apps/daemonsets', set.metadata.namespace, set.metadata.name)
  if (latest !== undefined && !sameJson(latest.status, status))
    api.updateStatus('apps/daemonsets', { ...latest, status })
}
