import { isRecord, MeshMode, MeshPhase, type KubeResource, type Mesh, type MeshMember } from '@meshdeck/kube'
import {
  ClusterCredentialError,
  ClusterUnreachableError,
  createResourceClient,
  KubeStatusError,
  messageOf,
  STORED,
  type ClusterRegistry,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { installMember, INSTALL_FIELD_MANAGER, uninstallMember } from '../installation/install-member.ts'
import type { Installation } from '../installation/judge-installation.ts'
import type { Outcome } from '../queue/work-queue.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { writeStatus, type StatusWriter } from '../status/write-status.ts'
import { meshStatus, type FindCluster } from './mesh-status.ts'

/** Keeps a mesh on the hub until what was installed for it is gone. */
export const INSTALLATION_FINALIZER = 'meshdeck.io/installation'

export interface MeshReconcilerOptions extends StatusWriter {
  hub: ResourceClient
  registry: Pick<ClusterRegistry, 'connection'>
  /** Throws as long as the hub's clusters are not known: a mesh must not be called broken for that. */
  findCluster: FindCluster
}

/**
 * Installs what dedicated meshes want, and keeps the status of all. External meshes are looked at and never changed;
 * `spec.protected` is for those who delete through the console, and is checked there.
 */
export function createMeshReconciler(options: MeshReconcilerOptions) {
  const { hub, registry, findCluster } = options
  return async (name: string, signal: AbortSignal): Promise<Outcome> => {
    const object = await getIfThere(hub, 'Mesh', name, signal)
    if (!object) return 'gone'
    if (!isMesh(object)) return 'done'
    if (object.metadata.deletionTimestamp !== undefined) return remove(object, signal)
    if (object.spec.mode !== MeshMode.Dedicated) {
      return writeStatus(options, 'Mesh', object, meshStatus(object, findCluster, new Date()), signal)
    }
    // Nothing is made that nobody would take away again.
    if (!hasFinalizer(object)) return setFinalizer(object, [INSTALLATION_FINALIZER], signal)
    const installation = await install(object, signal)
    const status = meshStatus(object, findCluster, new Date(), installation)
    const written = await writeStatus(options, 'Mesh', object, status, signal)
    return written === 'done' && status.phase !== MeshPhase.Running ? 'retry' : written
  }

  async function install(mesh: Mesh, signal: AbortSignal): Promise<Installation> {
    const member = controlPlaneMember(mesh, findCluster)
    return inCluster(member.cluster, async (client) => ({
      kind: 'installed',
      member: await installMember(client, mesh, member, signal),
    }))
  }

  async function remove(mesh: Mesh, signal: AbortSignal): Promise<Outcome> {
    if (!hasFinalizer(mesh)) return 'done'
    const { cluster } = mesh.spec.controlPlane
    // A cluster that has left the hub for good must not keep its meshes for ever.
    if (findCluster(cluster) === undefined) return setFinalizer(mesh, [], signal)
    const result = await inCluster(cluster, async (client) => ({
      kind: 'left' as const,
      left: await uninstallMember(client, mesh, signal),
    }))
    if (result.kind === 'left' && result.left.length === 0) return setFinalizer(mesh, [], signal)
    const message =
      result.kind === 'left'
        ? `Still to go in cluster ${cluster}: ${result.left.join(', ')}.`
        : `${result.message} What was installed there goes when it answers; to leave it behind, take the finalizer ${INSTALLATION_FINALIZER} away.`
    const before = meshStatus(mesh, findCluster, new Date())
    const written = await writeStatus(
      options,
      'Mesh',
      mesh,
      {
        ...before,
        phase: MeshPhase.Deleting,
        conditions: [
          ...(before.conditions ?? []).filter(({ type }) => type !== 'Removed'),
          { type: 'Removed', status: 'False', reason: 'Waiting', message, lastTransitionTime: deletedAt(mesh) },
        ],
      },
      signal,
    )
    return written === 'done' ? 'retry' : written
  }

  async function inCluster<T>(
    cluster: string,
    work: (client: ResourceClient) => Promise<T>,
  ): Promise<T | { kind: 'unreachable'; message: string }> {
    try {
      const connection = await registry.connection(cluster)
      if (connection === undefined) {
        return { kind: 'unreachable', message: `There is no Cluster ${cluster} on the hub; join it, and this goes on.` }
      }
      return await work(createResourceClient(connection, STORED))
    } catch (error) {
      if (!isOfCluster(error)) throw error
      return { kind: 'unreachable', message: `Cluster ${cluster} cannot be asked: ${messageOf(error)}.` }
    }
  }

  async function setFinalizer(mesh: Mesh, finalizers: readonly string[], signal: AbortSignal): Promise<Outcome> {
    const { name, uid } = mesh.metadata
    const patch = {
      apiVersion: mesh.apiVersion,
      kind: mesh.kind,
      metadata: { name, ...(uid === undefined ? {} : { uid }), finalizers },
    }
    try {
      await hub.patch('Mesh', { name }, patch, {
        strategy: 'apply',
        fieldManager: FINALIZER_MANAGER,
        force: true,
        signal,
      })
    } catch (error) {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return 'gone'
      if (error instanceof KubeStatusError && error.httpStatus === 409) return 'retry'
      throw error
    }
    return 'retry'
  }
}

/** Of its own, so that applying the finalizer takes away no field that the same manager has set elsewhere. */
const FINALIZER_MANAGER = `${INSTALL_FIELD_MANAGER}-finalizer`

/** The member that the control plane runs in, with the network that its Cluster tells. */
function controlPlaneMember(mesh: Mesh, findCluster: FindCluster): MeshMember {
  const { cluster } = mesh.spec.controlPlane
  const network = findCluster(cluster)?.spec.network
  return { cluster, ...(network === undefined || network === '' ? {} : { network }) }
}

function hasFinalizer(mesh: Mesh): boolean {
  return mesh.metadata.finalizers?.includes(INSTALLATION_FINALIZER) === true
}

function deletedAt({ metadata }: Mesh): string {
  return metadata.deletionTimestamp ?? ''
}

/** What one cluster cannot do for a mesh; anything else is the hub's or our own. */
function isOfCluster(error: unknown): boolean {
  return (
    error instanceof ClusterUnreachableError ||
    error instanceof ClusterCredentialError ||
    (error instanceof KubeStatusError &&
      (error.httpStatus === 401 || error.httpStatus === 429 || error.httpStatus >= 500))
  )
}

/** The boundary: the hub's schema promises the rest. */
export function isMesh(object: KubeResource): object is Mesh {
  return isRecord(object.spec) && isRecord(object.spec['controlPlane'])
}
