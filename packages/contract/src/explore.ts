import { Type, type Static } from 'typebox'
import { Point } from './metrics.ts'
import { MonitoringQuery } from './monitoring.ts'
import { ClusterFailure } from './problem.ts'

const { range, from, to, cluster } = MonitoringQuery.properties

/** A query of the reader's own, over a range as the dashboards'. */
export const ExploreQuery = Type.Object(
  { query: Type.String({ minLength: 1, maxLength: 10_000 }), range, from, to, cluster },
  { additionalProperties: false },
)
export type ExploreQuery = Static<typeof ExploreQuery>

export const ExploreAnswer = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  step: Type.Integer(),
  series: Type.Array(
    Type.Object({
      labels: Type.Record(Type.String(), Type.String()),
      cluster: Type.Optional(Type.String({ description: 'Whose Prometheus said it, where several were asked.' })),
      points: Type.Array(Point),
    }),
  ),
  total: Type.Integer({ description: 'Series that there are; those that matter most are sent.' }),
  warnings: Type.Array(Type.String()),
  failures: Type.Array(ClusterFailure),
})
export type ExploreAnswer = Static<typeof ExploreAnswer>

/** Of which names are wanted: metrics, labels, or the values of one label; those of one metric only when it is named. */
export const ExploreNamesQuery = Type.Object(
  {
    label: Type.Optional(Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$', maxLength: 200 })),
    metric: Type.Optional(Type.String({ pattern: '^[a-zA-Z_:][a-zA-Z0-9_:]*$', maxLength: 300 })),
  },
  { additionalProperties: false },
)

export const ExploreNames = Type.Object({
  names: Type.Array(Type.String()),
  total: Type.Integer({ description: 'Names that there are; the first of them are sent.' }),
})
export type ExploreNames = Static<typeof ExploreNames>

export const ExploreMetrics = Type.Object({
  metrics: Type.Record(Type.String(), Type.Object({ type: Type.String(), help: Type.String() })),
})
export type ExploreMetrics = Static<typeof ExploreMetrics>
