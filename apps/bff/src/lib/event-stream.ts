import type { EventFrame } from '@meshdeck/contract'
import { HUB, type KindId } from '@meshdeck/kube'
import { createFrameQueue, type Notice } from './frame-queue.ts'

const COALESCE_MS = 50
const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for so long is gone, or will do better with a fresh stream. */
const MAX_STALL_MS = 30_000
const RETRY_MS = 2_000

/** Where a stream is written to: the socket's answer. */
export interface StreamSink {
  /** False when the reader is slow; `onDrain` tells when it has caught up. */
  write(text: string): boolean
  onDrain(listener: () => void): void
  end(): void
}

/** What a stream asks of its reader's rights. Errors count as no. */
export interface StreamRights {
  mayList(cluster: string, kind: KindId, namespace?: string): Promise<boolean>
  mayHaveListed(cluster: string, kind: KindId, namespace?: string): Promise<boolean>
  /** Whether the kind was found listable anywhere in the cluster; for frames that name no object. */
  mayListSome(cluster: string, kind: KindId): Promise<boolean>
  stillSignedIn(): Promise<boolean>
}

export interface EventStream {
  notice(notice: Notice): void
  close(): void
}

/**
 * One reader's stream. Frames are gathered for a moment, then each is released if its reader may list the kind there;
 * for a deletion an older decision counts, since the rights may be gone with the namespace. While the reader is slow
 * nothing is written and the queue stays small; one that stands still is cut off, and asks everything anew.
 */
export function createEventStream(sink: StreamSink, rights: StreamRights, onClose: () => void): EventStream {
  const queue = createFrameQueue()
  let timer: NodeJS.Timeout | undefined
  let blockedSince: number | undefined
  let flushing = false
  let closed = false

  const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS)
  heartbeat.unref()
  sink.onDrain(() => {
    blockedSince = undefined
    schedule()
  })
  write(`retry: ${RETRY_MS}\n\n${print({ type: 'ready' })}`)

  async function beat(): Promise<void> {
    const stalled = blockedSince !== undefined && Date.now() - blockedSince > MAX_STALL_MS
    if (stalled || !(await rights.stillSignedIn())) close()
    else if (blockedSince === undefined) write(': still here\n\n')
  }

  function schedule(): void {
    if (closed || timer !== undefined || flushing || blockedSince !== undefined || queue.size === 0) return
    timer = setTimeout(() => void flush(), COALESCE_MS)
  }

  async function flush(): Promise<void> {
    timer = undefined
    flushing = true
    const notices = queue.take()
    const released = await Promise.all(notices.map((notice) => mayRead(notice).catch(() => false)))
    const text = notices
      .filter((_notice, index) => released[index])
      .map(print)
      .join('')
    flushing = false
    if (text !== '') write(text)
    schedule()
  }

  function mayRead(notice: Notice): Promise<boolean> {
    if (notice.type === 'cluster') return rights.mayList(HUB, 'Cluster')
    if (notice.type === 'resync') return rights.mayListSome(notice.cluster, notice.kind)
    const namespace = notice.kind === 'Namespace' ? notice.name : notice.namespace
    const ask = notice.op === 'deleted' ? rights.mayHaveListed : rights.mayList
    return ask(notice.cluster, notice.kind, namespace)
  }

  function write(text: string): void {
    if (!closed && !sink.write(text)) blockedSince ??= Date.now()
  }

  function close(): void {
    if (closed) return
    closed = true
    clearInterval(heartbeat)
    clearTimeout(timer)
    sink.end()
    onClose()
  }

  return {
    notice(notice) {
      queue.push(notice)
      schedule()
    },
    close,
  }
}

/** All streams tell of the same change, so its text is made once. */
const printed = new WeakMap<EventFrame, string>()

function print(frame: EventFrame): string {
  let text = printed.get(frame)
  if (text === undefined) printed.set(frame, (text = `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`))
  return text
}
