import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ClusterFailure } from '@meshdeck/contract'
import { HUB, kindOf, type DetectedIstio, type KindId, type KubeResource } from '@meshdeck/kube'
import { detectIstio, injectionWebhooks, type InjectionWebhook } from '@meshdeck/mesh'
import type { Fleet } from '../lib/fleet.ts'
import type { ClusterFrame } from '../lib/frame-queue.ts'
import { problemOfError } from '../lib/problem-of-error.ts'
import { problemOf } from '../lib/problem.ts'
import type { Readable } from '../lib/readable.ts'
import { visibleObjects } from '../lib/visible-objects.ts'

export interface Reachability {
  state: 'reachable' | 'lost' | 'unknown'
  failure?: ClusterFailure
}

declare module 'fastify' {
  interface FastifyInstance {
    fleetState: {
      names(): readonly string[]
      of(cluster: string): Reachability
    }
  }
  interface FastifyRequest {
    /** Objects from the cache, as far as the caller may list them. Throws `ProblemError` for an unknown cluster. */
    readable(cluster: string, kind: KindId): Promise<Readable>
    /**
     * The injection webhooks of a cluster, whoever asks: which pods get a sidecar is no secret to those who see the pods,
     * and the answer holds no object. Absent while they are not known.
     */
    injectors(cluster: string): Promise<readonly InjectionWebhook[] | undefined>
    /** The control planes of a cluster, whoever asks, as for `injectors`. Those without replicas run somewhere else. */
    istiods(cluster: string): Promise<readonly DetectedIstio[]>
  }
}

/** The shared watch cache, behind the caller's rights. */
export const watchCache = fp<{ fleet: Fleet }>(
  async (app, { fleet }) => {
    const reachability = (cluster: string): Reachability => {
      const { state, since, error } = fleet.state(cluster)
      if (state !== 'lost') return { state }
      const problem =
        error === undefined ? problemOf('cluster-unreachable', undefined, { cluster }) : problemOfError(error, cluster)
      return { state, failure: { cluster, ...(since === undefined ? {} : { since }), problem } }
    }

    app.decorate('fleetState', { names: () => fleet.names(), of: reachability })
    app.decorateRequest('readable', async function (this: FastifyRequest, cluster: string, kind: KindId) {
      const { state, objects, error: lost } = await fleet.cached(cluster, kind)
      // One kind can be cut off while the rest of the cluster answers.
      const failure =
        reachability(cluster).failure ??
        (state === 'lost' ? { cluster, problem: this.problemOf(lost, cluster) } : undefined)
      const base = { cluster, ...(failure ? { failure } : {}) }
      if (state === 'missing')
        return { ...base, objects: [], forbidden: false, missing: true, complete: failure === undefined }
      if ((state === 'starting' || state === 'refused') && failure === undefined) {
        return { ...base, ...(await readLive(this, cluster, kind)), missing: false }
      }
      const namespaces = kindOf(kind).namespaced ? (await fleet.cached(cluster, 'Namespace')).objects : []
      try {
        const visible = await visibleObjects(this.rights(cluster), kind, objects, namespaces)
        return { ...base, ...visible, missing: false, complete: visible.complete && failure === undefined }
      } catch (error) {
        // A lost cluster cannot say what the caller may see, and it may never have been asked before.
        if (failure === undefined) throw error
        return { ...base, objects: [], forbidden: false, missing: false, complete: false }
      }
    })
    app.decorateRequest('injectors', async (cluster: string) => {
      const { state, objects } = await fleet.cached(cluster, 'MutatingWebhookConfiguration')
      return state === 'synced' || state === 'lost' ? injectorsIn(objects) : undefined
    })
    app.decorateRequest('istiods', async (cluster: string) => {
      const [deployments, webhooks] = await Promise.all([
        fleet.cached(cluster, 'Deployment'),
        fleet.cached(cluster, 'MutatingWebhookConfiguration'),
      ])
      return istiodsIn(deployments.objects, webhooks.objects)
    })

    const stop = fleet.subscribe((notice) => app.events.publish(notice))
    app.addHook('onClose', async () => stop())

    app.metrics.gauge('meshdeck_bff_watches', 'Watches of the shared cache', () => fleet.figures().watches)
    app.metrics.gauge('meshdeck_bff_cached_objects', 'Objects in the shared cache', () => fleet.figures().objects)
    app.metrics.gauge(
      'meshdeck_bff_watch_reconnects',
      'Reconnections of watches since the start',
      () => fleet.figures().reconnects,
    )
    app.metrics.gauge('meshdeck_bff_lost_clusters', 'Clusters that do not answer', () => fleet.figures().lost)
  },
  { name: 'watch-cache', dependencies: ['access', 'events', 'kubernetes', 'own-metrics'] },
)

/** Kept with the list that they are read from, so that views can tell that nothing has changed. */
const injectors = new WeakMap<readonly KubeResource[], readonly InjectionWebhook[]>()

function injectorsIn(objects: readonly KubeResource[]): readonly InjectionWebhook[] {
  let found = injectors.get(objects)
  if (found === undefined) injectors.set(objects, (found = injectionWebhooks(objects)))
  return found
}

/** The same of the control planes, of which there are few among many Deployments. */
const istiods = new WeakMap<
  readonly KubeResource[],
  { webhooks: readonly KubeResource[]; found: readonly DetectedIstio[] }
>()

function istiodsIn(objects: readonly KubeResource[], webhooks: readonly KubeResource[]): readonly DetectedIstio[] {
  const known = istiods.get(objects)
  if (known?.webhooks === webhooks) return known.found
  const deployments = objects.filter(({ metadata }) => metadata.labels?.['app'] === 'istiod')
  const found = detectIstio({ deployments, webhooks, revisions: [] })
  istiods.set(objects, { webhooks, found })
  return found
}

/** Frames for a fresh stream: the clusters that are lost now. */
export function lostClusters(state: { names(): readonly string[]; of(cluster: string): Reachability }): ClusterFrame[] {
  return [HUB, ...state.names()].flatMap((cluster) => {
    const { failure } = state.of(cluster)
    return failure === undefined ? [] : [{ type: 'cluster' as const, state: 'lost' as const, ...failure }]
  })
}

/** What the cache cannot tell is asked of the cluster, as the caller. */
async function readLive(
  request: FastifyRequest,
  cluster: string,
  kind: KindId,
): Promise<{ objects: readonly KubeResource[]; forbidden: boolean; complete: boolean }> {
  if (!(await request.rights(cluster).mayList(kind))) return { objects: [], forbidden: true, complete: false }
  const client = await request.kube(cluster)
  return { objects: (await client.listAll(kind)).items, forbidden: false, complete: true }
}
