import {
  apiPath,
  apiVersionOf,
  isNamespaceName,
  isResourceName,
  kindOf,
  type KindId,
  type KubeList,
  type KubeResource,
} from '@meshdeck/kube'
import {
  reviewAccess,
  reviewToken,
  type AccessAttributes,
  type AccessDecision,
  type TokenReviewResult,
} from './reviews.ts'
import { readServerInfo, type ServerInfo } from './server-info.ts'
import type { ClusterConnection, KubeRequest, QueryValue } from './connection.ts'
import { InvalidRequestError } from './errors.ts'
import type { Identity } from './identity.ts'
import type { PodRequest, PodResponse } from './pod-request.ts'

/** Which object of a kind. Cluster-scoped kinds have no namespace. */
export interface ObjectRef {
  namespace?: string
  name: string
}

export interface ListOptions {
  /** All namespaces when absent. */
  namespace?: string
  /** Page size; the rest is fetched by the `continue` of the answer. */
  limit?: number
  continue?: string
  labelSelector?: string
  fieldSelector?: string
  resourceVersion?: string
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
  /** Leaves all but `metadata` with the server. */
  metadataOnly?: boolean
  signal?: AbortSignal
  timeoutMs?: number
}

export interface WatchOptions {
  namespace?: string
  resourceVersion?: string
  labelSelector?: string
  fieldSelector?: string
  /** Seconds after which the server ends the watch. */
  timeoutSeconds?: number
  idleTimeoutMs?: number
  /** Leaves all but `metadata` with the server. */
  metadataOnly?: boolean
  signal?: AbortSignal
}

export interface CallOptions {
  signal?: AbortSignal
  timeoutMs?: number
}

export interface WriteOptions extends CallOptions {
  /** Runs admission and validation on the server and stores nothing. */
  dryRun?: boolean
  fieldManager?: string
  /** What the server does about fields that the kind does not have; its own default is `Warn`. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
}

export const PatchStrategy = { merge: 'merge', json: 'json', strategic: 'strategic', apply: 'apply' } as const
export type PatchStrategy = (typeof PatchStrategy)[keyof typeof PatchStrategy]

export interface PatchOptions extends WriteOptions {
  strategy: PatchStrategy
  /** Takes over fields that other managers own; for `apply` only. */
  force?: boolean
}

export interface DeleteOptions extends CallOptions {
  dryRun?: boolean
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan'
  preconditions?: { uid?: string; resourceVersion?: string }
}

/** What a write made, and what the server and its webhooks said about it. */
export interface WriteResult<T extends KubeResource = KubeResource> {
  resource: T
  warnings: string[]
}

