import { Type, type Static } from 'typebox'
import { ConditionView } from './clusters.ts'
import { MeshPhaseView } from './meshes.ts'
import { ClusterFailure } from './problem.ts'

const Trouble = Type.Object({
  kind: Type.String(),
  name: Type.String(),
  reason: Type.String(),
  message: Type.String({ description: "The cluster's own words." }),
  count: Type.Optional(Type.Integer()),
  at: Type.Optional(Type.String({ description: 'When it was last seen.' })),
})

/** A workload of Istio's, and what keeps it from running. */
export const ComponentProgress = Type.Object({
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  ready: Type.Integer(),
  replicas: Type.Integer(),
  troubles: Type.Array(Trouble, { description: 'Of one that is not ready; what tells most comes first.' }),
  unread: Type.Boolean({ description: 'Whether its events could not be read by the caller.' }),
})
export type ComponentProgress = Static<typeof ComponentProgress>

export const ClusterProgress = Type.Object({
  cluster: Type.String(),
  isControlPlane: Type.Boolean(),
  phase: Type.Optional(MeshPhaseView),
  steps: Type.Array(ConditionView, { description: 'What the controller has done there, in its order.' }),
  components: Type.Array(ComponentProgress),
})
export type ClusterProgress = Static<typeof ClusterProgress>

/** How far a mesh has come, cluster by cluster, and what it waits for. */
export const MeshProgress = Type.Object({
  name: Type.String(),
  phase: MeshPhaseView,
  created: Type.Optional(Type.String()),
  conditions: Type.Array(ConditionView, { description: 'Of the mesh as a whole.' }),
  clusters: Type.Array(ClusterProgress),
  failures: Type.Array(ClusterFailure),
})
export type MeshProgress = Static<typeof MeshProgress>
