import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { Recorded } from './recorded.ts'

export const LatencyStatistic = Type.Union([
  Type.Literal('none'),
  Type.Literal('mean'),
  Type.Literal('p50'),
  Type.Literal('p90'),
  Type.Literal('p95'),
  Type.Literal('p99'),
])
export type LatencyStatistic = Static<typeof LatencyStatistic>

export const TopologyQuery = Type.Object(
  {
    view: Type.Optional(
      Type.Union(
        [
          Type.Literal('workload'),
          Type.Literal('service'),
          Type.Literal('version'),
          Type.Literal('namespace'),
          Type.Literal('cluster'),
        ],
        { default: 'workload' },
      ),
    ),
    namespaces: Type.Optional(Type.String({ description: 'Separated by commas; all when absent.' })),
    clusters: Type.Optional(Type.String({ description: 'Separated by commas; all when absent.' })),
    window: Type.Optional(
      Type.Integer({ minimum: 20, maximum: 86400, default: 60, description: 'Seconds that rates are averaged over.' }),
    ),
    at: Type.Optional(Type.Integer({ description: 'Unix seconds; now when absent.' })),
    idle: Type.Optional(Type.Boolean({ default: false, description: 'Show what has no traffic as well.' })),
    latency: Type.Optional(
      Type.Union(LatencyStatistic.anyOf, {
        default: 'none',
        description: 'Which latency to show. A quantile is about 20 times as dear as a mean.',
      }),
    ),
    badges: Type.Optional(
      Type.Boolean({ default: false, description: 'Tell what is in force for each node: rules, faults, findings.' }),
    ),
    reporter: Type.Optional(
      Type.Union([Type.Literal('source'), Type.Literal('destination')], {
        default: 'source',
        description: 'Whose report of a call is taken where there are several: of its client or of its server.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type TopologyQuery = Static<typeof TopologyQuery>

export const HealthLevel = Type.Union([
  Type.Literal('healthy'),
  Type.Literal('warning'),
  Type.Literal('critical'),
  Type.Literal('unknown'),
])
export type HealthLevel = Static<typeof HealthLevel>

const Traffic = Type.Object({
  requestRate: Type.Number({ description: 'Requests per second.' }),
  errorRate: Type.Optional(Type.Number({ description: 'Share 0–1; absent without requests.' })),
  latencyMs: Type.Optional(Type.Number({ description: 'Milliseconds: the mean, or the quantile of the slowest.' })),
  bytesRate: Type.Number({ description: 'TCP bytes per second, both directions.' }),
})

export const TopologyBadge = Type.Union([
  Type.Literal('rule'),
  Type.Literal('fault'),
  Type.Literal('mirror'),
  Type.Literal('breaker'),
  Type.Literal('finding'),
])
export type TopologyBadge = Static<typeof TopologyBadge>

export const TopologyNode = Type.Object({
  id: Type.String(),
  type: Type.Union([
    Type.Literal('workload'),
    Type.Literal('service'),
    Type.Literal('gateway'),
    Type.Literal('waypoint'),
    Type.Literal('external'),
    Type.Literal('unknown'),
    Type.Literal('passthrough'),
    Type.Literal('blackhole'),
    Type.Literal('version'),
    Type.Literal('namespace'),
    Type.Literal('cluster'),
    Type.Literal('other'),
  ]),
  cluster: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  app: Type.Optional(Type.String()),
  version: Type.Optional(Type.String()),
  health: HealthLevel,
  injected: Type.Optional(Type.Boolean({ description: 'Absent when not known.' })),
  ambient: Type.Optional(Type.Literal(true, { description: 'ztunnel carries its connections; it needs no sidecar.' })),
  badges: Type.Optional(
    Type.Array(TopologyBadge, {
      description: 'What is in force for it at present, whatever the instant; none when absent.',
    }),
  ),
  idle: Type.Boolean(),
  inbound: Traffic,
  outbound: Traffic,
})
export type TopologyNode = Static<typeof TopologyNode>

export const TopologyEdge = Type.Object({
  id: Type.String(),
  source: Type.String(),
  target: Type.String(),
  protocol: Type.Union([Type.Literal('http'), Type.Literal('grpc'), Type.Literal('tcp')]),
  host: Type.Optional(Type.String({ description: 'destination_service that was called.' })),
  health: HealthLevel,
  requestRate: Type.Number(),
  errorRate: Type.Optional(Type.Number()),
  latencyMs: Type.Optional(Type.Number()),
  sentRate: Type.Number({ description: 'TCP bytes per second from the server to the client.' }),
  receivedRate: Type.Number({ description: 'TCP bytes per second from the client to the server.' }),
  mtlsShare: Type.Optional(
    Type.Number({
      description: 'Share 0–1 of requests (bytes for TCP) under mutual TLS; absent when no server reported.',
    }),
  ),
  codes: Type.Record(Type.String(), Type.Number(), { description: 'Requests per second by response code.' }),
  flags: Type.Record(Type.String(), Type.Number(), {
    description: 'Requests per second by response flag other than `-`.',
  }),
  reporter: Type.Union([Type.Literal('source'), Type.Literal('destination'), Type.Literal('waypoint')]),
})
export type TopologyEdge = Static<typeof TopologyEdge>

export const Topology = Type.Object({
  at: Type.Number({ description: 'Unix seconds of the instant that all numbers belong to.' }),
  window: Type.Integer(),
  latency: LatencyStatistic,
  nodes: Type.Array(TopologyNode),
  edges: Type.Array(TopologyEdge),
  recorded: Recorded,
  failures: Type.Array(ClusterFailure),
})
export type Topology = Static<typeof Topology>
