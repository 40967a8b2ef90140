import type { KubeMetadata, OwnerReference } from '@meshdeck/kube'
import { labelOf } from './label-selector.ts'
import type { PodLike } from './pods.ts'

/** A workload by kind and name. Pods of other owners (Job, a CRD's) have their owner's kind. */
export interface WorkloadKey {
  kind: string
  namespace: string
  name: string
}

/** ReplicaSets by `namespace/name`, for the step from a pod to its Deployment. */
export type ReplicaSetIndex = ReadonlyMap<string, { metadata: KubeMetadata }>

export function indexReplicaSets(replicaSets: Iterable<{ metadata: KubeMetadata }>): ReplicaSetIndex {
  const index = new Map<string, { metadata: KubeMetadata }>()
  for (const item of replicaSets) index.set(`${item.metadata.namespace ?? ''}/${item.metadata.name}`, item)
  return index
}

/**
 * The workload that a pod belongs to: its controller, or the controller's controller for a ReplicaSet. Where the
 * ReplicaSet is not in the index the Deployment's name is the ReplicaSet's without the pod-template-hash, which is how
 * the Deployment controller names it. Undefined for a bare pod.
 */
export function workloadOf(pod: PodLike, replicaSets?: ReplicaSetIndex): WorkloadKey | undefined {
  const namespace = pod.metadata.namespace ?? ''
  const owner = controllerOf(pod.metadata)
  if (owner === undefined) return undefined
  if (owner.kind !== 'ReplicaSet') return { kind: owner.kind, namespace, name: owner.name }

  const replicaSet = replicaSets?.get(`${namespace}/${owner.name}`)
  const grandOwner = replicaSet && controllerOf(replicaSet.metadata)
  if (grandOwner !== undefined) return { kind: grandOwner.kind, namespace, name: grandOwner.name }
  const hash = labelOf(pod.metadata.labels, 'pod-template-hash')
  if (replicaSet === undefined && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', namespace, name: owner.name.slice(0, -hash.length - 1) }
  }
  return { kind: 'ReplicaSet', namespace, name: owner.name }
}

/** Pods by the workload they belong to, under `printWorkloadKey`; bare pods are left out. */
export function podsByWorkload<Pod extends PodLike>(
  pods: Iterable<Pod>,
  replicaSets?: ReplicaSetIndex,
): Map<string, Pod[]> {
  const groups = new Map<string, Pod[]>()
  for (const pod of pods) {
    const workload = workloadOf(pod, replicaSets)
    if (workload === undefined) continue
    const key = printWorkloadKey(workload)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [pod])
    else group.push(pod)
  }
  return groups
}

export function printWorkloadKey({ kind, namespace, name }: WorkloadKey): string {
  return `${kind}/${namespace}/${name}`
}

function controllerOf(metadata: KubeMetadata): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)
}
