import type { EventFrame } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'

/** One change of one object; what the watch cache tells the streams. */
export interface Change {
  type: 'change'
  cluster: string
  kind: KindId
  op: 'added' | 'modified' | 'deleted'
  namespace?: string
  name: string
}
/** A gap in the watch of a kind: anything of it may have changed. */
export interface Resync {
  type: 'resync'
  cluster: string
  kind: KindId
}
export type ClusterFrame = Extract<EventFrame, { type: 'cluster' }>
export type Notice = Change | Resync | ClusterFrame

/** Beyond so many changes of one kind in one cluster a reader does better to ask for the list again. */
const MAX_CHANGES_PER_KIND = 200

/**
 * What a stream has yet to send. It cannot grow without bound while its reader is slow: changes of one object become
 * one, and many of one kind become a resync.
 */
export interface FrameQueue {
  push(notice: Notice): void
  /** Empties the queue, oldest first. */
  take(): Notice[]
  readonly size: number
}

export function createFrameQueue(): FrameQueue {
  let frames = new Map<string, Notice>()
  let counts = new Map<string, number>()

  function pushChange(change: Change): void {
    const kindKey = `${change.cluster} ${change.kind}`
    if (frames.has(kindKey)) return
    const key = `${kindKey} ${change.namespace ?? ''} ${change.name}`
    const before = frames.get(key)
    if (before === undefined) counts.set(kindKey, (counts.get(kindKey) ?? 0) + 1)
    const stillNew = before?.type === 'change' && before.op === 'added' && change.op === 'modified'
    frames.set(key, stillNew ? before : change)
    if ((counts.get(kindKey) ?? 0) > MAX_CHANGES_PER_KIND)
      pushResync({ type: 'resync', cluster: change.cluster, kind: change.kind })
  }

  function pushResync(resync: Resync): void {
    const kindKey = `${resync.cluster} ${resync.kind}`
    for (const key of frames.keys()) if (key.startsWith(`${kindKey} `)) frames.delete(key)
    counts.delete(kindKey)
    frames.set(kindKey, resync)
  }

  return {
    push(notice) {
      if (notice.type === 'change') pushChange(notice)
      else if (notice.type === 'resync') pushResync(notice)
      else {
        // The latest state of a cluster is the last thing said about it.
        frames.delete(notice.cluster)
        frames.set(notice.cluster, notice)
      }
    },
    take() {
      const taken = [...frames.values()]
      frames = new Map()
      counts = new Map()
      return taken
    },
    get size() {
      return frames.size
    },
  }
}
