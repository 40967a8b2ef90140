import { Type, type Static } from 'typebox'
import { Problem } from './problem.ts'

const Refused = Type.Object({
  cost: Type.Integer({ description: 'They would have read too much.' }),
  queue: Type.Integer({ description: 'Too many were waiting.' }),
  down: Type.Integer({ description: 'Prometheus was spared, since it had failed several times in a row.' }),
})

/** Questions of one minute. */
export const QueryMinute = Type.Object({
  at: Type.Integer({ description: 'Unix milliseconds of its start.' }),
  sent: Type.Integer(),
  failed: Type.Integer({ description: 'Of those that were sent.' }),
  shared: Type.Integer({ description: 'Answered by an equal question under way.' }),
  kept: Type.Integer({ description: 'Answered by an answer that was kept.' }),
  stale: Type.Integer({ description: 'Answered by one of a moment before, since Prometheus was slow or failed.' }),
  refused: Refused,
  bytes: Type.Integer(),
  ms: Type.Number({ description: 'That Prometheus took for them all together.' }),
})
export type QueryMinute = Static<typeof QueryMinute>

/** One Prometheus, what it is, and what this console asks of it. */
export const QueryServer = Type.Object({
  clusters: Type.Array(Type.String(), { description: 'That name it.' }),
  problem: Type.Optional(Problem),
  id: Type.Optional(Type.String({ description: 'As in the label `prometheus` of /metrics.' })),
  address: Type.Optional(Type.String()),
  make: Type.Optional(
    Type.Union([
      Type.Literal('Prometheus'),
      Type.Literal('Thanos'),
      Type.Literal('Mimir'),
      Type.Literal('VictoriaMetrics'),
      Type.Literal('unknown'),
    ]),
  ),
  version: Type.Optional(Type.String()),
  series: Type.Optional(Type.Integer({ description: 'That get samples now; absent where it does not tell.' })),
  skewSeconds: Type.Optional(Type.Number({ description: 'How far its clock is ahead of that of the console.' })),
  load: Type.Optional(
    Type.Object({
      running: Type.Integer(),
      waiting: Type.Integer(),
      cacheBytes: Type.Integer(),
      circuit: Type.Object({
        state: Type.Union([Type.Literal('closed'), Type.Literal('open'), Type.Literal('trying')]),
        since: Type.Optional(Type.Integer()),
        retryAt: Type.Optional(Type.Integer()),
        error: Type.Optional(Type.String()),
      }),
      minutes: Type.Array(QueryMinute, {
        description: 'Of the last quarter of an hour; those without a question are left out.',
      }),
      slowest: Type.Array(
        Type.Object({
          shape: Type.String({ description: 'PromQL without the values in it.' }),
          count: Type.Integer(),
          failed: Type.Integer(),
          meanMs: Type.Number(),
          slowestMs: Type.Number(),
          bytes: Type.Integer({ description: 'Of one answer.' }),
        }),
      ),
    }),
  ),
})
export type QueryServer = Static<typeof QueryServer>

/** What Meshdeck asks of each Prometheus that the reader may see, and what bounds it; of the process that answers. */
export const QueryOverview = Type.Object({
  limits: Type.Array(
    Type.Object({
      flag: Type.String({ description: 'Of the console’s server, without the dashes.' }),
      value: Type.Optional(Type.Number({ description: 'In the unit of the flag; absent where there is no bound.' })),
    }),
  ),
  servers: Type.Array(QueryServer),
  hidden: Type.Integer({ description: 'Servers that hold clusters which the reader may not see.' }),
})
export type QueryOverview = Static<typeof QueryOverview>
