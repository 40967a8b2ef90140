import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'

/** Where nodes of the fleet are, by their labels `topology.kubernetes.io/region` and `…/zone`. */
export const LocalityList = Type.Object({
  items: Type.Array(
    Type.Object({
      cluster: Type.String(),
      region: Type.String(),
      zone: Type.Optional(Type.String()),
      nodes: Type.Integer({ description: 'How many nodes are there.' }),
    }),
  ),
  failures: Type.Array(ClusterFailure, { description: 'Clusters whose nodes cannot be had, or not by the caller.' }),
})
export type LocalityList = Static<typeof LocalityList>
