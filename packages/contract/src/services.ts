import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { ListQuery } from './resources.ts'
import { PodView, WorkloadView } from './workloads.ts'

/** A service of a mesh: one row for a namespace and name over all clusters. */
export const ServiceView = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  clusters: Type.Array(Type.String()),
  type: Type.String(),
  status: Type.Union([Type.Literal('running'), Type.Literal('warning'), Type.Literal('error')]),
  reasons: Type.Array(Type.Object({ code: Type.String(), params: Type.Record(Type.String(), Type.Unknown()) })),
  pods: Type.Integer(),
  readyPods: Type.Integer(),
  injectedPods: Type.Integer(),
  versions: Type.Array(Type.String()),
  ports: Type.Array(
    Type.Object({
      name: Type.Optional(Type.String()),
      port: Type.Integer(),
      targetPort: Type.Optional(Type.String()),
      protocol: Type.String(),
      appProtocol: Type.Optional(
        Type.String({ description: 'Governed protocol, from appProtocol or the name of the port.' }),
      ),
    }),
  ),
  labels: Type.Record(Type.String(), Type.String()),
  selector: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Of the first cluster; absent where nothing is selected.',
    }),
  ),
  created: Type.Optional(Type.String()),
})
export type ServiceView = Static<typeof ServiceView>

export const ServiceQuery = Type.Object(
  {
    ...ListQuery.properties,
    status: Type.Optional(Type.String({ maxLength: 64, description: 'Statuses, separated by commas.' })),
  },
  { additionalProperties: false },
)
export type ServiceQuery = Static<typeof ServiceQuery>

export const ServicePage = Type.Object({
  items: Type.Array(ServiceView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  failures: Type.Array(ClusterFailure),
})
export type ServicePage = Static<typeof ServicePage>

/** One service with what its page shows: addresses by cluster, workloads, pods, the rules that name its host. */
export const ServiceDetail = Type.Object({
  service: ServiceView,
  addresses: Type.Array(
    Type.Object({
      cluster: Type.String(),
      host: Type.String(),
      type: Type.String(),
      ips: Type.Array(Type.String()),
      selector: Type.Record(Type.String(), Type.String()),
    }),
  ),
  workloads: Type.Array(WorkloadView),
  pods: Type.Array(PodView),
  rules: Type.Array(
    Type.Object({ cluster: Type.String(), kind: Type.String(), namespace: Type.String(), name: Type.String() }),
  ),
  failures: Type.Array(ClusterFailure),
})
export type ServiceDetail = Static<typeof ServiceDetail>
