import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'

/** Something that depends on a mesh: pods of a namespace, a gateway, a member. */
const Dependent = Type.Object({
  cluster: Type.String(),
  kind: Type.Union([
    Type.Literal('Pod'),
    Type.Literal('Deployment'),
    Type.Literal('K8sGateway'),
    Type.Literal('Cluster'),
  ]),
  namespace: Type.Optional(Type.String()),
  name: Type.Optional(Type.String()),
  count: Type.Integer(),
})

export const RemovalCheckView = Type.Object({
  type: Type.Union([
    Type.Literal('sidecars'),
    Type.Literal('gateways'),
    Type.Literal('members'),
    Type.Literal('protection'),
  ]),
  state: Type.Union([
    Type.Literal('passed'),
    Type.Literal('warning'),
    Type.Literal('blocking'),
    Type.Literal('unknown'),
  ]),
  count: Type.Integer(),
  dependents: Type.Array(Dependent),
  unread: Type.Array(Type.String(), { description: 'Clusters whose part is not known.' }),
})
export type RemovalCheckView = Static<typeof RemovalCheckView>

const LeftoverView = Type.Object({
  kind: Type.String({ description: '`HelmRelease`, or a kind of object.' }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
})

/** What Meshdeck has made in one cluster for one mesh. */
export const ClusterLeftovers = Type.Object({
  mesh: Type.String(),
  cluster: Type.String(),
  seen: Type.Boolean({ description: 'False: the cluster cannot be asked, and this is what the mesh would have made.' }),
  objects: Type.Array(LeftoverView),
  unread: Type.Array(Type.String(), { description: 'Kinds that the caller may not list.' }),
  commands: Type.Array(Type.String(), { description: 'Commands that take all of it away.' }),
})
export type ClusterLeftovers = Static<typeof ClusterLeftovers>

/** All that is to be known before a mesh is deleted. */
export const MeshRemoval = Type.Object({
  checks: Type.Array(RemovalCheckView),
  made: Type.Array(ClusterLeftovers, { description: 'What goes; or what stays behind when the deletion is forced.' }),
  failures: Type.Array(ClusterFailure),
})
export type MeshRemoval = Static<typeof MeshRemoval>

/** What meshes that are no more have left in a cluster. */
export const OrphanList = Type.Object({ items: Type.Array(ClusterLeftovers), unread: Type.Array(Type.String()) })
export type OrphanList = Static<typeof OrphanList>
