import { MESHDECK_NAMESPACE, printResourceRef, type ResourceRef } from '@meshdeck/kube'
import { createReflector, KubeStatusError, type ReflectorState, type ResourceClient } from '@meshdeck/kube-client'
import {
  HISTORY_LABEL,
  readRevision,
  revisionSummary,
  toRevision,
  type HistoryRecord,
  type RecordSummary,
} from '@meshdeck/mesh'

/** The records on the hub, indexed by their object; what they hold of the object itself is read when it is needed. */
export interface HistoryStore {
  /** Whether the records are known; as long as they are not, nothing can be added to them. */
  readonly ready: boolean
  /** The last entry of an object. */
  last(ref: ResourceRef): RecordSummary | undefined
  /** The entries of each object of a cluster, in order. */
  objectsIn(cluster: string): Iterable<readonly RecordSummary[]>
  /** When the history of a cluster began. */
  beginning(cluster: string): string | undefined
  /** An entry with its object; `undefined` when it is gone. */
  read(id: string, signal: AbortSignal): Promise<HistoryRecord | undefined>
  /**
   * Adds an entry. `taken`: somebody else has written one in its place, which is known from now on: entries are numbered,
   * and of two writers one comes first.
   */
  append(record: HistoryRecord, signal: AbortSignal): Promise<'kept' | 'taken'>
  /** Lets an entry go. */
  remove(record: RecordSummary, signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

export interface HistoryStoreOptions {
  hub: ResourceClient
  onState: (state: ReflectorState) => void
}

export function createHistoryStore({ hub, onState }: HistoryStoreOptions): HistoryStore {
  const clusters = new Map<string, Map<string, RecordSummary[]>>()
  const reflector = createReflector({
    client: hub,
    kind: 'ControllerRevision',
    namespace: MESHDECK_NAMESPACE,
    labelSelector: HISTORY_LABEL,
    trim: revisionSummary,
    onEvent: ({ type, object }) => {
      const record = readRevision(object)
      if (record === undefined) return
      if (type === 'deleted') drop(record)
      else put(record)
    },
    onState,
  })

  function put(record: RecordSummary): void {
    const { cluster } = record.ref
    const key = printResourceRef(record.ref)
    const objects = clusters.get(cluster) ?? new Map<string, RecordSummary[]>()
    const others = (objects.get(key) ?? []).filter(({ id }) => id !== record.id)
    objects.set(
      key,
      [...others, record].toSorted((a, b) => a.number - b.number),
    )
    clusters.set(cluster, objects)
  }

  function drop({ id, ref }: RecordSummary): void {
    const objects = clusters.get(ref.cluster)
    const key = printResourceRef(ref)
    const left = (objects?.get(key) ?? []).filter((each) => each.id !== id)
    if (left.length === 0) objects?.delete(key)
    else objects?.set(key, left)
  }

  async function read(id: string, signal: AbortSignal): Promise<HistoryRecord | undefined> {
    try {
      return readRevision(await hub.get('ControllerRevision', { namespace: MESHDECK_NAMESPACE, name: id }, { signal }))
    } catch (error) {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
      throw error
    }
  }

  return {
    get ready() {
      return reflector.state.status === 'synced'
    },
    last: (ref) => clusters.get(ref.cluster)?.get(printResourceRef(ref))?.at(-1),
    objectsIn: (cluster) => clusters.get(cluster)?.values() ?? [],
    beginning(cluster) {
      const firsts = [...(clusters.get(cluster)?.values() ?? [])].flatMap(([first]) => first?.noticedAt ?? [])
      return firsts.reduce<string | undefined>(
        (least, at) => (least === undefined || at < least ? at : least),
        undefined,
      )
    },
    read,
    async append(record, signal) {
      try {
        await hub.create('ControllerRevision', toRevision(record), { signal })
      } catch (error) {
        if (!(error instanceof KubeStatusError) || error.httpStatus !== 409) throw error
        const other = await read(record.id, signal)
        if (other !== undefined) put(other)
        return 'taken'
      }
      put(withoutState(record))
      return 'kept'
    },
    async remove(record, signal) {
      try {
        const ref = { namespace: MESHDECK_NAMESPACE, name: record.id }
        await hub.delete('ControllerRevision', ref, { signal })
      } catch (error) {
        if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
      }
      drop(record)
    },
    stop: () => reflector.stop(),
  }
}

function withoutState({ object: _object, ...summary }: HistoryRecord): RecordSummary {
  return summary
}
