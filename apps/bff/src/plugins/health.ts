import fp from 'fastify-plugin'

/** For probes: `/healthz` says that we run, `/readyz` that the hub's records are there, so pages can be used. */
export const health = fp<{ ready: () => boolean }>(
  async (app, { ready }) => {
    const options = { config: { public: true }, schema: { hide: true }, logLevel: 'warn' } as const
    app.get('/healthz', options, async () => ({ status: 'ok' }))
    app.get('/readyz', options, async (_request, reply) => {
      if (ready()) return { status: 'ok' }
      return reply.code(503).send({ status: 'waiting for the hub' })
    })
  },
  { name: 'health' },
)
