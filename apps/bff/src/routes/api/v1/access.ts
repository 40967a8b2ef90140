import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AccessRequest, AccessResponse, paths, type AccessCheck } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { attributesOf } from '../../../lib/access.ts'
import { mapBounded } from '../../../lib/bounded.ts'
import { ProblemError } from '../../../lib/problem.ts'

const PARALLEL_CHECKS = 16

/** What the caller may do; for buttons that should not be there. A POST, since many questions do not fit a URL. */
export const accessRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(paths.access, { schema: { body: AccessRequest, response: { 200: AccessResponse } } }, async (request) => {
    const questions = request.body.checks.map(toQuestion)
    const results = await mapBounded(questions, PARALLEL_CHECKS, async ({ cluster, attributes }) => {
      try {
        const { allowed, reason } = await request.rights(cluster).check(attributes)
        return { allowed, ...(reason === '' ? {} : { reason }) }
      } catch (error) {
        const problem = request.problemOf(error, cluster)
        return { allowed: false, error: problem.detail ?? problem.title }
      }
    })
    return { results }
  })
}

function toQuestion({ cluster, verb, kind: kindId, ...rest }: AccessCheck, index: number) {
  const kind = findKind(kindId)
  if (kind === undefined) {
    const field = `checks[${index}].kind`
    throw new ProblemError('invalid-input', `body: ${field} is not a kind that Meshdeck knows`, {
      fields: [{ field, message: 'is not known' }],
    })
  }
  return { cluster, attributes: attributesOf(verb, kind.id, rest) }
}
