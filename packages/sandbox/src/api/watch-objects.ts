import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import type { StoredChange } from '../store/object-store.ts'
import type { Cluster } from './cluster.ts'
import { checkVersion } from './list-objects.ts'
import { inVersion } from './metadata.ts'
import type { ObjectFilter } from './object-filter.ts'
import type { ResourceType } from './resource-type.ts'

/** How often a quiet watch is told how far it has come. */
const BOOKMARK_MS = 60_000

export interface WatchQuery {
  readonly namespace?: string
  readonly filter: ObjectFilter
  readonly resourceVersion?: string
  readonly bookmarks: boolean
  /** KEP-3157: the present state as ADDED events, closed by a bookmark. */
  readonly sendInitialEvents: boolean
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: unknown
}

/**
 * Follows a resource. Without a version, or with version 0, the present objects come first; from a version on, all that
 * happened since, or one ERROR event 410 when that is no longer remembered.
 *
 * @param send takes the events; @param end is called after the last one when the watch ends by itself.
 * @returns what stops it.
 * @throws StatusError for a version that is none.
 */
export function watchObjects(
  cluster: Cluster,
  type: ResourceType,
  query: WatchQuery,
  send: (event: WatchEvent) => void,
  end: () => void,
): () => void {
  const resource = resourceKey(type.group, type.plural)
  const { store } = cluster
  const { filter, namespace } = query
  const inScope = (object: KubeObject): boolean => namespace === undefined || object.metadata.namespace === namespace
  const fresh = query.resourceVersion === undefined || query.resourceVersion === '' || query.resourceVersion === '0'
  checkVersion(query.resourceVersion, store.revision)

  const sendBookmark = (annotations?: Record<string, string>): void => {
    const metadata = {
      resourceVersion: String(store.revision),
      creationTimestamp: null,
      ...(annotations === undefined ? {} : { annotations }),
    }
    send({ type: 'BOOKMARK', object: { kind: type.kind, apiVersion: versionOf(type), metadata } })
  }
  const sendChange = (change: StoredChange): void => {
    if (!inScope(change.object)) return
    const event = filtered(change, filter)
    if (event !== undefined) send({ type: event, object: inVersion(change.object, type) })
  }

  if (fresh || query.sendInitialEvents) {
    for (const object of store.sorted(resource, namespace)) {
      if (filter.matches(object)) send({ type: 'ADDED', object: inVersion(object, type) })
    }
    if (query.sendInitialEvents) sendBookmark({ 'k8s.io/initial-events-end': 'true' })
  } else {
    const missed = store.changesSince(resource, Number(query.resourceVersion))
    if (missed === undefined) {
      send({ type: 'ERROR', object: tooOld(query.resourceVersion ?? '', store.revision) })
      end()
      return () => undefined
    }
    for (const change of missed) sendChange(change)
  }
  const unsubscribe = store.subscribe(resource, sendChange)
  const timer = query.bookmarks ? setInterval(sendBookmark, BOOKMARK_MS) : undefined
  return () => {
    unsubscribe()
    clearInterval(timer)
  }
}

/** What a change is to somebody who sees only what the filter lets through: an object that leaves it is deleted. */
function filtered(change: StoredChange, filter: ObjectFilter): WatchEvent['type'] | undefined {
  if (filter.all) return change.type
  const before = change.previous !== undefined && filter.matches(change.previous)
  const after = change.type !== 'DELETED' && filter.matches(change.object)
  if (after) return before ? 'MODIFIED' : 'ADDED'
  return before ? 'DELETED' : undefined
}

function tooOld(asked: string, current: number): unknown {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `too old resource version: ${asked} (${current})`,
    reason: 'Expired',
    code: 410,
  }
}

function versionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`
}
