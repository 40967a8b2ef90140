import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

/** Answers of the API are data: nothing in them may run or be framed. The console's page sets a policy of its own. */
const DATA_POLICY = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }

/** The headers of every answer. */
export const securityHeaders = fp(
  async (app) => {
    await app.register(helmet, {
      contentSecurityPolicy: DATA_POLICY,
      referrerPolicy: { policy: 'same-origin' },
      // frame-ancestors says it, and can name the page that embeds the console.
      xFrameOptions: false,
    })
  },
  { name: 'security-headers' },
)
