import {
  isRecord,
  RESTART_ALLOWED_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
  RESTARTED_BY_ANNOTATION,
  type KubeResource,
  type Restart,
  type RestartStatus,
  type RestartTarget,
  type RestartTargetStatus,
} from '@meshdeck/kube'
import { KubeStatusError, messageOf, type ResourceClient } from '@meshdeck/kube-client'
import {
  isSame,
  restartBegun,
  restartRefused,
  restartTargetKey,
  stepRestart,
  summarizeRestart,
  type Budget,
  type SeenWorkload,
} from '@meshdeck/mesh'
import type { Outcome } from '../queue/work-queue.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { isOfCluster } from './mesh.ts'

/** A Restart that is over is kept for a day, and of each mesh the last twenty. */
const KEPT_MS = 86_400_000
const KEPT_OF_MESH = 20
const FIELD_MANAGER = 'meshdeck-controller'

export interface RestartReconcilerOptions {
  hub: ResourceClient
  /** Works in a cluster as the controller; undefined when the hub does not know it. Throws as `ClusterRegistry.connection`. */
  clientOf: (cluster: string) => Promise<ResourceClient | undefined>
  /** All Restarts that are known. */
  restarts: () => readonly Restart[]
  onWrite?: (kind: 'Restart', name: string) => void
}

/** Where the workloads of one kind in one namespace are, and what was read there. */
interface Place {
  client: ResourceClient
  objects: ReadonlyMap<string, KubeResource>
}

/**
 * Restarts the workloads of a Restart, a batch at a time. It restarts none that does not bear the Restart's uid as the
 * one that is allowed to, and takes that mark away in the same write: so a workload is never restarted twice, whenever
 * this is broken off.
 */
