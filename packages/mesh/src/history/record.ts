import {
  findKind,
  isRecord,
  kindOf,
  MESHDECK_NAMESPACE,
  type KindId,
  type KubeResource,
  type ResourceRef,
} from '@meshdeck/kube'
import { labelsIn, texts } from '../analysis/read.ts'
import { REACHED_SIDES, reachOf, type Reach } from '../graph/reach.ts'
import { bytesOf, CHANGE_TOOLS, type Author, type ChangeTool, type FieldWrite } from './author.ts'
import type { KeptRecord } from './limits.ts'

/** `baseline`: how an object was when its history began, which is no change. */
export const CHANGE_OPERATIONS = ['baseline', 'created', 'changed', 'deleted'] as const
export type ChangeOperation = (typeof CHANGE_OPERATIONS)[number]

/** One entry of an object's history, without the object. */
export interface RecordSummary extends KeptRecord {
  ref: ResourceRef
  operation: ChangeOperation
  /** RFC 3339: when it was made, as well as that is known. */
  at: string
  /** It was found by comparison: nobody looked on when it was made, and there may have been more than one change. */
  late: boolean
  author: Author
  reason?: string
  /** The reason that stood in the object, whether it was about this change or an older one. */
  standingReason?: string
  /** Fields that differ from the entry before, the first few (`spec.http[0].timeout`). */
  fields: string[]
  /** How many differ. */
  fieldCount: number
  /** Tells equal states, whether they are kept or not. */
  digest: string
  uid?: string
  /** The newest write that the object told of, to tell the next one from it. */
  write?: FieldWrite
  /** Size of a state that was too large to keep, in bytes. */
  omittedBytes?: number
  /** Size of the state that is kept, in bytes of JSON. Known of summaries only. */
  keptBytes?: number
  /** Whom the state concerns; of summaries only (`revisionSummary`). */
  reach?: Reach
}

/** An entry with the object as it was from then on; of a deleted one as it last was. Absent when it was too large. */
export interface HistoryRecord extends RecordSummary {
  object?: KubeResource
}

/** Label of all records on the hub, and of nothing else. */
export const HISTORY_LABEL = 'meshdeck.io/history'
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

/** A record as an object of the hub. Its `data` cannot be changed any more: the API server sees to that. */
export function toRevision({ id, number, ref, deletes: _deletes, object, ...rest }: HistoryRecord): KubeResource {
  const { cluster, kind, namespace, name } = ref
  const labels = { [HISTORY_LABEL]: 'record', ...labelsOf({ cluster, kind, namespace, name }) }
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: id, namespace: MESHDECK_NAMESPACE, labels },
    revision: number,
    data: { ...ref, ...rest, ...(object === undefined ? {} : { object }) },
  }
}

/** What stands in a record of the hub; `undefined` for what is none. The boundary: anybody may write there who may. */
export function readRevision({ metadata, revision, data }: KubeResource): HistoryRecord | undefined {
  if (!isRecord(data) || typeof revision !== 'number') return undefined
  const ref = readRef(data)
  const operation = CHANGE_OPERATIONS.find((each) => each === data['operation'])
  const { at, noticedAt, digest, object, omittedBytes } = data
  if (ref === undefined || operation === undefined) return undefined
  if (!isTime(at) || !isTime(noticedAt) || typeof digest !== 'string') return undefined
  const reason = textIn(data, 'reason')
  const standingReason = textIn(data, 'standingReason')
  const uid = textIn(data, 'uid')
  const write = readWrite(data['write'])
  const reach = readReach(data['reach'])
  const fields = Array.isArray(data['fields']) ? data['fields'].filter((each) => typeof each === 'string') : []
  return {
    id: metadata.name,
    number: revision,
    ref,
    operation,
    deletes: operation === 'deleted',
    at,
    noticedAt,
    late: data['late'] === true,
    author: readAuthor(data['author']),
    ...(reason === undefined ? {} : { reason }),
    ...(standingReason === undefined ? {} : { standingReason }),
    fields,
    fieldCount: typeof data['fieldCount'] === 'number' ? data['fieldCount'] : fields.length,
    digest,
    ...(uid === undefined ? {} : { uid }),
    ...(write === undefined ? {} : { write }),
    ...(typeof omittedBytes === 'number' ? { omittedBytes } : {}),
    ...(typeof data['keptBytes'] === 'number' ? { keptBytes: data['keptBytes'] } : {}),
    ...(reach === undefined ? {} : { reach }),
    ...(isResource(object) ? { object } : {}),
  }
}

/**
 * A record of the hub with the size of the object in place of it, and whom that concerns, for those who keep thousands. It
 * must never be written back.
 */
export function revisionSummary({ data, metadata, ...rest }: KubeResource): KubeResource {
  const { name, namespace, resourceVersion } = metadata
  const { object, ...summary } = isRecord(data) ? data : {}
  const kind = findKind(textIn(summary, 'kind') ?? '')?.id
  const kept = object === undefined ? {} : { keptBytes: sizeOf(JSON.stringify(object)) }
  const reach = kind !== undefined && isResource(object) ? { reach: reachOf(kind, object) } : {}
  return {
    ...rest,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    data: { ...summary, ...kept, ...reach },
  }
}

/** Most are plain ASCII, of which the length says it. */
const sizeOf = (json: string): number => (/[^ -~]/.test(json) ? bytesOf(json) : json.length)

function labelsOf(ref: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ref).flatMap(([part, value]) =>
      // Names may be longer than labels; the whole of them stands in the data.
      value !== undefined && LABEL_VALUE.test(value) ? [[`meshdeck.io/history-${part}`, value]] : [],
    ),
  )
}

function readRef(data: Record<string, unknown>): ResourceRef | undefined {
  const [cluster, name, namespace] = [textIn(data, 'cluster'), textIn(data, 'name'), textIn(data, 'namespace')]
  const kind: KindId | undefined = findKind(textIn(data, 'kind') ?? '')?.id
  if (cluster === undefined || name === undefined || kind === undefined) return undefined
  if (!kindOf(kind).namespaced) return { cluster, kind, name }
  return namespace === undefined ? undefined : { cluster, kind, namespace, name }
}

function readReach(value: unknown): Reach | undefined {
  if (!isRecord(value)) return undefined
  const hosts = texts(value['hosts'])
  const workloads = value['workloads']
  if (!isRecord(workloads)) return { hosts }
  const namespace = textIn(workloads, 'namespace')
  const side = REACHED_SIDES.find((each) => each === workloads['side']) ?? 'both'
  const labels = labelsIn(workloads['labels'])
  return { hosts, workloads: { ...(namespace === undefined ? {} : { namespace }), labels, side } }
}

function readAuthor(value: unknown): Author {
  if (!isRecord(value)) return { tool: 'unknown' }
  const tool: ChangeTool = CHANGE_TOOLS.find((each) => each === value['tool']) ?? 'unknown'
  const [manager, user] = [textIn(value, 'manager'), textIn(value, 'user')]
  return { tool, ...(manager === undefined ? {} : { manager }), ...(user === undefined ? {} : { user }) }
}

function readWrite(value: unknown): FieldWrite | undefined {
  if (!isRecord(value)) return undefined
  const [manager, time] = [textIn(value, 'manager'), value['time']]
  return manager !== undefined && isTime(time) ? { manager, time } : undefined
}

function textIn(value: Record<string, unknown>, field: string): string | undefined {
  const text = value[field]
  return typeof text === 'string' && text !== '' ? text : undefined
}

const isTime = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value))

function isResource(value: unknown): value is KubeResource {
  return isRecord(value) && isRecord(value['metadata'])
}
