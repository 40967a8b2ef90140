import { isRecord, type KubeResource, type Mesh } from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import type { Outcome } from '../queue/work-queue.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { writeStatus, type StatusWriter } from '../status/write-status.ts'
import { meshStatus, type FindCluster } from './mesh-status.ts'

export interface MeshReconcilerOptions extends StatusWriter {
  hub: ResourceClient
  /** Throws as long as the hub's clusters are not known: a mesh must not be called broken for that. */
  findCluster: FindCluster
}

/**
 * Keeps the status of meshes. External meshes are looked at and never changed; `spec.protected` is for those who delete
 * through the console, and is checked there.
 */
export function createMeshReconciler(options: MeshReconcilerOptions) {
  return async (name: string, signal: AbortSignal): Promise<Outcome> => {
    const object = await getIfThere(options.hub, 'Mesh', name, signal)
    if (!object) return 'gone'
    if (!isMesh(object)) return 'done'
    return writeStatus(options, 'Mesh', object, meshStatus(object, options.findCluster, new Date()), signal)
  }
}

/** The boundary: the hub's schema promises the rest. */
export function isMesh(object: KubeResource): object is Mesh {
  return isRecord(object.spec) && isRecord(object.spec['controlPlane'])
}
