import type { Cluster } from '../api/cluster.ts'
import { badRequest } from '../api/errors.ts'
import type { ObjectFilter } from '../api/object-filter.ts'
import { isTrue } from '../api/request-info.ts'
import type { ResourceType } from '../api/resource-type.ts'
import type { WatchEvent } from '../api/watch-objects.ts'
import { watchObjects } from '../api/watch-objects.ts'
import { isRecord } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { partial } from '../table/render-table.ts'
import type { Exchange } from './exchange.ts'
import { timeoutOf } from './query-options.ts'
import { formOf, tableOf } from './send-objects.ts'

const SHORTEST_MS = 30 * 60_000
/** A client that reads slower than the cluster changes is cut off, as the real server does, rather than kept in memory. */
const MAX_BUFFERED_BYTES = 32 * 2 ** 20

/** The text of the last object that was sent: a change goes to a hundred watches one after the other. */
let last: { readonly object: object; readonly text: string } | undefined

/** Streams changes, one JSON document to a line, until the client leaves or the time is over. @throws StatusError */
export function serveWatch(
  exchange: Exchange,
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  filter: ObjectFilter,
): void {
  const query = exchange.url.searchParams
  const form = formOf(exchange)
  const version = query.get('resourceVersion')
  const sendInitialEvents = isTrue(query.get('sendInitialEvents'))
  if (sendInitialEvents && query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw badRequest(
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    )
  }
  const seconds = timeoutOf(exchange.url)
  const { response } = exchange
  const shown = (object: unknown): unknown => {
    if (form === 'plain' || !isObject(object)) return object
    if (form === 'metadata') return partial(object)
    return tableOf(exchange, cluster, type, object.kind === type.kind && 'uid' in object.metadata ? [object] : [], {
      resourceVersion: object.metadata.resourceVersion,
    })
  }
  const send = ({ type: event, object }: WatchEvent): void => {
    // Its time can be over before all of it has left: what is written then would end the whole process.
    if (response.destroyed || response.writableEnded) return
    if (response.writableLength > MAX_BUFFERED_BYTES) {
      response.destroy()
      return
    }
    response.write(
      `{"type":"${event}","object":${textOf(form === 'plain' ? object : shown(object), form === 'plain')}}\n`,
    )
  }
  const start = (): (() => void) =>
    watchObjects(
      cluster,
      type,
      {
        ...(namespace === undefined ? {} : { namespace }),
        filter,
        ...(version === null ? {} : { resourceVersion: version }),
        bookmarks: isTrue(query.get('allowWatchBookmarks')),
        sendInitialEvents,
      },
      send,
      () => response.end(),
    )
  response.setHeader('Content-Type', 'application/json')
  response.setHeader('Cache-Control', 'no-cache, private')
  let stop: () => void
  try {
    stop = start()
  } catch (error) {
    response.removeHeader('Content-Type')
    throw error
  }
  response.flushHeaders()
  const timer = setTimeout(
    () => response.end(),
    seconds === undefined || seconds === 0 ? SHORTEST_MS * (1 + Math.random()) : seconds * 1_000,
  )
  response.on('close', () => {
    clearTimeout(timer)
    stop()
  })
}

function textOf(object: unknown, keep: boolean): string {
  if (!keep || typeof object !== 'object' || object === null) return JSON.stringify(object)
  if (last?.object !== object) last = { object, text: JSON.stringify(object) }
  return last.text
}

function isObject(value: unknown): value is KubeObject {
  return isRecord(value) && typeof value['kind'] === 'string' && isRecord(value['metadata'])
}
