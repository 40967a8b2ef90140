import { randomUUID } from 'node:crypto'
import type { KubeMetadata } from '@meshdeck/kube'
import type { KubeObject } from '../kube-object.ts'
import { isRecord } from '../json.ts'
import { badRequest } from './errors.ts'
import type { ResourceType } from './resource-type.ts'

/** What generated names end in: letters and digits that spell no words. Source: k8s.io/apimachinery/pkg/util/rand. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const GENERATED_LENGTH = 5
/** A generated name may have 63 characters; the prefix gives way. */
const PREFIX_LENGTH = 63 - GENERATED_LENGTH

/** RFC 3339 in whole seconds, as the API server writes times. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

export function generatedName(prefix: string): string {
  let suffix = ''
  for (let index = 0; index < GENERATED_LENGTH; index++) {
    suffix += ALPHABET.charAt(Math.floor(Math.random() * ALPHABET.length))
  }
  return prefix.slice(0, PREFIX_LENGTH) + suffix
}

/**
 * A request's body as an object of the kind that its path names, with the namespace of the path.
 *
 * @throws StatusError 400 when it is another kind, version or namespace, or no object at all.
 */
export function frameObject(body: unknown, type: ResourceType, namespace: string | undefined): KubeObject {
  if (!isRecord(body)) throw badRequest('the body of the request must be an object')
  const expected = apiVersionOf(type.group, type.version)
  const apiVersion = body['apiVersion'] ?? expected
  const kind = body['kind'] ?? type.kind
  if (kind !== type.kind) {
    const [version, own] = [versionOf(String(apiVersion)), type.group === '' ? 'core' : type.group.split('.')[0]]
    throw badRequest(
      `${String(kind)} in version "${version}" cannot be handled as a ${type.kind}: converting (${version}.${String(kind)}) to (${own}.${type.kind}): unknown conversion`,
    )
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${expected})`,
    )
  }
  const metadata = body['metadata'] ?? {}
  if (!isRecord(metadata)) throw badRequest(`${type.kind}.metadata must be an object`)
  const own = metadata['namespace']
  if (own !== undefined && own !== '' && own !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  return { ...body, apiVersion: expected, kind: type.kind, metadata: cleanMetadata(metadata, namespace) }
}

/** The same object under another served version of its kind: the versions of a kind differ in their name only. */
export function inVersion(object: KubeObject, type: Pick<ResourceType, 'group' | 'version'>): KubeObject {
  const apiVersion = apiVersionOf(type.group, type.version)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

/** Metadata of a new object: what only the server may set is the server's. */
export function newMetadata(metadata: KubeMetadata, now: number, generation: boolean): KubeMetadata {
  const { deletionTimestamp: _, deletionGracePeriodSeconds: __, selfLink: ___, generation: ____, ...rest } = metadata
  return {
    ...rest,
    uid: randomUUID(),
    creationTimestamp: timestamp(now),
    ...(generation ? { generation: 1 } : {}),
  }
}

function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1)
}

function cleanMetadata(metadata: Record<string, unknown>, namespace: string | undefined): KubeMetadata {
  const { namespace: _, ...rest } = metadata
  const name = rest['name']
  if (name !== undefined && typeof name !== 'string') throw badRequest('metadata.name must be a string')
  return { ...rest, name: name ?? '', ...(namespace === undefined ? {} : { namespace }) }
}
