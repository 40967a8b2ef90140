import type { IncomingMessage } from 'node:http'
import { parseDocument } from 'yaml'
import { badRequest } from '../api/errors.ts'
import { StatusError } from '../api/status-error.ts'
import { readProtobuf } from './read-protobuf.ts'

/** As the real server limits a request. */
const MAX_BYTES = 3 * 2 ** 20
/** JSON that nests deeper would exhaust the stack of whatever walks it. */
const MAX_DEPTH = 200

/**
 * The body of a request as a value; nothing for an empty one.
 *
 * @throws StatusError 413, 415, or 400 for what is no JSON and no YAML.
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part: Buffer = chunk
    bytes += part.length
    if (bytes > MAX_BYTES) {
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BYTES}`)
    }
    chunks.push(part)
  }
  if (bytes === 0) return undefined
  const whole = Buffer.concat(chunks)
  const text = whole.toString('utf8')
  const type = request.headers['content-type']?.split(';')[0]?.trim() ?? 'application/json'
  if (type === 'application/vnd.kubernetes.protobuf') return readProtobuf(whole)
  if (type.endsWith('cbor')) {
    throw new StatusError(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    )
  }
  const value = type.endsWith('yaml') ? parseYaml(text) : parseJson(text)
  if (depthOf(value, 0) > MAX_DEPTH) throw badRequest(`the body of the request nests deeper than ${MAX_DEPTH} levels`)
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type JSON): ${messageOf(error)}`)
  }
}

function parseYaml(text: string): unknown {
  // Almost all YAML that comes here is JSON, which is read much faster.
  if (text.startsWith('{')) {
    try {
      return JSON.parse(text)
    } catch {
      // YAML may begin with a brace too.
    }
  }
  const document = parseDocument(text, { version: '1.2' })
  const [error] = document.errors
  if (error !== undefined) throw badRequest(`error decoding YAML: ${error.message}`)
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw badRequest(`error decoding YAML: ${messageOf(cause)}`)
  }
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return depth
  let deepest = depth
  for (const item of Object.values(value)) deepest = Math.max(deepest, depthOf(item, depth + 1))
  return deepest
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
