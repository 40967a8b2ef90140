import { printResourceRef, type KindId } from '@meshdeck/kube'
import type { RecordSummary } from '@meshdeck/mesh'

/** An entry with its time as a number: thousands are put in order for each page. */
export interface IndexedRecord extends RecordSummary {
  /** Milliseconds since the epoch. */
  atMs: number
}

/** The entries of the history in memory, without their objects. */
export interface HistoryIndex {
  put(record: RecordSummary): void
  remove(id: string): void
  get(id: string): RecordSummary | undefined
  /** The entry of the same object before this one, as far as it is kept. */
  before(record: RecordSummary): RecordSummary | undefined
  /** The entries of a cluster by kind. */
  of(cluster: string): ReadonlyMap<KindId, readonly IndexedRecord[]>
  readonly size: number
}

export function createHistoryIndex(): HistoryIndex {
  const records = new Map<string, IndexedRecord>()
  /** Made of `records` when it is asked for, until they change. */
  let grouped: Map<string, Map<KindId, IndexedRecord[]>> | undefined

  function group(): Map<string, Map<KindId, IndexedRecord[]>> {
    const clusters = new Map<string, Map<KindId, IndexedRecord[]>>()
    for (const [cluster, own] of Map.groupBy(records.values(), ({ ref }) => ref.cluster)) {
      clusters.set(
        cluster,
        Map.groupBy(own, ({ ref }) => ref.kind),
      )
    }
    return clusters
  }

  return {
    put(record) {
      records.set(record.id, { ...record, atMs: Date.parse(record.at) })
      grouped = undefined
    },
    remove(id) {
      records.delete(id)
      grouped = undefined
    },
    get: (id) => records.get(id),
    before({ ref, number }) {
      const key = printResourceRef(ref)
      return (grouped ??= group())
        .get(ref.cluster)
        ?.get(ref.kind)
        ?.filter((each) => each.number < number && printResourceRef(each.ref) === key)
        .reduce<RecordSummary | undefined>((last, each) => (last && last.number > each.number ? last : each), undefined)
    },
    of: (cluster) => (grouped ??= group()).get(cluster) ?? new Map(),
    get size() {
      return records.size
    },
  }
}
