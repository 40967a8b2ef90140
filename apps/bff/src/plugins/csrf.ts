import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { CSRF_HEADER } from '@meshdeck/contract'
import { ProblemError } from '../lib/problem.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that another site makes the caller's browser send. Whoever brings a token in a header is no such
 * browser; all others must name our own origin and carry a header that a plain form cannot.
 */
export const csrf = fp(
  async (app) => {
    app.addHook('onRequest', async (request) => {
      if (SAFE_METHODS.has(request.method) || request.callerIfAny?.ambient === false) return
      const fault = crossSiteFault(request)
      if (fault !== undefined) throw new ProblemError('csrf', fault)
    })
  },
  { name: 'csrf', dependencies: ['session'] },
)

function crossSiteFault({ headers }: FastifyRequest): string | undefined {
  if ((headers[CSRF_HEADER] ?? '') === '') return `Writes by a browser session need the header ${CSRF_HEADER}`
  const site = headers['sec-fetch-site']
  if (site !== undefined)
    return site === 'same-origin'
      ? undefined
      : `Sec-Fetch-Site is ${String(site)}; writes must come from the console’s own origin`
  // Older browsers send Origin alone. Programs send neither, and no other site can make them act.
  const { origin } = headers
  if (origin === undefined) return undefined
  return URL.parse(origin)?.host === headers.host ? undefined : 'The Origin is not the console’s own'
}
