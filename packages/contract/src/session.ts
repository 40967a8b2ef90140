import { Type, type Static } from 'typebox'

export const SessionMode = Type.Union([Type.Literal('local'), Type.Literal('bearer')])
export type SessionMode = Static<typeof SessionMode>

/** Where Meshdeck shows simulated clusters: which, and as whom one may look at them without a token. */
export const SandboxInfo = Type.Object({
  fleet: Type.String(),
  kubeconfig: Type.String({ description: 'Path of the kubeconfig of all its clusters, for kubectl.' }),
  people: Type.Array(Type.String()),
})
export type SandboxInfo = Static<typeof SandboxInfo>

/** Who the caller is. */
export const Session = Type.Object({
  mode: SessionMode,
  user: Type.Object({ name: Type.String(), groups: Type.Array(Type.String()) }),
  version: Type.String({ description: 'Version of Meshdeck.' }),
  sandbox: Type.Optional(SandboxInfo),
})
export type Session = Static<typeof Session>

/** How one may sign in; public. */
export const AuthModes = Type.Object({ modes: Type.Array(SessionMode) })
export type AuthModes = Static<typeof AuthModes>

/**
 * Sign-in with a bearer token of the hub (a ServiceAccount or OIDC token that its API server accepts); in the sandbox
 * also as one of its people.
 */
export const SignIn = Type.Union([
  Type.Object({ token: Type.String({ minLength: 1, maxLength: 16384 }) }, { additionalProperties: false }),
  Type.Object({ person: Type.String({ minLength: 1, maxLength: 63 }) }, { additionalProperties: false }),
])
export type SignIn = Static<typeof SignIn>

/** Header that every write of a browser session carries; its value does not matter. */
export const CSRF_HEADER = 'x-meshdeck-csrf'
