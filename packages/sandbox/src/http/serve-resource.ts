import { createObject } from '../api/create-object.ts'
import { deleteObject } from '../api/delete-object.ts'
import { badRequest, methodNotAllowed, noSuchResource, notFound } from '../api/errors.ts'
import { listObjects } from '../api/list-objects.ts'
import { apiVersionOf, frameObject, inVersion } from '../api/metadata.ts'
import { objectFilter } from '../api/object-filter.ts'
import { patchObject, patchType } from '../api/patch-object.ts'
import type { ResourceRequest } from '../api/request-info.ts'
import { isTrue } from '../api/request-info.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { StatusError } from '../api/status-error.ts'
import { evict, podLog, requestToken, scaleOf, withScale } from '../api/subresources.ts'
import { updateObject } from '../api/update-object.ts'
import type { UpdateOptions } from '../api/update-object.ts'
import type { UserInfo } from '../auth/user-info.ts'
import { checkEscalation } from '../auth/escalation.ts'
import { REVIEWS } from '../auth/reviews.ts'
import { trackUpdate } from '../patch/managed-fields.ts'
import { applyMergePatch } from '../patch/merge-patch.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { isRecord, numberAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import type { ApiHandlerOptions } from './api-handler.ts'
import type { Exchange } from './exchange.ts'
import { sendText, sendValue } from './exchange.ts'
import { readBody } from './read-body.ts'
import { sendObject, sendObjects } from './send-objects.ts'
import { servePortForward } from './serve-port-forward.ts'
import { serveWatch } from './serve-watch.ts'
import { deleteOptions, fieldManagerOf, listQuery, writeOptions } from './query-options.ts'

/** Answers a request for objects of a kind. @throws StatusError as the real server would answer. */
export async function serveResource(
  options: ApiHandlerOptions,
  exchange: Exchange,
  info: ResourceRequest,
  user: UserInfo,
): Promise<void> {
  const { cluster } = options
  const type = cluster.types.find(info.group, info.version, info.plural)
  if (type === undefined) throw noSuchResource()
  if (info.subresource !== undefined && !type.subresources.includes(info.subresource)) throw noSuchResource()
  const resource = resourceKey(type.group, type.plural)
  // A cluster-scoped kind has nothing inside a namespace; `namespaces` itself is authorised as if it had.
  const namespace = type.namespaced ? info.namespace : undefined
  if (!type.namespaced && info.namespace !== undefined && resource !== 'namespaces') throw noSuchResource()

  const review = REVIEWS[resource]
  if (review !== undefined) {
    if (info.verb !== 'create') throw methodNotAllowed()
    const body = frameObject(await readBody(exchange.request), type, namespace)
    const context = {
      user,
      authorizer: options.authorizer,
      authenticator: options.authenticator,
      now: cluster.clock.now(),
    }
    const answer = trackUpdate({
      schema: cluster.types.schemaOf(type),
      source: cluster.types,
      before: undefined,
      after: body,
      manager: fieldManagerOf(exchange),
      apiVersion: body.apiVersion,
      now: context.now,
    })
    return sendValue(exchange, 201, nameless(review(answer, context)))
  }

  const { name } = info
  if (name !== undefined && info.subresource !== undefined && info.subresource !== 'status') {
    if (resource === 'pods' && info.subresource === 'portforward')
      return servePortForward(options, exchange, user, { namespace: namespace ?? '', name })
    return serveSubresource(options, exchange, info, type, { namespace, name, subresource: info.subresource })
  }
  const context: Context = { options, exchange, type, namespace, user }
  switch (info.verb) {
    case 'list':
      return sendObjects(exchange, cluster, type, listObjects(cluster, type, listQuery(exchange.url, type, namespace)))
    case 'watch':
      return serveWatch(exchange, cluster, type, namespace, objectFilter(type, exchange.url.searchParams, name))
    case 'create':
      if (name !== undefined) throw methodNotAllowed()
      return create(context)
    case 'deletecollection':
      return deleteCollection(context)
    default:
  }
  if (name === undefined) throw methodNotAllowed()
  switch (info.verb) {
    case 'get': {
      const object = cluster.get(resource, namespace, name)
      if (object === undefined) throw notFound(type, name)
      return sendObject(exchange, cluster, type, object, 200)
    }
    case 'update':
      return update(context, name, info.subresource === 'status' ? { subresource: 'status' } : {})
    case 'patch':
      return patch(context, name, info.subresource === 'status' ? { subresource: 'status' } : {})
    case 'delete':
      return remove(context, name)
    default:
      throw methodNotAllowed()
  }
}

/** What is asked, not kept, has no name unless it was given one. */
function nameless(object: KubeObject): unknown {
  const { name, ...metadata } = object.metadata
  return name === '' ? { ...object, metadata } : object
}

interface Context {
  readonly options: ApiHandlerOptions
  readonly exchange: Exchange
  readonly type: ResourceType
  readonly namespace: string | undefined
  readonly user: UserInfo
}

async function create({ options, exchange, type, namespace, user }: Context): Promise<void> {
  const { cluster } = options
  if (type.namespaced && namespace === undefined) throw methodNotAllowed()
  const body = frameObject(await readBody(exchange.request), type, namespace)
  checkEscalation(options.authorizer, user, resourceKey(type.group, type.plural), body)
  const object = createObject(cluster, type, namespace, body, writeOptions(exchange))
  sendObject(exchange, cluster, type, object, 201)
}

