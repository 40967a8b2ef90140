import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Problem } from '@meshdeck/contract'
import { KubeStatusError } from '@meshdeck/kube-client'
import { HUB, isRecord } from '@meshdeck/kube'
import { isOurFault, problemOfError } from '../lib/problem-of-error.ts'
import { problemOf } from '../lib/problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The Problem of something thrown while serving this request; for answers that hold what went wrong in a part. */
    problemOf(error: unknown, cluster?: string): Problem
  }
}

/** The one place where errors become answers (RFC 9457), and where ours are logged with their stack. */
export const errors = fp(
  async (app) => {
    app.decorateRequest('problemOf', function (this: FastifyRequest, error: unknown, cluster?: string): Problem {
      const problem = tokenRefused(this, error, cluster) ?? problemOfError(error, cluster)
      if (isOurFault(problem)) this.log.error({ err: error, cluster }, 'unexpected error')
      return problem
    })

    app.setErrorHandler((error: FastifyError, request, reply) => {
      return sendProblem(reply, request.problemOf(error, clusterOf(request)))
    })

    app.setNotFoundHandler((request, reply) =>
      sendProblem(reply, problemOf('not-found', `There is nothing at ${request.method} ${request.url.split('?')[0]}`)),
    )
  },
  { name: 'errors' },
)

/** Sends a Problem as the answer. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const seconds = problem.params?.['retryAfterSeconds']
  if (typeof seconds === 'number') void reply.header('retry-after', String(seconds))
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send({ ...problem, instance: reply.request.id })
}

function clusterOf(request: FastifyRequest): string | undefined {
  const { params } = request
  return isRecord(params) && typeof params['cluster'] === 'string' ? params['cluster'] : undefined
}

/** The hub sees the caller's own token; when it refuses that, the session is over, whatever our cache still holds. */
function tokenRefused(request: FastifyRequest, error: unknown, cluster: string | undefined): Problem | undefined {
  if (!(error instanceof KubeStatusError) || error.httpStatus !== 401) return undefined
  if (cluster !== undefined && cluster !== HUB) return undefined
  const bearer = request.callerIfAny?.mode === 'bearer'
  return bearer ? problemOf('invalid-token', 'The hub does not accept this token any more; sign in again') : undefined
}
