import { kindOf, printResourceRef, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import {
  ClusterUnreachableError,
  createReflector,
  type Reflector,
  type ReflectorEvent,
  type ResourceClient,
} from '@meshdeck/kube-client'
import {
  configuredState,
  fieldWrites,
  isConfiguration,
  nextRecord,
  RECORDED_KINDS,
  type HistoryRecord,
  type RecordTools,
  type Sighting,
} from '@meshdeck/mesh'
import { getIfThere } from '../status/get-if-there.ts'
import { shortHash } from '../status/short-hash.ts'
import type { HistoryStore } from './history-store.ts'
import { createSightingQueue } from './sighting-queue.ts'

/** Bookmarks tell that a watch is alive, so it need not be opened anew every few minutes. */
const WATCH_SECONDS = 1_800

export interface ClusterRecorderOptions {
  cluster: string
  client: ResourceClient
  store: HistoryStore
  /** Largest state that is kept, in bytes; asked for each record. */
  maxBytes: () => number
  onRecord: (record: HistoryRecord) => void
  onError: (error: unknown) => void
  /** The connection was closed under it: the credential of the cluster is another one now. */
  onClosed: () => void
  kinds?: readonly KindId[]
}

interface OrderedSighting extends Sighting {
  /** Its place among all that this recorder has seen. */
  order: number
}

export interface ClusterRecorder {
  stop(): Promise<void>
}

/**
 * Follows the configuration of one cluster and adds what changes to its history. It asks for nothing while nothing
 * changes. What changed while it was away is found by comparing the first list with the last entry of each object.
 */
export function createClusterRecorder(options: ClusterRecorderOptions): ClusterRecorder {
  const { cluster, client, store } = options
  const reflectors = new Map<KindId, Reflector>()
  /** The state behind the last entry of each object, so that it need not be read again. */
  const states = new Map<string, { id: string; state: KubeResource | undefined }>()
  const tools = (): RecordTools => ({
    digest: shortHash,
    idOf: (ref, number) => `history-${shortHash(printResourceRef(ref))}-${number}`,
    sizeOf: (text) => Buffer.byteLength(text),
    limits: { maxBytes: options.maxBytes() },
  })
  // Taken before anything is written: what this run records must not make older objects look new.
  const beginning = store.beginning(cluster)
  let closed = false
  let seenSoFar = 0
  /** Of each object the place among all sightings at which it was last read anew. */
  const settled = new Map<string, number>()
  const queue = createSightingQueue<OrderedSighting>({ handle: record, onError: options.onError })

  async function record({ order, ...seen }: OrderedSighting, signal: AbortSignal): Promise<void> {
    const key = printResourceRef(seen.ref)
    let sighting: Sighting = seen
    let settles = (settled.get(key) ?? 0) > order
    if (settles) return
    for (;;) {
      if (!store.ready) throw new Error('the records on the hub are not known')
      if (sighting.object === undefined && !isFollowed(sighting.ref.kind)) return
      const last = store.last(sighting.ref)
      if (nextRecord(sighting, last && { last, state: undefined }, tools()) === undefined) {
        if (last && sighting.object) states.set(key, { id: last.id, state: configuredState(sighting.object) })
        return
      }
      const isOurs = last === undefined || states.get(key)?.id === last.id
      if (isOurs || settles) {
        const state = last && (await stateOf(key, last.id, signal))
        const next = nextRecord(sighting, last && { last, state }, tools())
        if (next === undefined) return
        if ((await store.append(next, signal)) === 'kept') {
          states.set(key, { id: next.id, state: next.object ?? (sighting.object && configuredState(sighting.object)) })
          options.onRecord(next)
          return
        }
      }
      // Another controller has written, and may know of more than this sighting. The object itself settles it, and with
      // it all that was seen before.
      settled.set(key, ++seenSoFar)
      settles = true
      const object = await getIfThere(client, sighting.ref.kind, sighting.ref, signal)
      sighting = { ...sighting, object, noticedAt: new Date().toISOString() }
    }
  }

  async function stateOf(key: string, id: string, signal: AbortSignal): Promise<KubeResource | undefined> {
    const known = states.get(key)
    return known?.id === id ? known.state : (await store.read(id, signal))?.object
  }

  /** A kind that may not be read any more, or is not installed, drops out of sight: nobody has deleted its objects. */
  function isFollowed(kind: KindId): boolean {
    const status = reflectors.get(kind)?.state.status
    return status === 'synced' || status === 'stale'
  }

  function see(ref: ResourceRef, object: KubeResource | undefined, listed: boolean, removed?: KubeResource): void {
    const noticedAt = new Date().toISOString()
    queue.push(printResourceRef(ref), { ref, object, noticedAt, listed, removed, beginning, order: ++seenSoFar })
  }

  function handleEvent(kind: KindId, { type, object }: ReflectorEvent): void {
    if (!isConfiguration(object)) return
    const ref = refOf(cluster, kind, object)
    if (type === 'deleted') see(ref, undefined, !isSynced(kind), object)
    else see(ref, object, !isSynced(kind))
  }

  const isSynced = (kind: KindId): boolean => reflectors.get(kind)?.state.status === 'synced'

  /** After a list: what has an entry and is not there any more was deleted meanwhile. */
  function seeWhatIsGone(kind: KindId): void {
    const there = new Set(
      [...(reflectors.get(kind)?.objects.values() ?? [])].map((object) =>
        printResourceRef(refOf(cluster, kind, object)),
      ),
    )
    for (const records of store.objectsIn(cluster)) {
      const last = records.at(-1)
      if (last === undefined || last.ref.kind !== kind || last.deletes || there.has(printResourceRef(last.ref)))
        continue
      see(last.ref, undefined, true)
    }
  }

  for (const kind of options.kinds ?? RECORDED_KINDS) {
    const reflector = createReflector({
      client,
      kind,
      trim: withoutBulk,
      watchSeconds: WATCH_SECONDS,
      onEvent: (event) => handleEvent(kind, event),
      onState: ({ status, error }) => {
        if (status === 'synced') seeWhatIsGone(kind)
        if (!closed && error instanceof ClusterUnreachableError && error.reason === 'closed') {
          closed = true
          options.onClosed()
        }
      },
    })
    reflectors.set(kind, reflector)
  }

  return {
    async stop() {
      await Promise.all([queue.stop(), ...[...reflectors.values()].map((reflector) => reflector.stop())])
    },
  }
}

function refOf(cluster: string, kind: KindId, { metadata: { name, namespace } }: KubeResource): ResourceRef {
  return kindOf(kind).namespaced && namespace !== undefined
    ? { cluster, kind, namespace, name }
    : { cluster, kind, name }
}

/** Without status, and of the field managers only who wrote when. */
function withoutBulk({ status: _status, ...object }: KubeResource): KubeResource {
  const managedFields = fieldWrites(object)
  return { ...object, metadata: { ...object.metadata, managedFields } }
}