async function update(
  { options, exchange, type, namespace, user }: Context,
  name: string,
  part: Pick<UpdateOptions, 'subresource'>,
): Promise<void> {
  const { cluster } = options
  const resource = resourceKey(type.group, type.plural)
  const body = frameObject(await readBody(exchange.request), type, namespace)
  const old = cluster.get(resource, namespace, name)
  if (old === undefined) throw notFound(type, name)
  checkEscalation(options.authorizer, user, resource, body)
  sendObject(
    exchange,
    cluster,
    type,
    updateObject(cluster, type, old, body, { ...writeOptions(exchange), ...part }),
    200,
  )
}

async function patch(
  { options, exchange, type, namespace, user }: Context,
  name: string,
  part: Pick<UpdateOptions, 'subresource'>,
): Promise<void> {
  const { cluster } = options
  const kind = patchType(exchange.request.headers['content-type'], cluster.types.isCustom(type))
  const body = await readBody(exchange.request)
  const force = isTrue(exchange.url.searchParams.get('force'))
  if (force && kind !== 'apply') {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    )
  }
  const resource = resourceKey(type.group, type.plural)
  const check = (object: KubeObject): void => checkEscalation(options.authorizer, user, resource, object)
  const patched = { type: kind, body, force }
  if (resource.startsWith('rbac.authorization.k8s.io/')) {
    // What it would become decides whether it may be written.
    check(
      patchObject(cluster, type, namespace, name, patched, {
        ...writeOptions(exchange),
        ...part,
        dryRun: true,
        warn: () => undefined,
      }).object,
    )
  }
  const { object, created } = patchObject(cluster, type, namespace, name, patched, {
    ...writeOptions(exchange),
    ...part,
  })
  sendObject(exchange, cluster, type, object, created ? 201 : 200)
}

async function remove({ options, exchange, type, namespace }: Context, name: string): Promise<void> {
  const body = await readBody(exchange.request)
  const deletion = deleteObject(options.cluster, type, namespace, name, deleteOptions(exchange.url, body))
  if (!deletion.gone || type.plural === 'pods') return sendObject(exchange, options.cluster, type, deletion.object, 200)
  const { uid } = deletion.object.metadata
  sendValue(exchange, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.plural, uid },
  })
}

async function deleteCollection({ options, exchange, type, namespace }: Context): Promise<void> {
  const { cluster } = options
  const body = await readBody(exchange.request)
  const { items, resourceVersion } = listObjects(cluster, type, {
    ...listQuery(exchange.url, type, namespace),
    limit: 0,
  })
  const deleted = deleteOptions(exchange.url, body)
  for (const { metadata } of items) deleteObject(cluster, type, metadata.namespace, metadata.name, deleted)
  sendValue(exchange, 200, {
    kind: type.listKind,
    apiVersion: apiVersionOf(type.group, type.version),
    metadata: { resourceVersion },
    items,
  })
}

async function serveSubresource(
  { cluster, authenticator }: ApiHandlerOptions,
  exchange: Exchange,
  info: ResourceRequest,
  type: ResourceType,
  at: { namespace: string | undefined; name: string; subresource: string },
): Promise<void> {
  const { name, subresource } = at
  const namespace = at.namespace ?? ''
  const resource = resourceKey(type.group, type.plural)
  if (subresource === 'log') {
    if (info.verb !== 'get') throw methodNotAllowed()
    return sendText(exchange, 200, podLog(cluster, namespace, name, exchange.url.searchParams), 'text/plain')
  }
  if (subresource === 'eviction' || subresource === 'token') {
    if (info.verb !== 'create') throw methodNotAllowed()
    const body = await readBody(exchange.request)
    if (subresource === 'eviction') {
      const dryRun = deleteOptions(exchange.url, isRecord(body) ? body['deleteOptions'] : undefined).dryRun
      return sendValue(exchange, 201, evict(cluster, type, namespace, name, dryRun))
    }
    const request: KubeObject = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name },
      ...(isRecord(body) ? { spec: body['spec'] } : {}),
    }
    return sendValue(exchange, 201, requestToken(cluster, authenticator, namespace, name, request))
  }
  const old = cluster.get(resource, at.namespace, name)
  if (old === undefined) throw notFound(type, name)
  if (subresource === 'finalize') {
    if (info.verb !== 'update') throw methodNotAllowed()
    const body = frameObject(await readBody(exchange.request), type, at.namespace)
    return sendObject(exchange, cluster, type, cluster.finalizeNamespace(body), 200)
  }
  if (subresource !== 'scale') throw noSuchResource()
  const current = scaleOf(inVersion(old, type))
  if (info.verb === 'get') return sendValue(exchange, 200, current)
  const body = await readBody(exchange.request)
  const scale = info.verb === 'update' ? body : patchedScale(exchange, current, body)
  if (textAt(scale, 'metadata', 'name') !== name)
    throw badRequest('the name of the Scale does not match the name on the URL')
  if ((numberAt(scale, 'spec', 'replicas') ?? 0) < 0) {
    throw new StatusError(
      422,
      'Invalid',
      `Scale.autoscaling "${name}" is invalid: spec.replicas: Invalid value: ${String(numberAt(scale, 'spec', 'replicas'))}: must be greater than or equal to 0`,
    )
  }
  const options = { ...writeOptions(exchange), fieldManager: fieldManagerOf(exchange) }
  const written = updateObject(cluster, type, old, withScale(old, scale), options)
  sendValue(exchange, 200, scaleOf(written))
}

function patchedScale(exchange: Exchange, current: KubeObject, body: unknown): unknown {
  const kind = patchType(exchange.request.headers['content-type'], true)
  if (kind === 'apply') throw badRequest('server-side apply of a Scale is not supported by the sandbox')
  return kind === 'json' ? applyJsonPatch(current, body) : applyMergePatch(current, body)
}
