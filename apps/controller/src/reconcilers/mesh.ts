import {
  isRecord,
  meshClusters,
  MeshMode,
  MeshPhase,
  type KubeResource,
  type Mesh,
  type MeshStatus,
} from '@meshdeck/kube'
import {
  ClusterCredentialError,
  ClusterUnreachableError,
  createResourceClient,
  KubeStatusError,
  messageOf,
  STORED,
  type ClusterRegistry,
  type ResourceClient,
  type Helm,
} from '@meshdeck/kube-client'
import { placesOf } from '@meshdeck/mesh'
import { installMesh } from '../installation/install-mesh.ts'
import { uninstall } from '../installation/remove.ts'
import { INSTALL_FIELD_MANAGER, type Site } from '../installation/site.ts'
import type { Outcome } from '../queue/work-queue.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { writeStatus, type StatusWriter } from '../status/write-status.ts'
import { clustersLeft, meshStatus, type FindCluster } from './mesh-status.ts'

/** Keeps a mesh on the hub until what was installed for it is gone. */
export const INSTALLATION_FINALIZER = 'meshdeck.io/installation'

export interface MeshReconcilerOptions extends StatusWriter {
  hub: ResourceClient
  registry: Pick<ClusterRegistry, 'connection' | 'kubeconfig'>
  /** Throws as long as the hub's clusters are not known: a mesh must not be called broken for that. */
  findCluster: FindCluster
  helm: Helm
  /** Something of a mesh is made, or looked after, in this cluster. */
  onInstall: (cluster: string) => void
}

/**
 * Installs what managed and dedicated meshes want, and keeps the status of all. External meshes are looked at and never
 * changed; `spec.protected` is for those who delete through the console, and is checked there.
 */
export function createMeshReconciler(options: MeshReconcilerOptions) {
  const { hub, registry, findCluster, helm } = options
  return async (name: string, signal: AbortSignal): Promise<Outcome> => {
    const object = await getIfThere(hub, 'Mesh', { name }, signal)
    if (!object) return 'gone'
    if (!isMesh(object)) return 'done'
    if (object.metadata.deletionTimestamp !== undefined) return remove(object, signal)
    if (object.spec.mode === MeshMode.External) {
      return writeStatus(options, 'Mesh', object, meshStatus(object, findCluster, new Date()), signal)
    }
    // Nothing is made that nobody would take away again: the record stays until all is gone, and names every cluster.
    if (!hasFinalizer(object)) return setFinalizer(object, [INSTALLATION_FINALIZER], signal)
    if (!namesAll(object)) {
      const written = await writeStatus(options, 'Mesh', object, meshStatus(object, findCluster, new Date()), signal)
      if (written !== 'done') return written
    }
    const places = placesOf(
      object,
      (cluster) => findCluster(cluster)?.spec.network,
      (cluster) => findCluster(cluster)?.status?.platform,
    )
    const left = clustersLeft(object).filter((cluster) => findCluster(cluster) !== undefined)
    const installation = await installMesh({ hub, inCluster, helm: helm.check }, object, places, left, signal)
    const status = meshStatus(object, findCluster, new Date(), installation)
    const written = await writeStatus(options, 'Mesh', object, status, signal)
    return written === 'done' ? outcomeOf(status) : written
  }

  async function remove(mesh: Mesh, signal: AbortSignal): Promise<Outcome> {
    if (!hasFinalizer(mesh)) return 'done'
    // A cluster that has left the hub for good must not keep its meshes for ever.
    const clusters = installedClusters(mesh).filter((cluster) => findCluster(cluster) !== undefined)
    const waits = await Promise.all(
      clusters.map(async (cluster) => {
        const result = await inCluster(cluster, async (site) => ({
          kind: 'left' as const,
          left: await uninstall(site, mesh, signal),
        }))
        if (result.kind === 'left')
          return result.left.length === 0 ? [] : [`Still to go in cluster ${cluster}: ${result.left.join(', ')}.`]
        return [
          `${result.message} What was installed there goes when it answers; to leave it behind, force the deletion in the console (it takes the finalizer ${INSTALLATION_FINALIZER} away).`,
        ]
      }),
    )
    const message = waits.flat().join(' ')
    if (message === '') return setFinalizer(mesh, [], signal)
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
    return written === 'done' ? 'soon' : written
  }

  async function inCluster<T>(
    cluster: string,
    work: (site: Site) => Promise<T>,
  ): Promise<T | { kind: 'unreachable'; message: string }> {
    try {
      const connection = await registry.connection(cluster)
      if (connection === undefined) {
        return { kind: 'unreachable', message: `There is no Cluster ${cluster} on the hub; join it, and this goes on.` }
      }
      // Read only when Helm runs, which is seldom: it is a Secret of the hub.
      const kubeconfig = async (): Promise<string> => {
        const text = await registry.kubeconfig(cluster)
        if (text === undefined)
          throw new ClusterUnreachableError('closed', cluster, `Cluster ${cluster} has left the hub`)
        return text
      }
      options.onInstall(cluster)
      const client = createResourceClient(connection, STORED)
      return await work({ client, server: connection.server, helm: { program: helm, kubeconfig } })
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
    return 'soon'
  }
}

/** Of its own, so that applying the finalizer takes away no field that the same manager has set elsewhere. */
const FINALIZER_MANAGER = `${INSTALL_FIELD_MANAGER}-finalizer`

/** What is under way is looked at again in a moment; what needs somebody, less and less often. */
function outcomeOf({ phase, conditions = [] }: MeshStatus): Outcome {
  if (phase === MeshPhase.Running) return 'done'
  return conditions.some(({ type, status }) => status === 'False' || (type === 'EngineReady' && status !== 'True'))
    ? 'retry'
    : 'soon'
}

/** The clusters where something of a mesh may be: those that it names, and those that it named. */
function installedClusters(mesh: Mesh): string[] {
  return [...meshClusters(mesh), ...clustersLeft(mesh)]
}

function namesAll(mesh: Mesh): boolean {
  const named = new Set(mesh.status?.members?.map(({ cluster }) => cluster))
  return meshClusters(mesh).every((cluster) => named.has(cluster))
}

function hasFinalizer(mesh: Mesh): boolean {
  return mesh.metadata.finalizers?.includes(INSTALLATION_FINALIZER) === true
}

function deletedAt({ metadata }: Mesh): string {
  return metadata.deletionTimestamp ?? ''
}

/** What one cluster cannot do for a mesh; anything else is the hub's or our own. */
export function isOfCluster(error: unknown): boolean {
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
