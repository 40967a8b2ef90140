import { isRecord, meshClusters, MeshMode, type Mesh } from '@meshdeck/kube'
import {
  createClusterRegistry,
  createReflector,
  createResourceClient,
  messageOf,
  STORED,
  type AddressPolicy,
  type ClusterConnection,
  type ReflectorState,
  createHelm,
  type HelmOptions,
} from '@meshdeck/kube-client'
import { recordHistory } from './history/record-history.ts'
import type { Logger } from './logger.ts'
import type { ControllerMetrics } from './metrics/controller-metrics.ts'
import { createWorkQueue, type WorkResult } from './queue/work-queue.ts'
import { createClusterReconciler } from './reconcilers/cluster.ts'
import { createMeshReconciler, isMesh } from './reconcilers/mesh.ts'
import { createRestartReconciler, isRestart } from './reconcilers/restart.ts'
import type { StatusWriter } from './status/write-status.ts'
import { createChangeFilter } from './watch/change-filter.ts'
import { createClusterWatches } from './watch/cluster-watches.ts'
import { followHubSecrets } from './watch/hub-secrets.ts'

/** Modes of the meshes that Meshdeck installs. */
const INSTALLED = [MeshMode.Managed, MeshMode.Dedicated]
/** How often workloads are looked at whose pods are being replaced. */
const RESTART_MS = 1_000
/** How often a cluster that answers is asked whether it still does. */
const PROBE_MS = 60_000

export interface ReconcileOptions {
  hub: ClusterConnection
  /** The kubeconfig that the process was started with, for clusters that name one of its contexts. */
  kubeconfig?: { text: string; directory: string }
  /** Where joined clusters and their Prometheus may be. */
  policy: AddressPolicy
  /** For meshes whose engine is Helm. */
  helm?: HelmOptions
  /** How often everything is looked at again, changes or not. */
  resyncMs: number
  probeMs?: number
  logger: Logger
  metrics: ControllerMetrics
}

/** The leader's work: follows Clusters and Meshes until the signal is aborted, then resolves when all of it has ended. */
export async function reconcileUntil(term: AbortSignal, options: ReconcileOptions): Promise<void> {
  const { logger, metrics, policy, resyncMs, probeMs = PROBE_MS } = options
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
  // None are known before the clusters are.
  let knownMeshes = (): readonly Mesh[] => []
  const meshesIn = (cluster: string, modes: readonly MeshMode[]): string[] =>
    knownMeshes().flatMap((mesh) =>
      meshClusters(mesh).includes(cluster) && modes.includes(mesh.spec.mode) ? [mesh.metadata.name] : [],
    )
  const watches = createClusterWatches({
    onMesh: (cluster, mesh) => {
      for (const name of mesh === undefined ? meshesIn(cluster, INSTALLED) : [mesh]) meshes.addSoon(name)
    },
    onInside: (cluster) => {
      clusterReconciler.expectChange(cluster)
      clusters.addSoon(cluster)
    },
    onCut: (cluster) => clusters.addSoon(cluster),
  })
  metrics.observeWatches(watches.counts)
  const clusterReconciler = createClusterReconciler({
    ...writer,
    registry,
    policy,
    helm,
    resyncMs,
    onReached: watches.follow,
    onLost: (cluster) => void watches.leave(cluster),
  })
  const clusters = createWorkQueue({
    handle: clusterReconciler.handle,
    resyncMs: Math.min(probeMs, resyncMs),
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
      onInstall: watches.followMade,
    }),
    resyncMs,
    onResult: report('Mesh'),
  })

  // Our own writes come back as changes; only a change of the spec is a reason to look again.
  const isNewCluster = createChangeFilter(({ metadata }) => [metadata.uid, metadata.generation])
  const unfollow = registry.onChange((name, what) => {
    if (what === 'credential') {
      clusterReconciler.forget(name)
      clusters.addSoon(name)
    } else if (isNewCluster(name, registry.get(name))) clusters.add(name)
  })
  await Promise.race([registry.clusters.settled, aborted(term)])
  logState(logger, 'Cluster', registry.clusters.state)
  // Meshes are judged by their clusters, so these come first.
  const isNewMesh = createChangeFilter(
    ({ metadata: { uid, generation, deletionTimestamp, finalizers, annotations } }) => [
      uid,
      generation,
      deletionTimestamp,
      finalizers,
      annotations,
    ],
  )
  const meshReflector = createReflector({
    client: hub,
    kind: 'Mesh',
    onEvent: ({ type, object }) => {
      const { name } = object.metadata
      if (isNewMesh(name, type === 'deleted' ? undefined : object)) meshes.add(name)
    },
    onState: (state) => logState(logger, 'Mesh', state),
  })
  knownMeshes = () => [...meshReflector.objects.values()].filter(isMesh)
  // That a cluster was seen once more says nothing new of its meshes.
  const isOther = createChangeFilter(({ metadata, spec, status }) => [
    metadata.generation,
    spec,
    isRecord(status) ? { ...status, lastSeen: undefined } : undefined,
  ])
  const unfollowForMeshes = registry.onChange((name) => {
    if (!isOther(name, registry.get(name))) return
    for (const mesh of meshesIn(name, Object.values(MeshMode))) meshes.add(mesh)
  })
  const hubSecrets = followHubSecrets({
    hub,
    meshes: knownMeshes,
    onAuthority: meshes.addSoon,
  })

  const isNewRestart = createChangeFilter(({ metadata: { uid, generation } }) => [uid, generation])
  const restartReflector = createReflector({
    client: hub,
    kind: 'Restart',
    onEvent: ({ type, object }) => {
      const { name } = object.metadata
      if (isNewRestart(name, type === 'deleted' ? undefined : object)) restarts.add(name)
    },
    onState: (state) => logState(logger, 'Restart', state),
  })
  const restarts = createWorkQueue({
    handle: createRestartReconciler({
      ...writer,
      clientOf: async (cluster) => {
        const connection = await registry.connection(cluster)
        return connection && createResourceClient(connection, STORED)
      },
      restarts: () => [...restartReflector.objects.values()].filter(isRestart),
    }),
    resyncMs,
    soonMs: RESTART_MS,
    onResult: report('Restart'),
  })
  metrics.observeQueues(() => ({ Cluster: clusters.depth, Mesh: meshes.depth, Restart: restarts.depth }))

  await recordHistory(term, { hub, registry, logger })
  unfollow()
  unfollowForMeshes()
  await Promise.all(
    [clusters, meshes, restarts, meshReflector, restartReflector, hubSecrets].map((each) => each.stop()),
  )
  await watches.stop()
  metrics.observeQueues(() => ({}))
  metrics.observeWatches(() => ({ open: 0, reconnects: 0 }))
  await registry.close()
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