export function createRestartReconciler(options: RestartReconcilerOptions) {
  const { hub } = options

  return async (name: string, signal: AbortSignal): Promise<Outcome> => {
    const restart = await getIfThere(hub, 'Restart', { name }, signal)
    if (!restart || !isRestart(restart)) return 'gone'
    if (restart.metadata.deletionTimestamp !== undefined) return 'gone'
    if (restart.status?.finishedAt !== undefined) return isKept(restart) ? 'done' : remove(restart, signal)

    const now = new Date()
    const { places, unknown } = await readPlaces(restart, signal)
    const { budgets, hidden } = await readBudgets(restart, places, signal)
    const workload = (target: RestartTarget): SeenWorkload => {
      const place = places.get(placeOf(target))
      if (place === undefined)
        return { unknown: unknown.get(placeOf(target)) ?? `Cluster ${target.cluster} cannot be asked.` }
      const object = place.objects.get(target.name)
      return object === undefined ? { gone: true } : { object }
    }
    const step = stepRestart(restart, { workload, budgets, hidden, now })
    const begun = await beginAll(restart, step.start, places, now, signal)
    const status =
      begun.size === 0
        ? step.status
        : summarizeRestart(
            restart,
            step.status.targets.map((each) => begun.get(restartTargetKey(each))?.(each) ?? each),
            false,
            { now, hidden },
          )
    return (await write(restart, status, signal)) ?? outcomeOf(status)
  }

  /** What each place holds; for those that cannot be asked, why. */
  async function readPlaces(
    { spec }: Restart,
    signal: AbortSignal,
  ): Promise<{ places: Map<string, Place>; unknown: Map<string, string> }> {
    const places = new Map<string, Place>()
    const unknown = new Map<string, string>()
    const wanted = new Map(spec.targets.map((target) => [placeOf(target), target]))
    await Promise.all(
      [...wanted].map(async ([key, { cluster, namespace, kind }]) => {
        try {
          const client = await options.clientOf(cluster)
          if (client === undefined) {
            unknown.set(key, `There is no Cluster ${cluster} on the hub.`)
            return
          }
          const { items } = await client.listAll(kind, { namespace, signal })
          places.set(key, { client, objects: new Map(items.map((item) => [item.metadata.name, item])) })
        } catch (error) {
          signal.throwIfAborted()
          if (!isOfCluster(error) && !(error instanceof KubeStatusError)) throw error
          unknown.set(key, `Cluster ${cluster} cannot be asked: ${messageOf(error)}.`)
        }
      }),
    )
    return { places, unknown }
  }

  async function readBudgets(
    { spec }: Restart,
    places: ReadonlyMap<string, Place>,
    signal: AbortSignal,
  ): Promise<{ budgets: Budget[]; hidden: boolean }> {
    const namespaces = new Map(
      spec.targets.flatMap((target) => {
        const place = places.get(placeOf(target))
        return place === undefined ? [] : [[`${target.cluster}/${target.namespace}`, { target, place }] as const]
      }),
    )
    let hidden = false
    const budgets = await Promise.all(
      [...namespaces.values()].map(async ({ target: { cluster, namespace }, place }): Promise<Budget[]> => {
        try {
          const { items } = await place.client.listAll('PodDisruptionBudget', { namespace, signal })
          return items.map((budget) => ({ cluster, budget }))
        } catch (error) {
          signal.throwIfAborted()
          if (!isOfCluster(error) && !(error instanceof KubeStatusError)) throw error
          hidden = true
          return []
        }
      }),
    )
    return { budgets: budgets.flat(), hidden }
  }

  /** Gives what became of each that was tried; one that was changed meanwhile is tried again the next time. */
  async function beginAll(
    restart: Restart,
    targets: readonly RestartTarget[],
    places: ReadonlyMap<string, Place>,
    now: Date,
    signal: AbortSignal,
  ): Promise<Map<string, (target: RestartTargetStatus) => RestartTargetStatus>> {
    const results = new Map<string, (target: RestartTargetStatus) => RestartTargetStatus>()
    for (const target of targets) {
      const place = places.get(placeOf(target))
      const object = place?.objects.get(target.name)
      if (place === undefined || object === undefined) continue
      try {
        await place.client.patch(target.kind, target, beginPatch(restart, object, now), {
          strategy: 'merge',
          fieldManager: FIELD_MANAGER,
          signal,
        })
        results.set(restartTargetKey(target), (each) => restartBegun(each, now))
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof KubeStatusError) || isOfCluster(error)) {
          // Whether it was done is seen the next time.
          if (isOfCluster(error)) continue
          throw error
        }
        if (error.httpStatus === 409 || error.httpStatus === 404) continue
        results.set(restartTargetKey(target), (each) => restartRefused(each, `${messageOf(error)}.`, now))
      }
    }
    return results
  }

  async function write(restart: Restart, status: RestartStatus, signal: AbortSignal): Promise<Outcome | undefined> {
    if (isSame(restart.status, status)) return undefined
    const { name } = restart.metadata
    try {
      await hub.updateStatus('Restart', { ...restart, status }, { signal })
      options.onWrite?.('Restart', name)
      return undefined
    } catch (error) {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return 'gone'
      // Somebody has paused or stopped it meanwhile.
      if (error instanceof KubeStatusError && error.httpStatus === 409) return 'soon'
      throw error
    }
  }

  function isKept(restart: Restart): boolean {
    if (Date.now() - Date.parse(finishedAt(restart)) > KEPT_MS) return false
    const newer = options
      .restarts()
      .filter((each) => each.spec.mesh === restart.spec.mesh && finishedAt(each) > finishedAt(restart))
    return newer.length < KEPT_OF_MESH
  }

  async function remove({ metadata: { name, uid } }: Restart, signal: AbortSignal): Promise<Outcome> {
    const preconditions = uid === undefined ? {} : { preconditions: { uid } }
    try {
      await hub.delete('Restart', { name }, { ...preconditions, signal })
    } catch (error) {
      if (!(error instanceof KubeStatusError) || ![404, 409].includes(error.httpStatus)) throw error
    }
    return 'gone'
  }
}

/** As `kubectl rollout restart` does, with the mark of who did it in place of the mark that allowed it. */
function beginPatch(
  { metadata: { uid } }: Restart,
  { metadata: { resourceVersion } }: KubeResource,
  now: Date,
): object {
  return {
    metadata: {
      // Changed meanwhile, it may bear another mark.
      resourceVersion,
      annotations: { [RESTART_ALLOWED_ANNOTATION]: null, [RESTARTED_BY_ANNOTATION]: uid },
    },
    spec: { template: { metadata: { annotations: { [RESTARTED_AT_ANNOTATION]: now.toISOString() } } } },
  }
}

function outcomeOf({ finishedAt, phase, targets }: RestartStatus): Outcome {
  if (finishedAt !== undefined) return 'done'
  if (targets.some((each) => each.phase === 'Running')) return 'soon'
  // What waits for a budget, a cluster or a person is looked at less and less often; a change of the Restart is told.
  return phase === 'Paused' ? 'done' : 'retry'
}

const placeOf = ({ cluster, namespace, kind }: RestartTarget): string => `${cluster}/${namespace}/${kind}`

const finishedAt = ({ status }: Restart): string => status?.finishedAt ?? ''

/** The boundary: the hub's schema promises the rest. */
export function isRestart(object: KubeResource): object is Restart {
  return object.kind === 'Restart' && isRecord(object.spec) && Array.isArray(object.spec['targets'])
}
