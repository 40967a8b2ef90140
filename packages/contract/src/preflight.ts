import { LABEL_PATTERN, SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'

const open = { additionalProperties: true } as const
/** Of clusters and meshes: both are names of Meshdeck's own resources. */
const OwnName = Type.String({ pattern: SUBDOMAIN_PATTERN })
const Text = Type.String({ maxLength: 2_000 })
const Quantities = Type.Optional(Type.Object({ cpu: Type.Optional(Text), memory: Type.Optional(Text) }, open))

/** The record of a mesh as it would be written; only what the checks read is described. */
const DraftMesh = Type.Object(
  {
    metadata: Type.Object({ name: OwnName }, open),
    spec: Type.Object(
      {
        mode: Type.Union([Type.Literal('Managed'), Type.Literal('Dedicated')]),
        engine: Type.Optional(Type.Union([Type.Literal('Sail'), Type.Literal('Helm')])),
        controlPlane: Type.Object(
          {
            cluster: OwnName,
            version: Type.Optional(Text),
            namespace: Type.Optional(Type.String({ pattern: LABEL_PATTERN })),
            revision: Type.Optional(Text),
            hub: Type.Optional(Text),
            charts: Type.Optional(Text),
            access: Type.Optional(Type.Object({ type: Type.Optional(Text), address: Type.Optional(Text) }, open)),
            size: Type.Optional(
              Type.Union([
                Type.Literal('S50P200'),
                Type.Literal('S200P1000'),
                Type.Literal('S500P2000'),
                Type.Literal('S2000P8000'),
                Type.Literal('S5000P20000'),
              ]),
            ),
            resources: Type.Optional(Type.Object({ requests: Quantities, limits: Quantities }, open)),
            highAvailability: Type.Optional(Type.Boolean()),
          },
          open,
        ),
        dataPlane: Type.Optional(Type.Object({ mode: Type.Optional(Text), discovery: Type.Optional(Text) }, open)),
        members: Type.Optional(
          Type.Array(
            Type.Object({ cluster: OwnName, network: Type.Optional(Text), apiServer: Type.Optional(Text) }, open),
            { maxItems: 200 },
          ),
        ),
      },
      open,
    ),
  },
  open,
)

export const PreflightRequest = Type.Object(
  {
    mesh: DraftMesh,
    joining: Type.Optional(
      Type.Array(OwnName, {
        minItems: 1,
        maxItems: 50,
        description: 'Members of the mesh that are new to it; without it all of the mesh is.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type PreflightRequest = Static<typeof PreflightRequest>

const CheckView = Type.Object({
  id: Type.String(),
  level: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('error'), Type.Literal('unknown')]),
  reason: Type.String({ description: 'Which finding it is, or why there is none: `forbidden`, `timeout`, `failed`.' }),
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  items: Type.Optional(Type.Array(Type.String())),
})
export type CheckView = Static<typeof CheckView>

/** What was found before a mesh is made, or clusters join one. An `error` stands in the way. */
export const PreflightView = Type.Object({
  clusters: Type.Array(
    Type.Object({
      cluster: Type.String({ description: '`-hub` for what concerns the record and the controller.' }),
      role: Type.Union([Type.Literal('hub'), Type.Literal('primary'), Type.Literal('remote')]),
      checks: Type.Array(CheckView),
    }),
  ),
})
export type PreflightView = Static<typeof PreflightView>
