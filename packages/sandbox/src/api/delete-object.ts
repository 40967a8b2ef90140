import { recordAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import type { Cluster } from './cluster.ts'
import { conflict, notFound } from './errors.ts'
import { timestamp } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { strategyOf } from './strategies.ts'
import { isDone } from './update-object.ts'
import type { DeleteOptions } from './write-options.ts'

const DEFAULT_POD_GRACE_SECONDS = 30

export interface Deletion {
  readonly object: KubeObject
  /** False while finalizers or a grace period hold it. */
  readonly gone: boolean
}

/**
 * Deletes an object, or marks it as to be deleted when something has to be done first.
 *
 * @throws StatusError 404, or 409 when a precondition does not hold.
 */
export function deleteObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Deletion {
  const resource = resourceKey(type.group, type.plural)
  const old = cluster.store.get(resource, namespace, name)
  if (old === undefined) throw notFound(type, name)
  checkPreconditions(type, old, options)
  for (const admission of cluster.admission) {
    admission.validate?.({ operation: 'DELETE', resource, object: old, old, dryRun: options.dryRun })
  }
  const now = cluster.clock.now()
  const grace = gracePeriod(resource, old, options)
  const already = old.metadata.deletionTimestamp
  const marked: KubeObject = {
    ...old,
    ...(resource === 'namespaces' ? { status: { ...recordAt(old, 'status'), phase: 'Terminating' } } : {}),
    metadata: {
      ...old.metadata,
      deletionTimestamp: already ?? timestamp(now + grace * 1_000),
      deletionGracePeriodSeconds:
        already === undefined ? grace : Math.min(grace, Number(old.metadata['deletionGracePeriodSeconds'] ?? 0)),
      finalizers: finalizersFor(old, options),
    },
  }
  if ((marked.metadata.finalizers ?? []).length === 0) delete marked.metadata.finalizers
  if (isDone(marked)) {
    if (!options.dryRun) {
      cluster.store.remove(resource, namespace, name)
      strategyOf(resource).remove?.(old, cluster)
    }
    return { object: old, gone: true }
  }
  if (options.dryRun) return { object: marked, gone: false }
  return { object: cluster.store.put(resource, marked), gone: false }
}

function checkPreconditions(type: ResourceType, old: KubeObject, { preconditions }: DeleteOptions): void {
  const { name, uid, resourceVersion } = old.metadata
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw conflict(
      { group: type.group, plural: type.kind },
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid ?? ''}). The object might have been deleted and then recreated`,
    )
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw conflict(
      { group: type.group, plural: type.kind },
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion ?? ''}). The object might have been modified`,
    )
  }
}

/** Only pods that run somewhere take their time. */
function gracePeriod(resource: ResourceKey, object: KubeObject, options: DeleteOptions): number {
  if (resource !== 'pods') return 0
  if (recordAt(object, 'spec')['nodeName'] === undefined) return 0
  const phase = recordAt(object, 'status')['phase']
  if (phase === 'Succeeded' || phase === 'Failed') return 0
  const own = recordAt(object, 'spec')['terminationGracePeriodSeconds']
  return options.gracePeriodSeconds ?? (typeof own === 'number' ? own : DEFAULT_POD_GRACE_SECONDS)
}

function finalizersFor(object: KubeObject, { propagation }: DeleteOptions): string[] {
  const own = (object.metadata.finalizers ?? []).filter(
    (name) => propagation === undefined || (name !== 'orphan' && name !== 'foregroundDeletion'),
  )
  if (propagation === 'Foreground') return [...own, 'foregroundDeletion']
  return propagation === 'Orphan' ? [...own, 'orphan'] : own
}
