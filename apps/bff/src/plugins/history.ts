import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ClusterFailure } from '@meshdeck/contract'
import { HUB, MESHDECK_NAMESPACE, type KindId } from '@meshdeck/kube'
import { createReflector, KubeStatusError, type Reflector, type ResourceClient } from '@meshdeck/kube-client'
import { HISTORY_LABEL, readRevision, revisionSummary, type HistoryRecord } from '@meshdeck/mesh'
import { attributesOf } from '../lib/access.ts'
import { createHistoryIndex, type IndexedRecord } from '../lib/history-index.ts'

/** A first list that takes longer is not waited for. */
const FIRST_LIST_MS = 5_000

/** What somebody may see of the history of some clusters. */
export interface VisibleHistory {
  records: IndexedRecord[]
  /** There is more, and all of it is of kinds and places that the caller may not list. */
  hiddenKind: KindId | undefined
  failures: ClusterFailure[]
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The entries of these clusters about objects that the caller may list. */
    history(clusters: readonly string[]): Promise<VisibleHistory>
    /** An entry with its object, and the one before it; `undefined` when there is none, or its object is not the caller's to read. */
    historyRecord(id: string): Promise<{ record: HistoryRecord; before: HistoryRecord | undefined } | undefined>
  }
}

/**
 * The history on the hub, behind the caller's rights to the objects that it is about. Nobody needs a right to the records
 * themselves, which hold objects of every cluster: they are read with Meshdeck's own credential, as the watch cache is.
 */
export const history = fp<{ hub: ResourceClient }>(
  async (app, { hub }) => {
    const index = createHistoryIndex()
    let reflector: Reflector | undefined

    /** Followed from the first time that somebody asks. */
    async function follow(): Promise<Reflector> {
      const following = (reflector ??= createReflector({
        client: hub,
        kind: 'ControllerRevision',
        namespace: MESHDECK_NAMESPACE,
        labelSelector: HISTORY_LABEL,
        trim: revisionSummary,
        onEvent: ({ type, object }) => {
          const record = readRevision(object)
          if (record === undefined) return
          if (type === 'deleted') return index.remove(record.id)
          index.put(record)
          if (reflector?.state.status !== 'synced' || record.operation === 'baseline') return
          // Its history is part of the object: who shows either asks again, and only those hear of it who may list it.
          const { cluster, kind, namespace, name } = record.ref
          const place = namespace === undefined ? {} : { namespace }
          // What is gone stays gone to those who hear of both at once.
          const op = record.operation === 'deleted' ? 'deleted' : 'modified'
          app.events.publish({ type: 'change', cluster, kind, op, name, ...place })
        },
      }))
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, FIRST_LIST_MS)
      await Promise.race([following.settled, promise])
      clearTimeout(timer)
      return following
    }

    app.decorateRequest('history', async function (this: FastifyRequest, clusters: readonly string[]) {
      const { status, error } = (await follow()).state
      const failures: ClusterFailure[] =
        status === 'synced' || error === undefined ? [] : [{ cluster: HUB, problem: this.problemOf(error, HUB) }]
      const records: IndexedRecord[] = []
      let hiddenKind: KindId | undefined
      for (const cluster of clusters) {
        try {
          for (const [kind, all] of index.of(cluster)) {
            const namespaces = new Set(all.map(({ ref }) => ref.namespace ?? ''))
            const allowed = await this.rights(cluster).listable(kind, namespaces)
            const visible = allowed === 'all' ? all : all.filter(({ ref }) => allowed.has(ref.namespace ?? ''))
            if (visible.length < all.length) hiddenKind ??= kind
            for (const record of visible) records.push(record)
          }
        } catch (problem) {
          failures.push(app.fleetState.of(cluster).failure ?? { cluster, problem: this.problemOf(problem, cluster) })
        }
      }
      return { records, hiddenKind, failures }
    })

    app.decorateRequest('historyRecord', async function (this: FastifyRequest, id: string) {
      await follow()
      const found = index.get(id)
      if (found === undefined) return undefined
      const { cluster, kind, namespace, name } = found.ref
      const right = await this.rights(cluster).check(attributesOf('get', kind, { namespace, name }))
      if (!right.allowed) return undefined
      const previous = index.before(found)
      const [record, before] = await Promise.all([read(id), previous && read(previous.id)])
      return record && { record, before }
    })

    async function read(id: string): Promise<HistoryRecord | undefined> {
      try {
        return readRevision(await hub.get('ControllerRevision', { namespace: MESHDECK_NAMESPACE, name: id }))
      } catch (error) {
        if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
        throw error
      }
    }

    app.addHook('onClose', async () => reflector?.stop())
    app.metrics.gauge('meshdeck_bff_history_records', 'Entries of the history that are known', () => index.size)
  },
  { name: 'history', dependencies: ['access', 'errors', 'events', 'own-metrics', 'watch-cache'] },
)
