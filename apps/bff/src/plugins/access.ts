import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createResourceClient } from '@meshdeck/kube-client'
import { createDecisions, createRights, type Decisions, type Rights } from '../lib/access.ts'
import { callerKey, identityFor, type Caller } from '../lib/identity.ts'
import type { Fleet } from '../lib/fleet.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's rights in a cluster, by its own access reviews (kept for 60 s). */
    rights(cluster: string): Rights
  }
}

/** What the caller may do; every answer from the shared cache goes through it. */
export const access = fp<{ fleet: Pick<Fleet, 'connection' | 'state'>; decisions?: Decisions }>(
  async (app, { fleet, decisions = createDecisions() }) => {
    const rightsOf = (caller: Caller, cluster: string): Rights =>
      createRights(decisions, `${cluster} ${callerKey(caller)}`, async (attributes) => {
        // What is known to be lost is not asked: each question would wait for its time to run out.
        const { state, error } = fleet.state(cluster)
        if (state === 'lost' && error !== undefined) throw error
        const client = createResourceClient(await fleet.connection(cluster), identityFor(caller, cluster))
        return client.selfSubjectAccessReview(attributes)
      })
    app.decorateRequest('rights', function (this: FastifyRequest, cluster: string) {
      return rightsOf(this.caller, cluster)
    })
    app.metrics.gauge('meshdeck_bff_access_decisions', 'Access decisions in the cache', () => decisions.size)
  },
  { name: 'access', dependencies: ['session', 'own-metrics'] },
)
