import { meshClusters, type Mesh } from '@meshdeck/kube'
import {
  createReflector,
  createResourceClient,
  messageOf,
  STORED,
  type ClusterRegistry,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { DEFAULT_HISTORY_LIMITS, recordsToPrune, widestLimits, type RecordSummary } from '@meshdeck/mesh'
import type { Logger } from '../logger.ts'
import { isMesh } from '../reconcilers/mesh.ts'
import { createClusterRecorder, type ClusterRecorder } from './cluster-recorder.ts'
import { createHistoryStore } from './history-store.ts'

/** A cluster that could not be connected to is tried again after so long. */
const RECONNECT_MS = 15_000
/** Entries are let go in one go for what was added in such a time. */
const PRUNE_MS = 500

export interface RecordHistoryOptions {
  hub: ResourceClient
  registry: Pick<ClusterRegistry, 'connection' | 'clusters' | 'onChange'>
  logger: Logger
}

/**
 * Keeps the history of the configuration of every cluster of every mesh, on the hub, until the signal is aborted; resolves
 * when all of it has ended. It may be killed at any point: what it has not written down it finds again by comparison.
 */
export async function recordHistory(term: AbortSignal, { hub, registry, logger }: RecordHistoryOptions): Promise<void> {
  const recorders = new Map<string, Promise<ClusterRecorder | undefined>>()
  const timers = new Set<NodeJS.Timeout>()
  let pruning: Promise<void> | undefined
  let trouble: string | undefined
  /** The limits that were last gone by. */
  let heeded: string | undefined

  const store = createHistoryStore({
    hub,
    onState: ({ status, error }) => {
      if (status === 'synced') {
        follow()
        heed()
      } else if (error !== undefined) tell(error)
    },
  })
  const meshes = createReflector({
    client: hub,
    kind: 'Mesh',
    onEvent: () => {
      follow()
      heed()
    },
  })
  const unfollow = registry.onChange(() => follow())

  /** Said once for as long as it lasts: it is tried again every few seconds. */
  function tell(error: unknown): void {
    const message = messageOf(error)
    if (message !== trouble) logger.warn({ error: message }, 'the history cannot be kept; trying again')
    trouble = message
  }

  function meshesWith(cluster: string): Mesh[] {
    return [...meshes.objects.values()].filter(isMesh).filter((mesh) => meshClusters(mesh).includes(cluster))
  }

  /** Begins with clusters that have come into a mesh, and ends with those that have left. */
  function follow(): void {
    // Without the records every object would look new.
    if (term.aborted || !store.ready) return
    const wanted = new Set([...meshes.objects.values()].filter(isMesh).flatMap(meshClusters))
    for (const cluster of wanted) if (!recorders.has(cluster)) recorders.set(cluster, begin(cluster))
    for (const cluster of recorders.keys()) if (!wanted.has(cluster)) void end(cluster)
  }

  /** Lets go at once of what is too much by limits that somebody has just changed. */
  function heed(): void {
    const now = JSON.stringify(
      [...meshes.objects.values()].filter(isMesh).map((mesh) => [mesh.spec.history, ...meshClusters(mesh)]),
    )
    if (now === heeded || term.aborted || !store.ready) return
    heeded = now
    pruneSoon()
  }

  async function begin(cluster: string): Promise<ClusterRecorder | undefined> {
    try {
      const connection = await registry.connection(cluster)
      if (connection === undefined) throw new Error(`there is no Cluster ${cluster} on the hub`)
      if (term.aborted) return undefined
      return createClusterRecorder({
        cluster,
        client: createResourceClient(connection, STORED),
        store,
        maxBytes: () => widestLimits(meshesWith(cluster).map(({ spec }) => spec.history)).maxBytes,
        onRecord: ({ ref, operation }) => {
          trouble = undefined
          logger.debug({ ...ref, operation }, 'history recorded')
          pruneSoon()
        },
        onError: tell,
        onClosed: () => later(RECONNECT_MS, () => void end(cluster).then(follow)),
      })
    } catch (error) {
      logger.debug({ cluster, error: messageOf(error) }, 'the history of a cluster cannot be kept yet')
      later(RECONNECT_MS, () => void end(cluster).then(follow))
      return undefined
    }
  }

  async function end(cluster: string): Promise<void> {
    const recorder = recorders.get(cluster)
    recorders.delete(cluster)
    await (await recorder)?.stop()
  }

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!term.aborted) work()
    }, ms)
    timers.add(timer)
  }

  function pruneSoon(): void {
    pruning ??= new Promise<void>((resolve) => later(PRUNE_MS, resolve))
      .then(async () => {
        for (const record of surplus()) await store.remove(record, term)
      })
      .catch((error: unknown) => {
        if (!term.aborted) tell(error)
      })
      .finally(() => {
        pruning = undefined
      })
  }

  /** What is too much for every mesh that it belongs to. */
  function surplus(): RecordSummary[] {
    const all = [...meshes.objects.values()].filter(isMesh)
    const votes = new Map<RecordSummary, number>()
    for (const mesh of all) {
      const objects = meshClusters(mesh).flatMap((cluster) => [...store.objectsIn(cluster)])
      const limits = { ...DEFAULT_HISTORY_LIMITS, ...mesh.spec.history }
      for (const record of recordsToPrune(objects, limits)) votes.set(record, (votes.get(record) ?? 0) + 1)
    }
    return [...votes].filter(([{ ref }, count]) => count === meshesWith(ref.cluster).length).map(([record]) => record)
  }

  await new Promise<void>((resolve) => {
    if (term.aborted) resolve()
    else term.addEventListener('abort', () => resolve(), { once: true })
  })
  unfollow()
  for (const timer of timers) clearTimeout(timer)
  await Promise.all([meshes.stop(), store.stop(), ...[...recorders.keys()].map(end)])
}
