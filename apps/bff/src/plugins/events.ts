import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { createEventStream, type EventStream, type StreamRights } from '../lib/event-stream.ts'
import type { Notice } from '../lib/frame-queue.ts'
import { callerKey } from '../lib/identity.ts'
import { ProblemError } from '../lib/problem.ts'

const MAX_STREAMS_PER_CALLER = 32

declare module 'fastify' {
  interface FastifyInstance {
    events: {
      /** Tells all streams; each keeps from its reader what that one may not list. */
      publish(notice: Notice): void
    }
  }
  interface FastifyReply {
    /** Turns this answer into an event stream, which begins with `first`. */
    openEvents(first: readonly Notice[]): void
  }
}

/** The event streams of all tabs. */
export const events = fp(
  async (app) => {
    const streams = new Map<EventStream, string>()

    app.decorate('events', {
      publish(notice) {
        for (const stream of streams.keys()) stream.notice(notice)
      },
    })
    app.decorateReply('openEvents', function (this: FastifyReply, first: readonly Notice[]) {
      const { request } = this
      const caller = callerKey(request.caller)
      const open = [...streams.values()].filter((owner) => owner === caller).length
      if (open >= MAX_STREAMS_PER_CALLER)
        throw new ProblemError('too-many-requests', `You have ${open} event streams open already; close some tabs`)
      // From here on Fastify has no part in the answer, so the headers it has gathered are handed on.
      this.hijack()
      const { raw } = this
      for (const [name, value] of Object.entries(this.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        // nginx would keep the frames back otherwise.
        'x-accel-buffering': 'no',
      })
      const stream = createEventStream(
        {
          write: (text) => raw.write(text),
          onDrain: (listener) => void raw.on('drain', listener),
          end: () => void raw.end(),
        },
        rightsOf(request),
        () => streams.delete(stream),
      )
      streams.set(stream, caller)
      raw.on('close', () => stream.close())
      raw.on('error', () => stream.close())
      for (const notice of first) stream.notice(notice)
    })
    app.metrics.gauge('meshdeck_bff_event_streams', 'Open event streams', () => streams.size)
    // Streams would otherwise keep the server from ever finishing its requests.
    app.addHook('preClose', async () => {
      for (const stream of streams.keys()) stream.close()
    })
  },
  { name: 'events', dependencies: ['access', 'own-metrics'] },
)

function rightsOf(request: FastifyRequest): StreamRights {
  return {
    mayList: (cluster, kind, namespace) => request.rights(cluster).mayList(kind, namespace),
    mayHaveListed: (cluster, kind, namespace) => request.rights(cluster).mayHaveListed(kind, namespace),
    mayListSome: async (cluster, kind) => (await request.readable(cluster, kind)).forbidden === false,
    stillSignedIn: () => request.stillSignedIn(),
  }
}
