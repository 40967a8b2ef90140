import { Type, type Static } from 'typebox'

/** One question about the caller's rights. */
export const AccessCheck = Type.Object(
  {
    cluster: Type.String({ description: 'Name of a cluster, or `-hub`.' }),
    verb: Type.Union([
      Type.Literal('get'),
      Type.Literal('list'),
      Type.Literal('watch'),
      Type.Literal('create'),
      Type.Literal('update'),
      Type.Literal('patch'),
      Type.Literal('delete'),
    ]),
    kind: Type.String({ description: 'KindId of the registry.' }),
    namespace: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    subresource: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type AccessCheck = Static<typeof AccessCheck>

export const AccessRequest = Type.Object(
  { checks: Type.Array(AccessCheck, { minItems: 1, maxItems: 200 }) },
  { additionalProperties: false },
)
export type AccessRequest = Static<typeof AccessRequest>

/** Answers in the order of the questions. `error` when the cluster could not be asked; then `allowed` is false. */
export const AccessResponse = Type.Object({
  results: Type.Array(
    Type.Object({
      allowed: Type.Boolean(),
      reason: Type.Optional(Type.String()),
      error: Type.Optional(Type.String()),
    }),
  ),
})
export type AccessResponse = Static<typeof AccessResponse>
