import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, ClusterParams, KindSchema } from '@meshdeck/contract'
import { KINDS } from '@meshdeck/kube'
import { editorSchema } from '../../../lib/editor-schema.ts'
import { createExpiringCache } from '../../../lib/expiring-cache.ts'
import { callerKey } from '../../../lib/identity.ts'
import { ProblemError } from '../../../lib/problem.ts'

/** A definition changes with an upgrade; ten minutes of an old one cost nothing, since the server has the last word. */
const SCHEMA_TTL_MS = 600_000
const MAX_SCHEMAS = 100

/** `…/clusters/:cluster/schemas/:kind`: what the fields of a kind are in a cluster, for its editor. Asked as the caller. */
export const schemaRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schemas = createExpiringCache<unknown>({ ttlMs: SCHEMA_TTL_MS, maxEntries: MAX_SCHEMAS })
  for (const kind of KINDS.filter(({ access }) => access === 'full')) {
    const schema = { tags: [kind.category], params: ClusterParams, response: { 200: KindSchema } }
    app.get(`${API_ROOT}/clusters/:cluster/schemas/${kind.path}`, { schema }, async (request) => {
      const { cluster } = request.params
      const client = await request.kube(cluster)
      return {
        schema: await schemas.get(`${callerKey(request.caller)} ${cluster} ${kind.id}`, async () => {
          const found = editorSchema(await client.openApi(kind.id), kind)
          if (found === undefined)
            throw new ProblemError('not-found', `Cluster ${cluster} publishes no schema of ${kind.kind}`, { cluster })
          return found
        }),
      }
    })
  }
}
