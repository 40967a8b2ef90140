import { Buffer } from 'node:buffer'
import { isRecord } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import type { ObjectFilter } from './object-filter.ts'
import type { Cluster } from './cluster.ts'
import { badRequest, expired } from './errors.ts'
import { inVersion } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import { StatusError } from './status-error.ts'

export interface ListQuery {
  readonly namespace?: string
  readonly filter: ObjectFilter
  /** 0: all. */
  readonly limit: number
  readonly continue?: string
  readonly resourceVersion?: string
}

export interface ListPage {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}

interface ContinueToken {
  readonly snapshot: string
  readonly start: number
  readonly revision: number
}

const TOO_OLD_TOKEN =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'

/**
 * One page of a list, all pages of the same moment.
 *
 * @throws StatusError 400 for a token that is none, 410 for one whose moment is forgotten, 504 for a version of the future.
 */
export function listObjects(cluster: Cluster, type: ResourceType, query: ListQuery): ListPage {
  const resource = resourceKey(type.group, type.plural)
  const { store } = cluster
  if (query.continue !== undefined && query.continue !== '') {
    if (query.resourceVersion !== undefined && query.resourceVersion !== '' && query.resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue')
    }
    const token = readToken(query.continue)
    const objects = store.snapshot(token.snapshot)
    if (objects === undefined) throw expired(TOO_OLD_TOKEN)
    return page(type, objects, token, query)
  }
  checkVersion(query.resourceVersion, store.revision)
  const objects = store.sorted(resource, query.namespace)
  const token = {
    snapshot: `${resource} ${query.namespace ?? ''} ${store.revision}`,
    start: 0,
    revision: store.revision,
  }
  const first = page(type, objects, token, query)
  if (first.continue !== undefined) store.keepSnapshot(token.snapshot, objects)
  return first
}

/** @throws StatusError 400 or 504, worded as the real server. */
export function checkVersion(resourceVersion: string | undefined, current: number): void {
  if (resourceVersion === undefined || resourceVersion === '') return
  if (!/^\d+$/.test(resourceVersion)) {
    throw badRequest(
      `resourceVersion: Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
    )
  }
  if (Number(resourceVersion) > current) {
    const message = `Too large resource version: ${resourceVersion}, current: ${current}`
    throw new StatusError(504, 'Timeout', `Timeout: ${message}`, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    })
  }
}

function page(type: ResourceType, objects: readonly KubeObject[], token: ContinueToken, query: ListQuery): ListPage {
  const items: KubeObject[] = []
  let index = token.start
  for (; index < objects.length; index++) {
    const object = objects[index]
    if (object === undefined || !query.filter.matches(object)) continue
    if (query.limit > 0 && items.length === query.limit) break
    items.push(inVersion(object, type))
  }
  const more = index < objects.length
  return {
    items,
    resourceVersion: String(token.revision),
    ...(more ? { continue: writeToken({ ...token, start: index }) } : {}),
    // With a selector nobody knows without looking.
    ...(more && query.filter.all ? { remainingItemCount: objects.length - index } : {}),
  }
}

function writeToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...token })).toString('base64url')
}

function readToken(text: string): ContinueToken {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    value = undefined
  }
  if (
    isRecord(value) &&
    typeof value['snapshot'] === 'string' &&
    typeof value['revision'] === 'number' &&
    Number.isSafeInteger(value['start']) &&
    Number(value['start']) >= 0
  ) {
    return { snapshot: value['snapshot'], start: Number(value['start']), revision: value['revision'] }
  }
  throw badRequest('continue key is not valid: encoded value is not a token of this server')
}
