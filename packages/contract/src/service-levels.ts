import { LABEL_PATTERN, SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { Recorded } from './recorded.ts'

const Points = Type.Array(Type.Tuple([Type.Number(), Type.Number()]), { description: 'Unix seconds and value.' })

export const ServiceLevelQuery = Type.Object({
  namespace: Type.Optional(Type.String({ pattern: LABEL_PATTERN, description: 'Only levels of services in it.' })),
  service: Type.Optional(Type.String({ pattern: LABEL_PATTERN, description: 'Only levels of services of this name.' })),
})
export type ServiceLevelQuery = Static<typeof ServiceLevelQuery>

export const ServiceLevelParams = Type.Object({
  mesh: Type.String({ pattern: SUBDOMAIN_PATTERN }),
  name: Type.String({ pattern: SUBDOMAIN_PATTERN }),
})

/** How rules are written: for `rule_files`, or as an object of the Prometheus Operator. */
export const ServiceLevelRulesQuery = Type.Object({
  format: Type.Optional(Type.Union([Type.Literal('file'), Type.Literal('operator')])),
})

export const ServiceLevelView = Type.Object({
  name: Type.String(),
  service: Type.Object({ namespace: Type.String(), name: Type.String() }),
  clusters: Type.Array(Type.String(), { description: 'Whose requests are counted.' }),
  missing: Type.Array(Type.String(), {
    description:
      'Clusters that should be counted and are not: they failed, or the reader may not see the service there.',
  }),
  indicator: Type.Object({
    type: Type.Union([Type.Literal('Availability'), Type.Literal('Latency')]),
    thresholdMilliseconds: Type.Optional(Type.Number()),
  }),
  objective: Type.Number({ description: 'Percentage of requests that shall be good.' }),
  windowDays: Type.Integer(),
  description: Type.Optional(Type.String()),
  state: Type.Union(
    [
      Type.Literal('exhausted'),
      Type.Literal('burnsFast'),
      Type.Literal('burnsSlowly'),
      Type.Literal('met'),
      Type.Literal('noData'),
      Type.Literal('unknown'),
    ],
    { description: 'The worst that can be said. unknown: the window could not be asked about.' },
  ),
  budgetLeft: Type.Optional(
    Type.Number({ description: 'Share of the error budget; negative when overspent, absent without requests.' }),
  ),
  good: Type.Optional(Type.Number({ description: 'Share of good requests in the window.' })),
  requests: Type.Optional(Type.Number({ description: 'Requests in the window.' })),
  bad: Type.Optional(Type.Number({ description: 'Bad ones among them.' })),
  burn: Type.Array(
    Type.Object({
      window: Type.String(),
      rate: Type.Optional(Type.Number({ description: 'Absent without requests.' })),
    }),
  ),
})
export type ServiceLevelView = Static<typeof ServiceLevelView>

/** The levels of a mesh whose services the reader may list; `at` is the moment that the figures are of. */
export const ServiceLevelList = Type.Object({
  items: Type.Array(ServiceLevelView),
  at: Type.Number(),
  recorded: Recorded,
  failures: Type.Array(ClusterFailure),
})
export type ServiceLevelList = Static<typeof ServiceLevelList>

/** One level with the course of its window and the conditions of its alerts. */
export const ServiceLevelDetail = Type.Object({
  level: ServiceLevelView,
  conditions: Type.Array(
    Type.Object({
      severity: Type.Union([Type.Literal('page'), Type.Literal('ticket')]),
      long: Type.String(),
      short: Type.String(),
      above: Type.Number(),
      budgetShare: Type.Number(),
      holds: Type.Boolean(),
    }),
  ),
  course: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    step: Type.Number(),
    good: Points,
    left: Points,
  }),
  failures: Type.Array(ClusterFailure),
})
export type ServiceLevelDetail = Static<typeof ServiceLevelDetail>