/** Reads and writes objects of one cluster as one identity. Objects are plain JSON: no field is added or lost. */
export interface ResourceClient {
  readonly cluster: string
  /** One page (all, without `limit`). */
  list<T extends KubeResource = KubeResource>(kind: KindId, options?: ListOptions): Promise<KubeList<T>>
  /**
   * All pages of `limit` (500) as one list. `keep` says what is kept of each object: the rest of a page is let go before
   * the next one is read.
   */
  listAll<T extends KubeResource = KubeResource>(
    kind: KindId,
    options?: ListOptions & { keep?: (object: T) => T },
  ): Promise<KubeList<T>>
  /** Watch frames (`{type, object}`), as they come. */
  watch(kind: KindId, options?: WatchOptions): Promise<AsyncIterable<unknown>>
  get<T extends KubeResource = KubeResource>(kind: KindId, ref: ObjectRef, options?: CallOptions): Promise<T>
  create<T extends KubeResource = KubeResource>(
    kind: KindId,
    object: T,
    options?: WriteOptions & { namespace?: string },
  ): Promise<WriteResult<T>>
  /** Writes the whole object; its `metadata.resourceVersion` guards against a change in between (409). */
  replace<T extends KubeResource = KubeResource>(
    kind: KindId,
    object: T,
    options?: WriteOptions,
  ): Promise<WriteResult<T>>
  patch<T extends KubeResource = KubeResource>(
    kind: KindId,
    ref: ObjectRef,
    patch: unknown,
    options: PatchOptions,
  ): Promise<WriteResult<T>>
  /** Server-side apply; a conflict is a 409 whose causes name the other managers. */
  apply<T extends KubeResource = KubeResource>(
    kind: KindId,
    object: T,
    options: Omit<PatchOptions, 'strategy'> & { fieldManager: string },
  ): Promise<WriteResult<T>>
  updateStatus<T extends KubeResource = KubeResource>(
    kind: KindId,
    object: T,
    options?: WriteOptions,
  ): Promise<WriteResult<T>>
  patchStatus<T extends KubeResource = KubeResource>(
    kind: KindId,
    ref: ObjectRef,
    patch: unknown,
    options: PatchOptions,
  ): Promise<WriteResult<T>>
  /** The answer is the object with its deletion under way, or a `Status` when it is gone at once. */
  delete(kind: KindId, ref: ObjectRef, options?: DeleteOptions): Promise<WriteResult>
  /** The OpenAPI v3 document of the kind's group and version. Source: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3 */
  openApi(kind: KindId, options?: CallOptions): Promise<unknown>
  /** Version and clock of the API server. */
  serverInfo(options?: CallOptions): Promise<ServerInfo>
  /** Names of the API groups that the cluster serves. */
  apiGroups(options?: CallOptions): Promise<string[]>
  /** Sends HTTP to a port of a pod: `pods/portforward`. */
  requestPod(request: Omit<PodRequest, 'identity'>): Promise<PodResponse>
  /** Asks the API server whose token this is. */
  tokenReview(token: string, options?: CallOptions): Promise<TokenReviewResult>
  /** May this client's own identity do that? */
  selfSubjectAccessReview(attributes: AccessAttributes, options?: CallOptions): Promise<AccessDecision>
  /** May that user do that? For those who may ask about others. */
  subjectAccessReview(
    subject: { username: string; groups: readonly string[] },
    attributes: AccessAttributes,
    options?: CallOptions,
  ): Promise<AccessDecision>
}

const PAGE_SIZE = 500

/** Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const METADATA_OF = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  object: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
}

const CONTENT_TYPES: Readonly<Record<PatchStrategy, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}

/** Makes a client for one identity on one connection; cheap, made for each request. All methods throw what `ClusterConnection` throws. */
export function createResourceClient(connection: ClusterConnection, identity: Identity): ResourceClient {
  async function write<T extends KubeResource>(request: KubeRequest, call: CallOptions): Promise<WriteResult<T>> {
    const { body, warnings } = await connection.request<T>({ ...request, ...callOptions(call), identity })
    return { resource: body, warnings }
  }

  async function list<T extends KubeResource>(kind: KindId, options: ListOptions = {}): Promise<KubeList<T>> {
    const { namespace, signal, timeoutMs, metadataOnly, ...query } = options
    const { body } = await connection.request<KubeList<T>>({
      path: pathOf(kind, { namespace }),
      query,
      identity,
      ...(metadataOnly === true ? { accept: METADATA_OF.list } : {}),
      ...callOptions({ signal, timeoutMs }),
    })
    return { ...body, items: (body.items ?? []).map((item) => withType(kind, item)) }
  }

  async function patch<T extends KubeResource>(
    path: string,
    body: unknown,
    { strategy, force, ...options }: PatchOptions,
  ): Promise<WriteResult<T>> {
    const query = { ...writeQuery(options), force: strategy === 'apply' && force ? true : undefined }
    return write<T>({ method: 'PATCH', path, query, body, contentType: CONTENT_TYPES[strategy] }, options)
  }

  return {
    cluster: connection.name,
    list,
    listAll: async <T extends KubeResource>(
      kind: KindId,
      { keep = (object) => object, ...options }: ListOptions & { keep?: (object: T) => T } = {},
    ) => {
      const items: T[] = []
      for (let next: string | undefined; ;) {
        const page: KubeList<T> = await list<T>(kind, {
          limit: PAGE_SIZE,
          ...options,
          ...(next === undefined ? {} : { continue: next }),
        })
        for (const item of page.items) items.push(keep(item))
        next = page.metadata.continue
        if (!next) return { ...page, items }
      }
    },
    watch: (kind, { namespace, signal, idleTimeoutMs, metadataOnly, ...query } = {}) =>
      connection.stream({
        path: pathOf(kind, { namespace }),
        query: { ...query, watch: true, allowWatchBookmarks: true },
        identity,
        ...(metadataOnly === true ? { accept: METADATA_OF.object } : {}),
        ...(signal ? { signal } : {}),
        ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
      }),
    get: async <T extends KubeResource>(kind: KindId, ref: ObjectRef, options: CallOptions = {}) =>
      (await connection.request<T>({ path: pathOf(kind, ref), identity, ...callOptions(options) })).body,
    requestPod: (request) => connection.requestPod({ ...request, identity }),
    openApi: async (kind, options = {}) => {
      const { group, version } = kindOf(kind)
      const path = `/openapi/v3/${group === '' ? 'api' : `apis/${group}`}/${version}`
      return (await connection.request({ path, identity, ...callOptions(options) })).body
    },
    create: (kind, object, { namespace, ...options } = {}) =>
      write(
        {
          method: 'POST',
          path: pathOf(kind, { namespace: namespace ?? object.metadata.namespace }, true),
          query: writeQuery(options),
          body: object,
        },
        options,
      ),
    replace: (kind, object, options = {}) =>
      write({ method: 'PUT', path: pathOf(kind, object.metadata), query: writeQuery(options), body: object }, options),
    patch: (kind, ref, body, options) => patch(pathOf(kind, ref), body, options),
    apply: (kind, object, options) =>
      patch(pathOf(kind, object.metadata), withoutManagedFields(object), { ...options, strategy: 'apply' }),
    updateStatus: (kind, object, options = {}) =>
      write(
        { method: 'PUT', path: `${pathOf(kind, object.metadata)}/status`, query: writeQuery(options), body: object },
        options,
      ),
    patchStatus: (kind, ref, body, options) => patch(`${pathOf(kind, ref)}/status`, body, options),
    delete: (kind, ref, { dryRun, propagationPolicy, preconditions, ...options } = {}) =>
      write(
        {
          method: 'DELETE',
          path: pathOf(kind, ref),
          body: {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            propagationPolicy,
            preconditions,
            ...(dryRun ? { dryRun: ['All'] } : {}),
          },
        },
        options,
      ),
    serverInfo: (options = {}) => readServerInfo(connection, identity, options),
    apiGroups: async (options = {}) => {
      const { body } = await connection.request<{ groups?: { name: string }[] }>({
        path: '/apis',
        identity,
        ...callOptions(options),
      })
      return (body.groups ?? []).map(({ name }) => name)
    },
    tokenReview: (token, options = {}) => reviewToken(connection, identity, token, options),
    selfSubjectAccessReview: (attributes, options = {}) =>
      reviewAccess(connection, identity, undefined, attributes, options),
    subjectAccessReview: (subject, attributes, options = {}) =>
      reviewAccess(connection, identity, subject, attributes, options),
  }
}

function writeQuery({ dryRun, fieldManager, fieldValidation }: WriteOptions): Record<string, QueryValue> {
  return { dryRun: dryRun ? 'All' : undefined, fieldManager, fieldValidation }
}

function callOptions({
  signal,
  timeoutMs,
}: {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
}): CallOptions {
  return { ...(signal ? { signal } : {}), ...(timeoutMs === undefined ? {} : { timeoutMs }) }
}

/**
 * Path of a kind or an object; names are checked here, since `..` or `/` in one would lead to another object.
 * A namespaced kind needs a namespace for one object; for a list it means all of them when absent.
 */
function pathOf(
  kindId: KindId,
  ref: { namespace?: string | undefined; name?: string },
  namespaceNeeded = ref.name !== undefined,
): string {
  const kind = kindOf(kindId)
  if (ref.name !== undefined && !isResourceName(ref.name))
    throw new InvalidRequestError('name', `${JSON.stringify(ref.name)} is not a valid name`)
  if (!kind.namespaced) return apiPath(kind, undefined, ref.name)
  if (ref.namespace !== undefined && !isNamespaceName(ref.namespace))
    throw new InvalidRequestError('namespace', `${JSON.stringify(ref.namespace)} is not a valid namespace`)
  if (ref.namespace === undefined && namespaceNeeded)
    throw new InvalidRequestError('namespace', `${kind.id} lives in a namespace; none is given`)
  return apiPath(kind, ref.namespace, ref.name)
}

/** Items in lists of built-in kinds come without their `apiVersion` and `kind`. */
function withType<T extends KubeResource>(kindId: KindId, item: T): T {
  if (item.kind) return item
  const kind = kindOf(kindId)
  return { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }
}

function withoutManagedFields(object: KubeResource): KubeResource {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}
