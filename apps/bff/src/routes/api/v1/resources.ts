import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  ClusterParams,
  ClusterScopedParams,
  DeleteQuery,
  KubeResource,
  NamespacedParams,
  PATCH_TYPES,
  ResourcePage,
  ResourceQuery,
  WriteQuery,
} from '@meshdeck/contract'
import { FIELD_MANAGER, HUB, KINDS, type KindDefinition, type KindId } from '@meshdeck/kube'
import { PatchStrategy } from '@meshdeck/kube-client'
import { RECORDED_KINDS } from '@meshdeck/mesh'
import { Type } from 'typebox'
import { fieldManagerOf } from '../../../lib/field-manager.ts'
import type { Caller } from '../../../lib/identity.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { published } from '../../../lib/published.ts'
import { assertPlaced, assertSameObject, assertVersioned } from '../../../lib/resource-body.ts'
import { forbiddenProblem, toResourcePage } from '../../../lib/resource-rows.ts'
import {
  assertDeletable,
  listLive,
  markDeletion,
  parsePatchBody,
  readOnly,
  sendWarnings,
  withCurrent,
} from './resource-actions.ts'

type Kind = KindDefinition & { id: KindId }

/** The same routes for every kind of the registry. */
export const resourceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  for (const type of Object.values(PATCH_TYPES)) {
    app.addContentTypeParser(type, { parseAs: 'string' }, async (_request: unknown, body: string) =>
      parsePatchBody(body),
    )
  }
  for (const kind of KINDS) await app.register(kindRoutes, { kind })
  app.all(`${API_ROOT}/clusters/:cluster/resources/*`, { schema: { hide: true } }, async (request) => {
    throw new ProblemError('unknown-kind', `There is no kind at ${request.url.split('?')[0]}`)
  })
}

const kindRoutes: FastifyPluginAsyncTypebox<{ kind: Kind }> = async (app, { kind }) => {
  const list = `${API_ROOT}/clusters/:cluster/resources/${kind.path}`
  const one = `${list}/${kind.namespaced ? ':namespace/' : ''}:name`
  // Both forms at once: a cluster-scoped address simply has no namespace.
  const params = kind.namespaced ? NamespacedParams : ClusterScopedParams
  const tags = [kind.category]
  const refOf = (given: { name: string; namespace?: string }) => ({
    name: given.name,
    ...(given.namespace === undefined ? {} : { namespace: given.namespace }),
  })
  app.addHook('preValidation', async ({ params: given }) => assertHome(kind, given))

  app.get(
    list,
    { schema: { tags, params: ClusterParams, querystring: ResourceQuery, response: { 200: ResourcePage } } },
    async (request) => {
      const { cluster } = request.params
      const readable = kind.watched
        ? await request.readable(cluster, kind.id)
        : {
            cluster,
            objects: await listLive(request, cluster, kind.id, request.query.namespace),
            forbidden: false,
            missing: false,
            complete: true,
          }
      if (readable.forbidden) throw ProblemError.from(forbiddenProblem(kind, cluster))
      return toResourcePage(kind, [readable], request.query)
    },
  )

  app.get(one, { schema: { tags, params, response: { 200: KubeResource } } }, async (request) => {
    const client = await request.kube(request.params.cluster)
    return published(kind, await client.get(kind.id, refOf(request.params)))
  })

  app.post(
    list,
    {
      schema: {
        tags,
        params: ClusterParams,
        querystring: WriteQuery,
        body: KubeResource,
        response: { 201: KubeResource },
      },
    },
    async (request, reply) => {
      readOnly(kind)
      assertSameObject(kind, request.body, {})
      assertPlaced(kind, request.body)
      const client = await request.kube(request.params.cluster)
      const { resource, warnings } = await client.create(kind.id, request.body, writeOptions(request))
      return sendWarnings(reply.code(201), warnings).send(resource)
    },
  )

  app.put(
    one,
    { schema: { tags, params, querystring: WriteQuery, body: KubeResource, response: { 200: KubeResource } } },
    async (request, reply) => {
      readOnly(kind)
      const ref = refOf(request.params)
      assertSameObject(kind, request.body, ref)
      assertVersioned(request.body)
      const client = await request.kube(request.params.cluster)
      const { resource, warnings } = await withCurrent(client, kind.id, ref, () =>
        client.replace(kind.id, request.body, writeOptions(request)),
      )
      return sendWarnings(reply, warnings).send(resource)
    },
  )

  app.patch(
    one,
    { schema: { tags, params, querystring: WriteQuery, body: Type.Unknown(), response: { 200: KubeResource } } },
    async (request, reply) => {
      readOnly(kind)
      const ref = refOf(request.params)
      const client = await request.kube(request.params.cluster)
      const { resource, warnings } = await withCurrent(client, kind.id, ref, () =>
        client.patch(kind.id, ref, request.body, {
          ...writeOptions(request),
          ...strategyOf(request.headers['content-type'], request.query.fieldManager),
          ...(request.query.force === true ? { force: true } : {}),
        }),
      )
      return sendWarnings(reply, warnings).send(resource)
    },
  )

  app.delete(
    one,
    { schema: { tags, params, querystring: DeleteQuery, response: { 200: KubeResource } } },
    async (request, reply) => {
      readOnly(kind)
      const ref = refOf(request.params)
      const client = await request.kube(request.params.cluster)
      await assertDeletable(request, kind.id, ref.name)
      const { dryRun, resourceVersion, reason } = request.query
      const { resource, warnings } = await withCurrent(client, kind.id, ref, async () => {
        const preconditions =
          dryRun === 'All' || !RECORDED_KINDS.includes(kind.id)
            ? { resourceVersion }
            : await markDeletion(client, kind.id, ref, { resourceVersion, reason, caller: request.caller })
        return client.delete(kind.id, ref, {
          ...(dryRun === 'All' ? { dryRun: true } : {}),
          ...(preconditions.resourceVersion === undefined
            ? {}
            : { preconditions: { resourceVersion: preconditions.resourceVersion } }),
        })
      })
      return sendWarnings(reply, warnings).send(resource)
    },
  )
}

function writeOptions({ query: { dryRun, fieldManager }, caller }: { query: WriteQuery; caller: Caller }) {
  return { ...(dryRun === 'All' ? { dryRun: true } : {}), fieldManager: fieldManager ?? fieldManagerOf(caller) }
}

function strategyOf(contentType: string | undefined, fieldManager: string | undefined) {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  if (type === PATCH_TYPES.json) return { strategy: PatchStrategy.json }
  // One name for all: under names of their own each would be in conflict with what another has applied.
  if (type === PATCH_TYPES.apply) return { strategy: PatchStrategy.apply, fieldManager: fieldManager ?? FIELD_MANAGER }
  if (type === PATCH_TYPES.merge) return { strategy: PatchStrategy.merge }
  throw new ProblemError('bad-request', `A patch must be one of ${Object.values(PATCH_TYPES).join(', ')}`)
}

/** Meshdeck's own records live on the hub and nowhere else; the hub's other objects are reached by its cluster's name. */
function assertHome(kind: Kind, params: unknown): void {
  const cluster = typeof params === 'object' && params !== null && 'cluster' in params ? params.cluster : undefined
  if ((cluster === HUB) === (kind.home === 'hub')) return
  const where = kind.home === 'hub' ? `on the hub: use ${HUB} as cluster` : 'in clusters: use the name of one'
  throw new ProblemError('unknown-kind', `${kind.kind} objects live ${where}`)
}
