import { isRecord, listAt, numberAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { controlledBy, controllerOf, reconcileEach } from './controller-context.ts'

/** Keeps as many pods of a template as a ReplicaSet asks for. */
export function startReplicaSets(context: ControllerContext): () => void {
  const { api } = context
  const { again, stop } = reconcileEach(context, 'replicaset', 'apps/replicasets', (set) => reconcile(context, set))
  const stopPods = api.watch('pods', ({ object }) => {
    const owner = controllerOf(object, 'ReplicaSet')
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
  const pods = podsOf(context, set)
  const alive = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isOver(pod))
  const wanted = numberAt(set, 'spec', 'replicas') ?? 0
  for (let index = alive.length; index < wanted; index++) api.create('pods', podOf(set, `${set.metadata.name}-`))
  const surplus = alive
    .toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))
    .slice(0, Math.max(0, alive.length - wanted))
  for (const pod of surplus) api.delete('pods', pod.metadata.namespace, pod.metadata.name)

  const now = podsOf(context, set).filter((pod) => pod.metadata.deletionTimestamp === undefined && !isOver(pod))
  const ready = now.filter(isReady).length
  const status = {
    replicas: now.length,
    ...(now.length > 0 ? { fullyLabeledReplicas: now.length } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    observedGeneration: set.metadata.generation,
  }
  const latest = api.get('apps/replicasets', set.metadata.namespace, set.metadata.name)
  if (latest !== undefined && !sameJson(latest.status, status))
    api.updateStatus('apps/replicasets', { ...latest, status })
}

/** A pod of a controller's template. @param name a name, or a prefix that ends in `-`. */
export function podOf(owner: KubeObject, name: string, labels: Readonly<Record<string, string>> = {}): KubeObject {
  const template = recordAt(owner, 'spec', 'template')
  const metadata = recordAt(template, 'metadata')
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name.endsWith('-') ? { name: '', generateName: name } : { name }),
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...texts(metadata['labels']), ...labels },
      ...(isRecord(metadata['annotations']) ? { annotations: texts(metadata['annotations']) } : {}),
      ownerReferences: [controlledBy(owner)],
    },
    spec: template['spec'],
  }
}

export function podsOf({ api }: ControllerContext, owner: KubeObject): readonly KubeObject[] {
  return api
    .dependents(owner.metadata.uid ?? '')
    .filter(({ resource }) => resource === 'pods')
    .map(({ object }) => object)
}

export function isReady(pod: KubeObject): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  )
}

/** Pods that ended by themselves are replaced. */
export function isOver(pod: KubeObject): boolean {
  const phase = textAt(pod, 'status', 'phase')
  return phase === 'Failed' || phase === 'Succeeded'
}

function texts(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])) : {}
}
