import { badRequest } from '../api/errors.ts'
import { StatusError } from '../api/status-error.ts'
import { isRecord, sameJson } from '../json.ts'

const OPERATIONS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test'])
/** As the real server limits it. */
const MAX_OPERATIONS = 10_000

/**
 * Applies a JSON patch (RFC 6902) to a value; what it does not touch is shared with the old one.
 *
 * @throws StatusError 400 when it is no patch, 422 when it does not fit the value.
 */
export function applyJsonPatch(value: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  }
  if (patch.length > MAX_OPERATIONS) {
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
    )
  }
  let result = value
  for (const operation of patch) result = applyOperation(result, operation)
  return result
}

function applyOperation(value: unknown, operation: unknown): unknown {
  if (!isRecord(operation) || !OPERATIONS.has(String(operation['op']))) {
    throw unprocessable(`Unexpected kind: ${isRecord(operation) ? String(operation['op']) : typeof operation}`)
  }
  const path = pointer(operation['path'])
  switch (operation['op']) {
    case 'add':
      return add(value, path, operation['value'])
    case 'replace':
      read(value, path, 'replace')
      return path.length === 0 ? operation['value'] : add(remove(value, path), path, operation['value'])
    case 'remove':
      return remove(value, path)
    case 'test':
      if (!sameJson(find(value, path), operation['value'] ?? undefined)) {
        throw unprocessable(`testing value ${String(operation['path'])} failed: test failed`)
      }
      return value
    case 'move': {
      const from = pointer(operation['from'])
      return add(remove(value, from), path, read(value, from, 'move'))
    }
    default:
      return add(value, path, read(value, pointer(operation['from']), 'copy'))
  }
}

function pointer(text: unknown): readonly string[] {
  if (text === '') return []
  if (typeof text !== 'string' || !text.startsWith('/')) {
    throw unprocessable(`operation path "${String(text)}" is not a JSON pointer`)
  }
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function find(value: unknown, path: readonly string[]): unknown {
  let found = value
  for (const part of path) {
    if (Array.isArray(found)) found = found[indexOf(part, found.length - 1, path)]
    else if (isRecord(found) && Object.hasOwn(found, part)) found = found[part]
    else return undefined
  }
  return found ?? undefined
}

function read(value: unknown, path: readonly string[], what: string): unknown {
  let found = value
  for (const part of path) {
    if (Array.isArray(found)) found = found[indexOf(part, found.length - 1, path)]
    else if (isRecord(found) && Object.hasOwn(found, part)) found = found[part]
    else throw missing(what, path)
  }
  return found
}

function add(value: unknown, path: readonly string[], added: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return added
  if (Array.isArray(value)) {
    if (rest.length === 0) {
      const index = part === '-' ? value.length : indexOf(part, value.length, path)
      return value.toSpliced(index, 0, added)
    }
    const index = indexOf(part, value.length - 1, path)
    return value.with(index, add(value[index], rest, added))
  }
  if (!isRecord(value)) throw missing('add', path)
  if (rest.length > 0 && !Object.hasOwn(value, part)) throw missing('add', path)
  return withField(value, part, rest.length === 0 ? added : add(value[part], rest, added))
}

function remove(value: unknown, path: readonly string[]): unknown {
  const [part, ...rest] = path
  if (part === undefined) throw missing('remove', path)
  if (Array.isArray(value)) {
    const index = indexOf(part, value.length - 1, path)
    return rest.length === 0 ? value.toSpliced(index, 1) : value.with(index, remove(value[index], rest))
  }
  if (!isRecord(value) || !Object.hasOwn(value, part)) throw missing('remove', path)
  if (rest.length > 0) return withField(value, part, remove(value[part], rest))
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== part))
}

/** A copy with one field more; a field named `__proto__` is a field like any other. */
function withField(value: Record<string, unknown>, name: string, field: unknown): Record<string, unknown> {
  return Object.fromEntries([...Object.entries(value).filter(([other]) => other !== name), [name, field]])
}

function indexOf(part: string, last: number, path: readonly string[]): number {
  const index = /^(?:0|[1-9]\d{0,8})$/.test(part) ? Number(part) : -1
  if (index < 0 || index > last) {
    throw unprocessable(`Unable to access invalid index: ${part} of /${path.join('/')}: invalid index referenced`)
  }
  return index
}

function missing(what: string, path: readonly string[]): StatusError {
  return unprocessable(`${what} operation does not apply: doc is missing path: "/${path.join('/')}": missing value`)
}

function unprocessable(message: string): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${message}`,
    {},
  )
}
