import { Type, type Static } from 'typebox'
import { ConditionView } from './clusters.ts'
import { ClusterFailure } from './problem.ts'

export const MeshPhaseView = Type.Union([
  Type.Literal('Pending'),
  Type.Literal('Creating'),
  Type.Literal('Running'),
  Type.Literal('Degraded'),
  Type.Literal('Failed'),
  Type.Literal('Deleting'),
])

/** Counters of a mesh. A counter is absent when the caller may not see what it counts. */
export const MeshCounters = Type.Object({
  clusters: Type.Object({ healthy: Type.Integer(), total: Type.Integer() }),
  services: Type.Optional(Type.Object({ healthy: Type.Integer(), total: Type.Integer() })),
  pods: Type.Optional(Type.Object({ running: Type.Integer(), injected: Type.Integer(), total: Type.Integer() })),
  proxyVersions: Type.Optional(Type.Array(Type.Object({ version: Type.String(), pods: Type.Integer() }))),
  gateways: Type.Optional(Type.Object({ ingress: Type.Integer(), egress: Type.Integer() })),
})
export type MeshCounters = Static<typeof MeshCounters>

/** Traffic of a mesh now; absent without metrics. Rates per second, share 0–1. */
export const MeshTraffic = Type.Object({
  requestRate: Type.Number(),
  errorRate: Type.Optional(Type.Number()),
  sparkline: Type.Array(Type.Tuple([Type.Number(), Type.Number()]), {
    description: '[unix seconds, requests per second].',
  }),
})
export type MeshTraffic = Static<typeof MeshTraffic>

export const MeshView = Type.Object({
  name: Type.String(),
  displayName: Type.Optional(Type.String()),
  mode: Type.Union([Type.Literal('Managed'), Type.Literal('Dedicated'), Type.Literal('External')]),
  phase: MeshPhaseView,
  version: Type.Optional(Type.String()),
  upgrade: Type.Optional(
    Type.String({ description: 'Newest version that a mesh which Meshdeck runs can be upgraded to.' }),
  ),
  revision: Type.Optional(Type.String()),
  namespace: Type.String({ description: "Istio's root namespace." }),
  controlPlaneCluster: Type.String(),
  clusters: Type.Array(
    Type.Object({
      name: Type.String(),
      state: Type.Union([Type.Literal('reachable'), Type.Literal('lost'), Type.Literal('unknown')]),
      phase: Type.Optional(MeshPhaseView),
    }),
  ),
  conditions: Type.Array(ConditionView),
  protected: Type.Boolean(),
  created: Type.Optional(Type.String()),
  resourceVersion: Type.Optional(Type.String()),
  counters: MeshCounters,
  traffic: Type.Optional(MeshTraffic),
})
export type MeshView = Static<typeof MeshView>

export const MeshList = Type.Object({ items: Type.Array(MeshView), failures: Type.Array(ClusterFailure) })
export type MeshList = Static<typeof MeshList>

export const MeshQuery = Type.Object(
  { traffic: Type.Optional(Type.Boolean({ default: false, description: 'Ask Prometheus for rates as well.' })) },
  { additionalProperties: false },
)

/** One mesh, with what its overview page needs. */
export const MeshOverview = Type.Object({
  mesh: MeshView,
  components: Type.Array(
    Type.Object({
      cluster: Type.String(),
      kind: Type.String(),
      namespace: Type.String(),
      name: Type.String(),
      version: Type.Optional(Type.String()),
      ready: Type.Integer(),
      replicas: Type.Integer(),
    }),
  ),
  failures: Type.Array(ClusterFailure),
})
export type MeshOverview = Static<typeof MeshOverview>
