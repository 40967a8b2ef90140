import { Type, type Static } from 'typebox'
import { KubeResource } from './kube-resource.ts'
import { Problem } from './problem.ts'

/** An object that a Helm release would make, beside the one that is there. */
export const PlannedManifest = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  outcome: Type.Union(
    [
      Type.Literal('create'),
      Type.Literal('change'),
      Type.Literal('same'),
      Type.Literal('later'),
      Type.Literal('refused'),
      Type.Literal('forbidden'),
    ],
    {
      description:
        '`later`: its namespace or kind comes with something before it; `forbidden`: the caller may not do it, the controller may.',
    },
  ),
  message: Type.Optional(Type.String({ description: 'Of the API server.' })),
  before: Type.Optional(KubeResource),
  after: KubeResource,
})
export type PlannedManifest = Static<typeof PlannedManifest>

export const PlannedHelmRelease = Type.Object({
  cluster: Type.String(),
  name: Type.String(),
  namespace: Type.String(),
  revision: Type.Optional(Type.Integer({ description: 'Above 1 the release is there already.' })),
  problem: Type.Optional(Problem),
  refusal: Type.Optional(Type.String({ description: 'Why Helm would not install it, in its own words.' })),
  objects: Type.Array(PlannedManifest),
})
export type PlannedHelmRelease = Static<typeof PlannedHelmRelease>

/** What the Helm releases of a mesh would do, asked of its clusters and written nowhere. */
export const MeshPlan = Type.Object({
  helm: Type.Object({ ready: Type.Boolean(), message: Type.String() }),
  releases: Type.Array(PlannedHelmRelease),
})
export type MeshPlan = Static<typeof MeshPlan>
