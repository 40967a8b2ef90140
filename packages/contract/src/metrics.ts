import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { Recorded } from './recorded.ts'

/** Whose golden signals: the whole mesh, a namespace, a service or a workload. */
export const GoldenQuery = Type.Object(
  {
    scope: Type.Union([
      Type.Literal('mesh'),
      Type.Literal('namespace'),
      Type.Literal('service'),
      Type.Literal('workload'),
    ]),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
    name: Type.Optional(Type.String({ maxLength: 253 })),
    cluster: Type.Optional(Type.String({ maxLength: 253 })),
    from: Type.Integer({ description: 'Unix seconds.' }),
    to: Type.Integer({ description: 'Unix seconds.' }),
    step: Type.Optional(
      Type.Integer({ minimum: 5, maximum: 86400, description: 'Seconds; chosen for about 120 points when absent.' }),
    ),
  },
  { additionalProperties: false },
)
export type GoldenQuery = Static<typeof GoldenQuery>

/** [unix seconds, value]; a gap is a missing point, never zero. */
export const Point = Type.Tuple([Type.Number(), Type.Number()])
export const Series = Type.Object({ name: Type.String(), unit: Type.String(), points: Type.Array(Point) })
export type Series = Static<typeof Series>

export const GoldenSignals = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  step: Type.Integer(),
  requestRate: Type.Array(Point),
  errorRate: Type.Array(Point),
  latencyP50: Type.Array(Point),
  latencyP90: Type.Array(Point),
  latencyP99: Type.Array(Point),
  recorded: Recorded,
  failures: Type.Array(ClusterFailure),
})
export type GoldenSignals = Static<typeof GoldenSignals>
