import { meshClusters, type KubeResource } from '@meshdeck/kube'
import {
  createClusterRegistry,
  createReflector,
  createResourceClient,
  messageOf,
  STORED,
  type AddressPolicy,
  type ClusterConnection,
  type ReflectorState,
} from '@meshdeck/kube-client'
import { createHelm, type HelmOptions } from './helm/helm.ts'
import type { Logger } from './logger.ts'
import type { ControllerMetrics } from './metrics/controller-metrics.ts'
import { createWorkQueue, type WorkResult } from './queue/work-queue.ts'
import { createClusterReconciler } from './reconcilers/cluster.ts'
import { createMeshReconciler, isMesh } from './reconcilers/mesh.ts'
import type { StatusWriter } from './status/write-status.ts'

export interface ReconcileOptions {
  hub: ClusterConnection
  /** The kubeconfig that the process was started with, for clusters that name one of its contexts. */
  kubeconfig?: { text: string; directory: string }
  /** Where joined clusters and their Prometheus may be. */
  policy: AddressPolicy
  /** For meshes whose engine is Helm. */
  helm?: HelmOptions
  resyncMs: number
  logger: Logger
  metrics: ControllerMetrics
}

/** The leader's work: follows Clusters and Meshes until the signal is aborted, then resolves when all of it has ended. */
export async function reconcileUntil(term: AbortSignal, options: ReconcileOptions): Promise<void> {
  const { logger, metrics, policy, resyncMs } = options
  const hub = createResourceClient(options.hub, STORED)
  const registry = createClusterRegistry({
    hub: options.hub,
    allowLoopback: policy.allowLoopback ?? false,
    ...(options.kubeconfig ? { kubeconfig: options.kubeconfig } : {}),
  })
  const writer: StatusWriter = {
    hub,
    onWrite: (kind, name) => {
      metrics.statusWritten(kind)
      logger.info({ kind, object: name }, 'status written')
    },
  }
  const report = (kind: string) => (name: string, result: WorkResult) => {
    metrics.reconciled(kind, result)
    if (result.error !== undefined)
      logger.warn({ kind, object: name, error: messageOf(result.error) }, 'cannot reconcile')
  }

  const helm = createHelm(options.helm ?? {})
  const clusters = createWorkQueue({
    handle: createClusterReconciler({ ...writer, registry, policy, helm }),
    resyncMs,
    onResult: report('Cluster'),
  })
  const meshes = createWorkQueue({
    handle: createMeshReconciler({
      ...writer,
      registry,
      helm,
      findCluster: (name) => {
        // A registry that could not read the hub knows no cluster at all, which says nothing of any mesh.
        const { status } = registry.clusters.state
        if (status !== 'synced' && status !== 'stale') throw new Error('the Clusters of the hub are not known')
        return registry.get(name)
      },
    }),
    resyncMs,
    onResult: report('Mesh'),
  })
  metrics.observeQueues(() => ({ Cluster: clusters.depth, Mesh: meshes.depth }))

  const generations = new Map<string, string>()
  const unfollow = registry.onChange((name) => {
    // Our own writes come back as changes; only a change of the spec is a reason to look again.
    const metadata = registry.get(name)?.metadata
    const generation = metadata && `${metadata.uid}/${metadata.generation}`
    if (generation !== undefined && generations.get(name) === generation) return
    if (generation === undefined) generations.delete(name)
    else generations.set(name, generation)
    clusters.add(name)
  })
  await Promise.race([registry.clusters.settled, aborted(term)])
  logState(logger, 'Cluster', registry.clusters.state)
  // Meshes are judged by their clusters, so these come first.
  const meshReflector = createReflector({
    client: hub,
    kind: 'Mesh',
    onEvent: ({ object }) => meshes.add(object.metadata.name),
    onState: (state) => logState(logger, 'Mesh', state),
  })

  const unfollowForMeshes = registry.onChange((name) => {
    for (const mesh of meshReflector.objects.values()) {
      if (belongsTo(mesh, name)) meshes.add(mesh.metadata.name)
    }
  })

  await aborted(term)
  unfollow()
  unfollowForMeshes()
  await Promise.all([clusters.stop(), meshes.stop(), meshReflector.stop()])
  metrics.observeQueues(() => ({}))
  await registry.close()
}

function belongsTo(object: KubeResource, cluster: string): boolean {
  return isMesh(object) && meshClusters(object).includes(cluster)
}

function logState(logger: Logger, kind: string, { status, error }: ReflectorState): void {
  const because = error === undefined ? {} : { error: messageOf(error) }
  if (status === 'synced') logger.debug({ kind }, 'following')
  else if (status === 'absent') {
    logger.warn({ kind, ...because }, 'this kind is not installed on the hub; apply deploy/crds')
  } else if (status === 'forbidden') {
    logger.warn(
      { kind, ...because },
      'the hub does not let the controller follow this kind; give its account list and watch',
    )
  } else if (error !== undefined) logger.warn({ kind, status, ...because }, 'cannot follow')
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
