import { LABEL_PATTERN, PATH_SEGMENT_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'

const namespace = Type.String({ pattern: LABEL_PATTERN, maxLength: 63 })
const name = Type.String({ pattern: PATH_SEGMENT_PATTERN, maxLength: 253 })
const closed = { additionalProperties: false }

/** A request that is thought of. Nothing is sent. */
export const ExplainRequest = Type.Object(
  {
    cluster: Type.Optional(
      Type.String({
        maxLength: 253,
        description: 'Whose istiod is meant, where a mesh has several; else the mesh’s own.',
      }),
    ),
    source: Type.Union([
      Type.Object({ from: Type.Literal('workload'), namespace, name }, closed),
      Type.Object(
        {
          from: Type.Literal('gateway'),
          kind: Type.Union([Type.Literal('Gateway'), Type.Literal('K8sGateway')]),
          namespace,
          name,
        },
        closed,
      ),
      Type.Object({ from: Type.Literal('outside') }, closed),
    ]),
    protocol: Type.Union([Type.Literal('http'), Type.Literal('https'), Type.Literal('tls'), Type.Literal('tcp')]),
    host: Type.String({ minLength: 1, maxLength: 253, pattern: String.raw`^[A-Za-z0-9*._:\[\]-]+$` }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    path: Type.Optional(Type.String({ maxLength: 2000, description: 'With the query; `/` when absent.' })),
    method: Type.Optional(Type.String({ maxLength: 32, pattern: '^[A-Za-z]+$', description: '`GET` when absent.' })),
    headers: Type.Optional(
      Type.Record(Type.String({ maxLength: 128 }), Type.String({ maxLength: 2000 }), { maxProperties: 50 }),
    ),
    claims: Type.Optional(
      Type.Record(Type.String({ maxLength: 128 }), Type.Unknown(), {
        maxProperties: 100,
        description: 'Of the token that is sent along; absent without one.',
      }),
    ),
    ip: Type.Optional(Type.String({ maxLength: 45 })),
  },
  closed,
)
export type ExplainRequest = Static<typeof ExplainRequest>

const Values = Type.Record(Type.String(), Type.String())
const Place = Type.Object({
  cluster: Type.String(),
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  path: Type.String({ description: 'Field, as API servers name it; empty for all of it.' }),
})
const step = {
  hop: Type.Union([Type.Literal('client'), Type.Literal('gateway'), Type.Literal('server')]),
  outcome: Type.Union([
    Type.Literal('ok'),
    Type.Literal('stop'),
    Type.Literal('note'),
    Type.Literal('open'),
    Type.Literal('skip'),
  ]),
  code: Type.String({ description: 'Its words are in the console’s locale `explain`.' }),
  values: Values,
  place: Type.Optional(Place),
}

/** One thing that is decided on the way; `others` could have decided it and did not. */
export const ExplainStep = Type.Object({ ...step, others: Type.Optional(Type.Array(Type.Object(step))) })
export type ExplainStep = Static<typeof ExplainStep>

const outcomes = {
  verdict: Type.Union([
    Type.Literal('allowed'),
    Type.Literal('denied'),
    Type.Literal('fails'),
    Type.Literal('answered'),
    Type.Literal('depends'),
  ]),
  status: Type.Optional(Type.Integer({ description: 'HTTP status that a proxy answers with.' })),
}

export const ExplainAnswer = Type.Object({
  ...outcomes,
  cluster: Type.String({ description: 'The cluster whose istiod’s configuration was read.' }),
  steps: Type.Array(ExplainStep),
  branches: Type.Array(
    Type.Object({
      ...outcomes,
      host: Type.String(),
      port: Type.Integer(),
      subset: Type.String(),
      weight: Type.Number({ description: 'Share of requests in percent.' }),
      cluster: Type.String({ description: 'Name of Envoy’s cluster.' }),
      steps: Type.Array(ExplainStep),
    }),
  ),
  hidden: Type.Array(Type.String(), { description: 'Kinds of which the caller does not see everything.' }),
  failures: Type.Array(ClusterFailure),
})
export type ExplainAnswer = Static<typeof ExplainAnswer>
