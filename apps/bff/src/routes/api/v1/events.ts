import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { EventFrame, paths } from '@meshdeck/contract'
import { lostClusters } from '../../../plugins/watch-cache.ts'

/** The event stream of a tab: `ready`, the clusters that are lost now, then what changes. */
export const eventRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    paths.events,
    {
      schema: {
        produces: ['text/event-stream'],
        description: 'Server-sent events; `data:` of each is an EventFrame.',
        response: { 200: EventFrame },
      },
    },
    (_request, reply) => {
      reply.openEvents(lostClusters(app.fleetState))
    },
  )
}
