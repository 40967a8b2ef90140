import type { Cluster } from '../api/cluster.ts'
import type { ListPage } from '../api/list-objects.ts'
import { apiVersionOf, inVersion } from '../api/metadata.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { StatusError } from '../api/status-error.ts'
import type { KubeObject } from '../kube-object.ts'
import { partial, renderTable } from '../table/render-table.ts'
import type { Exchange } from './exchange.ts'
import { sendJson, sendValue } from './exchange.ts'

export type Form = 'plain' | 'table' | 'metadata'

/** How a client wants objects. @throws StatusError 406 when it wants them in no way that we have. */
export function formOf({ request }: Exchange): Form {
  const accept = request.headers.accept ?? '*/*'
  for (const option of accept.split(',')) {
    const [media = '', ...parameters] = option.split(';').map((part) => part.trim())
    if (!['application/json', 'application/yaml', 'application/*', '*/*'].includes(media)) continue
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3)
    if (as === undefined) return 'plain'
    if (as === 'Table') return 'table'
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata'
  }
  throw new StatusError(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/json;as=Table;g=meta.k8s.io;v=v1, application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  )
}

export function sendObject(
  exchange: Exchange,
  cluster: Cluster,
  type: ResourceType,
  stored: KubeObject,
  code: number,
): void {
  const object = inVersion(stored, type)
  const form = formOf(exchange)
  if (form === 'plain') return sendValue(exchange, code, object)
  const { resourceVersion } = object.metadata
  sendJson(
    exchange,
    code,
    form === 'metadata' ? partial(object) : tableOf(exchange, cluster, type, [object], { resourceVersion }),
  )
}

export function sendObjects(exchange: Exchange, cluster: Cluster, type: ResourceType, page: ListPage): void {
  const metadata = {
    resourceVersion: page.resourceVersion,
    ...(page.continue === undefined ? {} : { continue: page.continue }),
    ...(page.remainingItemCount === undefined ? {} : { remainingItemCount: page.remainingItemCount }),
  }
  const form = formOf(exchange)
  if (form === 'table') return sendJson(exchange, 200, tableOf(exchange, cluster, type, page.items, metadata))
  if (form === 'metadata') {
    const items = page.items.map(partial)
    return sendJson(exchange, 200, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items })
  }
  // Built-in kinds are named once, for the whole list.
  const items = cluster.types.isCustom(type)
    ? page.items
    : page.items.map((item) => ({ ...item, kind: undefined, apiVersion: undefined }))
  sendValue(exchange, 200, { kind: type.listKind, apiVersion: apiVersionOf(type.group, type.version), metadata, items })
}

export function tableOf(
  exchange: Exchange,
  cluster: Cluster,
  type: ResourceType,
  objects: readonly KubeObject[],
  metadata: Record<string, unknown>,
): unknown {
  const include = exchange.url.searchParams.get('includeObject')
  return renderTable(type, objects, {
    includeObject: include === 'None' || include === 'Object' ? include : 'Metadata',
    printerColumns: cluster.types.columnsOf(type),
    metadata,
    now: cluster.clock.now(),
  })
}
