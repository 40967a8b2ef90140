import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ClusterApi, Clock, ObjectChange } from '../store/cluster-api.ts'
import type { Pace, WorkQueue } from './work-queue.ts'

/** What every controller is given. */
export interface ControllerContext {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly queue: WorkQueue
  readonly pace: Pace
  /** 0 to 1; one of its own, so that a fleet with a seed is always the same. */
  readonly random: () => number
}

/** Calls `reconcile` with every object of a resource that is there or changes, and again when asked to. */
export function reconcileEach(
  context: ControllerContext,
  controller: string,
  resource: ResourceKey,
  reconcile: (object: KubeObject) => void,
): {
  readonly again: (namespace: string | undefined, name: string, delayMs?: number) => void
  readonly stop: () => void
} {
  const again = (namespace: string | undefined, name: string, delayMs = 0): void => {
    context.queue.add(
      `${controller} ${namespace ?? ''}/${name}`,
      () => {
        const object = context.api.get(resource, namespace, name)
        if (object !== undefined) reconcile(object)
      },
      delayMs,
    )
  }
  const stop = context.api.watch(resource, ({ type, object }: ObjectChange) => {
    if (type !== 'DELETED') again(object.metadata.namespace, object.metadata.name)
  })
  for (const { metadata } of context.api.list(resource)) again(metadata.namespace, metadata.name)
  return { again, stop }
}

/** The owner that controls an object, of a kind. */
export function controllerOf(object: KubeObject, kind: string): { name: string; uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true && owner.kind === kind)
}

/** The reference by which an object says that this one controls it. */
export function controlledBy(owner: KubeObject): NonNullable<KubeObject['metadata']['ownerReferences']>[number] {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
