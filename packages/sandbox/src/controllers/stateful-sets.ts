import { createHash } from 'node:crypto'
import { numberAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { controllerOf, reconcileEach } from './controller-context.ts'
import { isReady, podOf, podsOf } from './replica-sets.ts'

const REVISION = 'controller-revision-hash'
const POD_NAME = 'statefulset.kubernetes.io/pod-name'
const POD_INDEX = 'apps.kubernetes.io/pod-index'

/** Keeps the numbered pods of StatefulSets: made in order, replaced from the last one down. */
export function startStatefulSets(context: ControllerContext): () => void {
  const { again, stop } = reconcileEach(context, 'statefulset', 'apps/statefulsets', (set) => reconcile(context, set))
  const stopPods = context.api.watch('pods', ({ object }) => {
    const owner = controllerOf(object, 'StatefulSet')
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
  const { name, namespace } = set.metadata
  const hash = createHash('sha1')
    .update(JSON.stringify(recordAt(set, 'spec')['template']))
    .digest('hex')
    .slice(0, 10)
  const revision = `${name}-${hash}`
  const wanted = numberAt(set, 'spec', 'replicas') ?? 1
  const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel'
  const pods = new Map(podsOf(context, set).map((pod) => [pod.metadata.name, pod]))
  let settled = true
  for (let index = 0; index < wanted; index++) {
    const podName = `${name}-${index}`
    const pod = pods.get(podName)
    if (pod === undefined) {
      api.create('pods', podOf(set, podName, { [REVISION]: revision, [POD_NAME]: podName, [POD_INDEX]: String(index) }))
    }
    if (pod !== undefined && isReady(pod)) continue
    settled = false
    if (!parallel) break
  }
  const surplus = [...pods.values()].filter(
    (pod) => indexOf(pod) >= wanted && pod.metadata.deletionTimestamp === undefined,
  )
  const last = surplus.toSorted((a, b) => indexOf(b) - indexOf(a))[0]
  if (last !== undefined && (settled || parallel)) api.delete('pods', namespace, last.metadata.name)
  else if (settled) replaceOne(context, set, revision)
  writeStatus(context, set, revision)
}

/** One pod at a time, so that the others go on answering. */
function replaceOne(context: ControllerContext, set: KubeObject, revision: string): void {
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0
  const pods = podsOf(context, set)
  if (pods.some((pod) => pod.metadata.deletionTimestamp !== undefined)) return
  const old = pods
    .filter((pod) => pod.metadata.labels?.[REVISION] !== revision && indexOf(pod) >= partition)
    .toSorted((a, b) => indexOf(b) - indexOf(a))[0]
  if (old !== undefined) context.api.delete('pods', old.metadata.namespace, old.metadata.name)
}

function writeStatus(context: ControllerContext, set: KubeObject, revision: string): void {
  const { api } = context
  const pods = podsOf(context, set).filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const ready = pods.filter(isReady).length
  const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length
  const done = updated === pods.length && updated >= (numberAt(set, 'spec', 'replicas') ?? 1)
  const status = {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    availableReplicas: ready,
    currentReplicas: done ? updated : pods.length - updated,
    updatedReplicas: updated,
    currentRevision: done ? revision : (textAt(set, 'status', 'currentRevision') ?? revision),
    updateRevision: revision,
    collisionCount: 0,
  }
  const latest = api.get('apps/statefulsets', set.metadata.namespace, set.metadata.name)
  if (latest !== undefined && !sameJson(latest.status, status))
    api.updateStatus('apps/statefulsets', { ...latest, status })
}

function indexOf(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? 0)
}
