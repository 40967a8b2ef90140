import type { HistoryLimits, KubeResource, ResourceRef } from '@meshdeck/kube'
import { authorOf, fieldWrites, newestWrite, type Author } from './author.ts'
import { configuredState, DELETION_ANNOTATION, orderedJson, reasonIn } from './configured-state.ts'
import { fieldChanges, printFieldPath } from './field-diff.ts'
import type { ChangeOperation, HistoryRecord, RecordSummary } from './record.ts'

const FIELDS_NAMED = 8
const FIELD_LENGTH = 160
const REASON_LENGTH = 1_000
/** Between the mark of a deletion and the news of it, with what the clocks differ by. */
const DELETION_MARK_MS = 60_000

/** How an object was seen. */
export interface Sighting {
  ref: ResourceRef
  /** The object, whole; `undefined`: it is not there any more. */
  object: KubeResource | undefined
  /** RFC 3339. */
  noticedAt: string
  /** Found in a list rather than told by a watch: it may have been so for long. */
  listed: boolean
  /** What was deleted, as it last was, where somebody looked on. */
  removed?: KubeResource | undefined
  /** What was there before Meshdeck looked is no change. */
  beginning: string | undefined
}

/** What is known of an object: its last entry, and the state in it, as far as it was kept. */
export interface Known {
  last: RecordSummary
  state: KubeResource | undefined
}

export interface RecordTools {
  /** A short text that is the same for equal texts only. */
  digest: (text: string) => string
  /** Name of an entry. */
  idOf: (ref: ResourceRef, number: number) => string
  /** Bytes of a text in UTF-8. */
  sizeOf: (text: string) => number
  limits: Pick<Required<HistoryLimits>, 'maxBytes'>
}

/** The entry that follows from what is seen now; `undefined` when nothing has changed that anybody has configured. */
export function nextRecord(
  sighting: Sighting,
  known: Known | undefined,
  { digest, idOf, sizeOf, limits }: RecordTools,
): HistoryRecord | undefined {
  const { ref, object, noticedAt, listed } = sighting
  const last = known?.last
  const gone = last === undefined || last.deletes
  if (object === undefined && gone) return undefined
  const state = object === undefined ? known?.state : configuredState(object)
  const text = state === undefined ? '' : orderedJson(state)
  const now = object === undefined ? (last?.digest ?? '') : digest(text)
  const isSame = object !== undefined && !gone && last.digest === now && last.uid === object.metadata.uid
  if (isSame) return undefined

  const operation = operationOf(sighting, last)
  const number = (last?.number ?? 0) + 1
  const writes = object === undefined ? [] : fieldWrites(object)
  const write = newestWrite(writes, last?.write, noticedAt)
  const differing = operation === 'changed' ? namedChanges(known?.state, state) : []
  // The console sets or clears the reason with each of its writes; of others it counts when it is new.
  const reason = object && reasonIn(object)?.slice(0, REASON_LENGTH)
  const deletion = operation === 'deleted' ? toldDeletion(sighting) : undefined
  const author =
    deletion?.author ?? (operation === 'baseline' || write === undefined ? undefined : authorOf(write.manager))
  const isMeant = author?.tool === 'console' || (reason !== undefined && reason !== last?.standingReason)
  const bytes = sizeOf(text)
  const newest = writes.at(-1) ?? last?.write
  return {
    id: idOf(ref, number),
    number,
    ref,
    operation,
    deletes: operation === 'deleted',
    at: timeOf(sighting, operation, write?.time),
    noticedAt,
    late: listed && operation !== 'baseline',
    author: author ?? { tool: 'unknown' },
    ...(reason === undefined ? {} : { standingReason: reason, ...(isMeant ? { reason } : {}) }),
    ...(deletion?.reason === undefined ? {} : { reason: deletion.reason }),
    fields: differing.slice(0, FIELDS_NAMED),
    fieldCount: differing.length,
    digest: now,
    ...(object?.metadata.uid === undefined ? {} : { uid: object.metadata.uid }),
    ...(newest === undefined ? {} : { write: newest }),
    ...(state === undefined ? {} : bytes > limits.maxBytes ? { omittedBytes: bytes } : { object: state }),
  }
}

/**
 * Who deleted an object, and why, as the console has written into it the moment before. An older mark is of a deletion that
 * failed, and says nothing of this one.
 */
function toldDeletion({ removed, noticedAt }: Sighting): { author: Author; reason?: string } | undefined {
  const told = removed?.metadata.annotations?.[DELETION_ANNOTATION]
  if (removed === undefined || told === undefined) return undefined
  const write = fieldWrites(removed).findLast(({ manager }) => authorOf(manager).tool === 'console')
  if (write === undefined || Math.abs(Date.parse(noticedAt) - Date.parse(write.time)) > DELETION_MARK_MS)
    return undefined
  const reason = told.slice(0, REASON_LENGTH)
  return { author: authorOf(write.manager), ...(reason === '' ? {} : { reason }) }
}

function operationOf({ object, listed, beginning }: Sighting, last: RecordSummary | undefined): ChangeOperation {
  if (object === undefined) return 'deleted'
  if (last !== undefined) return last.deletes || last.uid !== object.metadata.uid ? 'created' : 'changed'
  const { creationTimestamp } = object.metadata
  // The server's clock counts whole seconds.
  const isOlder =
    beginning === undefined ||
    creationTimestamp === undefined ||
    Date.parse(creationTimestamp) < Math.floor(Date.parse(beginning) / 1_000) * 1_000
  return listed && isOlder ? 'baseline' : 'created'
}

function timeOf({ object, noticedAt }: Sighting, operation: ChangeOperation, written: string | undefined): string {
  if (operation === 'baseline') return noticedAt
  if (operation === 'created') return object?.metadata.creationTimestamp ?? noticedAt
  return written ?? noticedAt
}

function namedChanges(before: KubeResource | undefined, after: KubeResource | undefined): string[] {
  if (before === undefined || after === undefined) return []
  return fieldChanges(before, after).map(({ path }) => printFieldPath(path).slice(0, FIELD_LENGTH))
}
