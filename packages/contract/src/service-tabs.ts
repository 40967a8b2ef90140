import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'

/** Something that answers for a service: a pod, a machine, or an address that somebody wrote down. */
export const ServiceInstance = Type.Object({
  kind: Type.Union([Type.Literal('Pod'), Type.Literal('WorkloadEntry'), Type.Literal('EndpointSlice')]),
  cluster: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  address: Type.Optional(Type.String()),
  node: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  zone: Type.Optional(Type.String()),
  phase: Type.String({ description: 'Of a pod; empty for others.' }),
  ready: Type.Boolean(),
  problem: Type.Optional(Type.String({ description: 'Why it is not ready, in the words of its status.' })),
  proxy: Type.Union([Type.Literal('sidecar'), Type.Literal('ambient'), Type.Literal('none')], {
    description: 'What carries its traffic into the mesh.',
  }),
  proxyVersion: Type.Optional(Type.String()),
  mtls: Type.Optional(
    Type.Union([Type.Literal('STRICT'), Type.Literal('PERMISSIVE'), Type.Literal('DISABLE')], {
      description: 'What it asks of callers; absent without a proxy, and where that is not known.',
    }),
  ),
  version: Type.Optional(Type.String()),
  workload: Type.Optional(Type.String()),
  restarts: Type.Optional(Type.Integer()),
})
export type ServiceInstance = Static<typeof ServiceInstance>

export const ServiceInstances = Type.Object({
  items: Type.Array(ServiceInstance),
  failures: Type.Array(ClusterFailure),
})
export type ServiceInstances = Static<typeof ServiceInstances>

const Place = { cluster: Type.String(), namespace: Type.String(), name: Type.String() }

/** A version of a service, over all clusters. Shares are 0–1, rates per second, averaged over the window. */
export const ServiceVersion = Type.Object({
  version: Type.String({ description: 'Empty for what bears no version.' }),
  pods: Type.Integer(),
  ready: Type.Integer(),
  clusters: Type.Array(Type.Object({ cluster: Type.String(), pods: Type.Integer(), ready: Type.Integer() })),
  workloads: Type.Array(Type.Object({ cluster: Type.String(), name: Type.String() })),
  subsets: Type.Array(Type.Object({ ...Place, subset: Type.String() }), {
    description: 'Subsets of DestinationRules that select pods of it.',
  }),
  wantedShare: Type.Optional(
    Type.Number({ description: 'By the weights of the route that takes what no other matches; absent without one.' }),
  ),
  requestRate: Type.Optional(Type.Number({ description: 'Absent where nothing was measured.' })),
  share: Type.Optional(Type.Number({ description: 'Of the requests that were measured.' })),
  errorRate: Type.Optional(Type.Number()),
  latencyMs: Type.Optional(Type.Number({ description: 'Mean.' })),
})
export type ServiceVersion = Static<typeof ServiceVersion>

/** A route of a VirtualService that sends requests to the service. */
export const ServiceRoute = Type.Object({
  ...Place,
  route: Type.String({ description: 'Its name, else its place: `http[0]`.' }),
  conditional: Type.Boolean({ description: 'Whether it takes only some requests.' }),
  applied: Type.Boolean({ description: 'Whether its weights are what `wantedShare` is told by.' }),
  destinations: Type.Array(
    Type.Object({ host: Type.String(), subset: Type.Optional(Type.String()), share: Type.Number() }),
  ),
})
export type ServiceRoute = Static<typeof ServiceRoute>

export const ServiceVersions = Type.Object({
  window: Type.Integer({ description: 'Seconds that rates are averaged over.' }),
  versions: Type.Array(ServiceVersion),
  routes: Type.Array(ServiceRoute),
  hidden: Type.Array(Type.String(), { description: 'Kinds of rules of which the caller does not see everything.' }),
  failures: Type.Array(ClusterFailure),
})
export type ServiceVersions = Static<typeof ServiceVersions>
