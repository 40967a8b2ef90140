import { badRequest } from '../api/errors.ts'
import { MESSAGES } from '../schema/builtin-data.ts'

/** What stands before every object that is written in protobuf. */
const MAGIC = 'k8s\0'
const META = 'k8s.io.apimachinery.pkg.apis.meta.v1'
const UNKNOWN = 'k8s.io.apimachinery.pkg.runtime.Unknown'
const MAX_DEPTH = 100

/** Packages of the API groups, where they are not named as their group begins. */
const PACKAGES: Readonly<Record<string, string>> = {
  '': 'core',
  'rbac.authorization.k8s.io': 'rbac',
  'authorization.k8s.io': 'authorization',
  'authentication.k8s.io': 'authentication',
  'networking.k8s.io': 'networking',
  'coordination.k8s.io': 'coordination',
  'scheduling.k8s.io': 'scheduling',
}

/**
 * Fields whose zero says something: they are pointers in the server's own format. All other zeros are left out, because
 * protobuf writes them where JSON would not.
 */
const KEPT_ZEROS = new Set([
  'allowPrivilegeEscalation',
  'automountServiceAccountToken',
  'backoffLimit',
  'enableServiceLinks',
  'fsGroup',
  'gracePeriodSeconds',
  'immutable',
  'maxUnavailable',
  'minAvailable',
  'minReplicas',
  'optional',
  'orphanDependents',
  'parallelism',
  'partition',
  'privileged',
  'readOnlyRootFilesystem',
  'replicas',
  'revisionHistoryLimit',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'suspend',
  'terminationGracePeriodSeconds',
])

/**
 * Reads an object that a client wrote in protobuf, as kubectl does for kinds that it knows, into the JSON that it stands
 * for. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 *
 * @throws StatusError 400 for what is no such object.
 */
export function readProtobuf(bytes: Buffer): unknown {
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  try {
    const envelope = message(bytes.subarray(MAGIC.length), UNKNOWN, 0)
    const { typeMeta, raw } = envelope
    const { apiVersion = '', kind = '' } = isFields(typeMeta) ? typeMeta : {}
    const name = messageName(String(apiVersion), String(kind))
    if (MESSAGES[name] === undefined)
      throw badRequest(`no kind "${String(kind)}" is registered for version "${String(apiVersion)}"`)
    const body = message(Buffer.from(String(raw ?? ''), 'base64'), name, 0)
    return { apiVersion, kind, ...body }
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`proto: ${error.message}`)
    throw error
  }
}

type Fields = Record<string, unknown>

function messageName(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  if (kind === 'DeleteOptions') return `${META}.${kind}`
  return `k8s.io.api.${PACKAGES[group] ?? group.split('.')[0]}.${version}.${kind}`
}

/** Messages that JSON writes as a plain value. */
const PLAIN: Readonly<Record<string, (fields: Fields) => unknown>> = {
  [`${META}.Time`]: time,
  [`${META}.MicroTime`]: time,
  [`${META}.FieldsV1`]: ({ Raw }) => json(Raw),
  [`${META}.Verbs`]: ({ items }) => items ?? [],
  'k8s.io.apimachinery.pkg.runtime.RawExtension': ({ raw }) => json(raw),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': ({ string }) => string ?? '0',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': ({ type, intVal, strVal }) =>
    type === 1 ? (strVal ?? '') : (intVal ?? 0),
  'k8s.io.api.authorization.v1.ExtraValue': ({ items }) => items ?? [],
  'k8s.io.api.authentication.v1.ExtraValue': ({ items }) => items ?? [],
}

function message(bytes: Buffer, name: string, depth: number): Fields {
  if (depth > MAX_DEPTH) throw new RangeError('nested too deep')
  const descriptor = MESSAGES[name] ?? {}
  const fields = new Map<string, unknown>()
  const reader = new Reader(bytes)
  while (!reader.done) {
    const tag = reader.number()
    const field = descriptor[String(tag >>> 3)]
    if (field === undefined) {
      reader.skip(tag & 7)
      continue
    }
    const [key, type, kind] = field
    if (kind === 'map') {
      const [entry, item] = mapEntry(reader.bytes(), type, depth)
      fields.set(key, Object.fromEntries([...Object.entries(fields.get(key) ?? {}), [entry, item]]))
      continue
    }
    const item = value(reader, tag & 7, type, depth)
    if (kind === 'list') {
      const list = fields.get(key)
      fields.set(key, Array.isArray(list) ? [...list, item] : [item])
    } else if (
      item !== undefined &&
      (!isZero(item) || KEPT_ZEROS.has(key) || name === UNKNOWN || PLAIN[name] !== undefined)
    ) {
      fields.set(key, item)
    }
  }
  return Object.fromEntries(fields)
}

function value(reader: Reader, wire: number, type: string, depth: number): unknown {
  switch (type) {
    case 'string':
      return reader.bytes().toString('utf8')
    case 'bytes':
      return reader.bytes().toString('base64')
    case 'bool':
      return reader.number() !== 0
    case 'double':
      return reader.double()
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return reader.number()
    default: {
      if (wire !== 2) throw new RangeError(`wrong wireType = ${wire}`)
      const fields = message(reader.bytes(), type, depth + 1)
      const plain = PLAIN[type]
      return plain === undefined ? fields : plain(fields)
    }
  }
}

function mapEntry(bytes: Buffer, type: string, depth: number): [string, unknown] {
  const reader = new Reader(bytes)
  let key = ''
  let item: unknown = ''
  while (!reader.done) {
    const tag = reader.number()
    if (tag >>> 3 === 1) key = reader.bytes().toString('utf8')
    else if (tag >>> 3 === 2) item = value(reader, tag & 7, type, depth)
    else reader.skip(tag & 7)
  }
  return [key, item]
}

/** Reads the wire format. Source: https://protobuf.dev/programming-guides/encoding/ */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** A varint, taken as signed 64 bits; as exact as a JSON number. */
  number(): number {
    let result = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('unexpected end of data')
      result |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, result))
    }
    throw new RangeError('integer overflow')
  }

  bytes(): Buffer {
    const length = this.number()
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw new RangeError('unexpected end of data')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }

  double(): number {
    if (this.#at + 8 > this.#bytes.length) throw new RangeError('unexpected end of data')
    const number = this.#bytes.readDoubleLE(this.#at)
    this.#at += 8
    return number
  }

  skip(wire: number): void {
    if (wire === 0) this.number()
    else if (wire === 1) this.double()
    else if (wire === 2) this.bytes()
    else if (wire === 5) this.#at += 4
    else throw new RangeError(`illegal wireType ${wire}`)
  }
}

/** An empty one is the time that was never set. */
function time({ seconds, nanos }: Fields): string | undefined {
  if (typeof seconds !== 'number' || seconds <= 0) return undefined
  const whole = new Date(seconds * 1_000)
  if (Number.isNaN(whole.getTime())) throw new RangeError('time out of range')
  const text = whole.toISOString().slice(0, 19)
  return typeof nanos === 'number' && nanos > 0
    ? `${text}.${String(Math.floor(nanos / 1_000)).padStart(6, '0')}Z`
    : `${text}Z`
}

function json(raw: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(String(raw ?? ''), 'base64').toString('utf8'))
  } catch {
    throw new RangeError('raw bytes that are no JSON')
  }
}

function isZero(item: unknown): boolean {
  return item === '' || item === 0 || item === false
}

function isFields(item: unknown): item is Fields {
  return typeof item === 'object' && item !== null && !Array.isArray(item)
}
