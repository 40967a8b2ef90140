import { Type, type Static } from 'typebox'
import { Point } from './metrics.ts'
import { ClusterFailure } from './problem.ts'
import { Recorded } from './recorded.ts'

const DAY_SECONDS = 86_400

export const MonitoringParams = Type.Object({
  mesh: Type.String(),
  dashboard: Type.String({ description: 'One of the dashboards of docs/monitoring.md.' }),
  section: Type.String({ description: 'A row of panels of it.' }),
})

export const MonitoringPanelParams = Type.Object({
  ...MonitoringParams.properties,
  panel: Type.String({ description: 'Of the section; one whose series carry exemplars.' }),
})

/** When, of what, and as whom seen. Either the last `range` seconds, or `from` and `to`. */
export const MonitoringQuery = Type.Object(
  {
    range: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 31 * DAY_SECONDS, default: 3_600, description: 'The last seconds.' }),
    ),
    from: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix seconds; with `to`, instead of `range`.' })),
    to: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix seconds.' })),
    cluster: Type.Optional(Type.String({ maxLength: 253, description: 'Only this one; all when absent.' })),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
    name: Type.Optional(Type.String({ maxLength: 253, description: 'Of a Service or a workload.' })),
    reporter: Type.Optional(
      Type.Union([Type.Literal('source'), Type.Literal('destination'), Type.Literal('waypoint')], {
        default: 'source',
      }),
    ),
    quantiles: Type.Optional(
      Type.String({ pattern: '^0\\.\\d{1,4}(,0\\.\\d{1,4}){0,4}$', description: 'At most five, separated by commas.' }),
    ),
    peers: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Only these callers, by workload; separated by commas.' }),
    ),
    peerNamespaces: Type.Optional(
      Type.String({ maxLength: 2_000, description: 'Only callers in these; separated by commas.' }),
    ),
    revision: Type.Optional(Type.String({ maxLength: 63, description: 'Only istiod of this revision.' })),
  },
  { additionalProperties: false },
)
export type MonitoringQuery = Static<typeof MonitoringQuery>

/** One line, or one cell of a table (a single point). A gap is a missing point, never zero. */
export const MonitoringSeries = Type.Object({
  query: Type.String({ description: 'Id of the query in its panel.' }),
  labels: Type.Record(Type.String(), Type.String(), {
    description: '`cluster` is the cluster whose Prometheus said it, where several were asked.',
  }),
  points: Type.Array(Point),
})
export type MonitoringSeries = Static<typeof MonitoringSeries>

export const MonitoringPanel = Type.Object({
  id: Type.String(),
  queries: Type.Array(Type.Object({ id: Type.String(), promql: Type.String() }), {
    description: 'As a Prometheus of one cluster was asked.',
  }),
  series: Type.Array(MonitoringSeries),
  total: Type.Integer({ description: 'Series that there are; those that matter most are sent.' }),
  hidden: Type.Integer({ description: 'Series of namespaces that the caller may not see; not sent.' }),
  warnings: Type.Array(Type.String(), { description: 'What Prometheus said of its answers.' }),
  failures: Type.Array(ClusterFailure, { description: 'Where this panel alone could not be asked for.' }),
})
export type MonitoringPanel = Static<typeof MonitoringPanel>

/** The panels of one section, asked for over one range. */
export const MonitoringSection = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  step: Type.Integer(),
  window: Type.Integer({ description: 'Seconds that rates are averaged over.' }),
  within: Type.Optional(
    Type.Array(Type.String(), { description: 'Namespaces that totals are kept to, where the caller may not see all.' }),
  ),
  panels: Type.Array(MonitoringPanel),
  recorded: Recorded,
  failures: Type.Array(ClusterFailure),
})
export type MonitoringSection = Static<typeof MonitoringSection>

/** A traced request behind a line. */
export const MonitoringExemplar = Type.Object({
  at: Type.Number({ description: 'Unix seconds, with a fraction.' }),
  value: Type.Optional(
    Type.Number({
      description: 'In the unit of the panel; absent where the panel shows rates, which one request has none of.',
    }),
  ),
  traceId: Type.String({ pattern: '^[\\w-]{1,128}$' }),
  labels: Type.Record(Type.String(), Type.String(), { description: 'As those of the panel’s series.' }),
})
export type MonitoringExemplar = Static<typeof MonitoringExemplar>

/** Of one panel, in the order of time. */
export const MonitoringExemplars = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  exemplars: Type.Array(MonitoringExemplar, { maxItems: 100, description: 'Spread over the time.' }),
  total: Type.Integer({ description: 'Exemplars that there are.' }),
  hidden: Type.Integer({ description: 'Of namespaces that the caller may not see; not sent.' }),
  failures: Type.Array(ClusterFailure),
})
export type MonitoringExemplars = Static<typeof MonitoringExemplars>

export const MonitoringChoicesQuery = Type.Object(
  { namespace: Type.Optional(Type.String({ maxLength: 63, description: 'Whose services and workloads are wanted.' })) },
  { additionalProperties: false },
)

/** What the variables of a dashboard may be, as far as the caller may see it. */
export const MonitoringChoices = Type.Object({
  clusters: Type.Array(Type.String()),
  namespaces: Type.Array(Type.String()),
  services: Type.Array(Type.String(), { description: 'Of the namespace; none without one.' }),
  workloads: Type.Array(Type.String(), { description: 'Of the namespace; none without one.' }),
  revisions: Type.Array(Type.String()),
  whole: Type.Boolean({ description: 'Whether the caller may see a whole cluster of the mesh.' }),
  links: Type.Object({
    grafana: Type.Optional(Type.String({ description: 'Address of a Grafana with Istio’s own dashboards.' })),
    tracing: Type.Optional(Type.String({ description: 'Address of a tracing console.' })),
  }),
})
export type MonitoringChoices = Static<typeof MonitoringChoices>
