import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuthModes, paths, Session, SignIn, type SessionMode } from '@meshdeck/contract'
import { Type } from 'typebox'
import type { Caller } from '../../../lib/identity.ts'

/** Who one is, and how one signs in and out. */
export const sessionRoutes: FastifyPluginAsyncTypebox<{ modes: readonly SessionMode[]; version: string }> = async (
  app,
  { modes, version },
) => {
  app.get(paths.authModes, { config: { public: true }, schema: { response: { 200: AuthModes } } }, async () => ({
    modes: [...modes],
  }))

  app.get(paths.session, { schema: { response: { 200: Session } } }, async ({ caller }) => toSession(caller, version))

  app.post(
    paths.session,
    { config: { public: true }, schema: { body: SignIn, response: { 200: Session } } },
    async ({ body }, reply) => toSession(await reply.signIn(body.token), version),
  )

  // Public, so that a session that has run out can still be put away.
  app.delete(
    paths.session,
    { config: { public: true }, schema: { response: { 204: Type.Null() } } },
    async (_request, reply) => {
      reply.signOut()
      return reply.code(204).send(null)
    },
  )
}

function toSession({ mode, user }: Caller, version: string): Session {
  return { mode, user: { name: user.name, groups: [...user.groups] }, version }
}
