import { Type, type Static } from 'typebox'

const Values = Type.Record(Type.String(), Type.Unknown())

/** An Istio that Meshdeck could run from now on, and the mesh that says the same as it says now. */
export const AdoptionView = Type.Object({
  engine: Type.Union([Type.Literal('Helm'), Type.Literal('Sail')]),
  namespace: Type.String(),
  revision: Type.String(),
  version: Type.String(),
  parts: Type.Array(
    Type.Object({
      kind: Type.String({ description: '`HelmRelease`, or a kind of the Sail Operator.' }),
      chart: Type.Optional(Type.String()),
      namespace: Type.Optional(Type.String()),
      name: Type.String(),
      present: Values,
      wanted: Values,
      equal: Type.Boolean({ description: 'Whether taking over changes nothing of it.' }),
    }),
  ),
  obstacles: Type.Array(
    Type.Union([
      Type.Literal('noIstiod'),
      Type.Literal('severalControlPlanes'),
      Type.Literal('severalClusters'),
      Type.Literal('notDeployed'),
      Type.Literal('noVersion'),
      Type.Literal('noHelm'),
    ]),
  ),
  notes: Type.Array(
    Type.Union([
      Type.Literal('pinnedTag'),
      Type.Literal('versionAlias'),
      Type.Literal('gitOps'),
      Type.Literal('notEqual'),
    ]),
  ),
  spec: Type.Unknown({ description: 'Spec of the Mesh.' }),
})
export type AdoptionView = Static<typeof AdoptionView>

export const AdoptionList = Type.Object({
  items: Type.Array(AdoptionView),
  unread: Type.Array(Type.String(), { description: 'Kinds that the caller may not list.' }),
})
export type AdoptionList = Static<typeof AdoptionList>
