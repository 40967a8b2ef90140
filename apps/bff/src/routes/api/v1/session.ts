import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuthModes, paths, Session, SignIn, type SessionMode } from '@meshdeck/contract'
import { Type } from 'typebox'
import type { Caller } from '../../../lib/identity.ts'
import { ProblemError } from '../../../lib/problem.ts'
import type { SandboxOptions } from '../../../lib/sandbox-options.ts'

interface SessionRoutesOptions {
  modes: readonly SessionMode[]
  version: string
  sandbox?: SandboxOptions
}

/** Who one is, and how one signs in and out. */
export const sessionRoutes: FastifyPluginAsyncTypebox<SessionRoutesOptions> = async (app, options) => {
  const { modes } = options
  app.get(paths.authModes, { config: { public: true }, schema: { response: { 200: AuthModes } } }, async () => ({
    modes: [...modes],
  }))

  app.get(paths.session, { schema: { response: { 200: Session } } }, async ({ caller }) => toSession(caller, options))

  app.post(
    paths.session,
    { config: { public: true }, schema: { body: SignIn, response: { 200: Session } } },
    async ({ body }, reply) => toSession(await reply.signIn(tokenIn(body, options.sandbox)), options),
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

function tokenIn(body: SignIn, sandbox: SandboxOptions | undefined): string {
  if ('token' in body) return body.token
  if (sandbox === undefined) throw new ProblemError('bad-request', 'People without a token are of the sandbox only')
  const person = sandbox.people.find(({ id }) => id === body.person)
  if (person !== undefined) return person.token
  const known = sandbox.people.map(({ id }) => id).join(', ')
  throw new ProblemError('bad-request', `The sandbox has no person ${body.person}; there are ${known}`)
}

function toSession({ mode, user }: Caller, { version, sandbox }: SessionRoutesOptions): Session {
  return {
    mode,
    user: { name: user.name, groups: [...user.groups] },
    version,
    ...(sandbox === undefined
      ? {}
      : {
          sandbox: {
            fleet: sandbox.fleet,
            kubeconfig: sandbox.kubeconfig,
            people: sandbox.people.map(({ id }) => id),
          },
        }),
  }
}
