import { Type, type Static } from 'typebox'

export const SessionMode = Type.Union([Type.Literal('local'), Type.Literal('bearer')])
export type SessionMode = Static<typeof SessionMode>

/** Who the caller is. */
export const Session = Type.Object({
  mode: SessionMode,
  user: Type.Object({ name: Type.String(), groups: Type.Array(Type.String()) }),
  version: Type.String({ description: 'Version of Meshdeck.' }),
})
export type Session = Static<typeof Session>

/** How one may sign in; public. */
export const AuthModes = Type.Object({ modes: Type.Array(SessionMode) })
export type AuthModes = Static<typeof AuthModes>

/** Sign-in with a bearer token of the hub (a ServiceAccount or OIDC token that its API server accepts). */
export const SignIn = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 16384 }) },
  { additionalProperties: false },
)
export type SignIn = Static<typeof SignIn>

/** Header that every write of a browser session carries; its value does not matter. */
export const CSRF_HEADER = 'x-meshdeck-csrf'
