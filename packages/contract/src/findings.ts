import { LABEL_PATTERN, PATH_SEGMENT_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { KubeResource } from './kube-resource.ts'
import { ClusterFailure } from './problem.ts'
import { ListQuery } from './resources.ts'

const Step = Type.Union([Type.String(), Type.Integer()])

/** Something that the analysis has to say of an object. What its code means is in the console's locale `findings`. */
export const FindingView = Type.Object({
  code: Type.String({ description: 'istioctl’s code (`IST0101`), or one of Meshdeck’s own (`MD0101`).' }),
  level: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
  cluster: Type.String(),
  kind: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  path: Type.String({ description: 'Field, as API servers name it: `spec.http[0].route`; empty for all of it.' }),
  values: Type.Record(Type.String(), Type.String()),
  suppressed: Type.Optional(
    Type.Boolean({ description: 'The object asks for silence by Istio’s annotation analyze-suppress.' }),
  ),
  fix: Type.Optional(
    Type.Array(
      Type.Object({
        op: Type.Union([Type.Literal('set'), Type.Literal('remove')]),
        path: Type.Array(Step),
        value: Type.Optional(Type.Unknown()),
      }),
      { description: 'Changes of the object that mend it for sure.' },
    ),
  ),
})
export type FindingView = Static<typeof FindingView>

export const FindingQuery = Type.Object(
  {
    ...ListQuery.properties,
    level: Type.Optional(Type.String({ maxLength: 64, description: 'Levels, separated by commas.' })),
    code: Type.Optional(Type.String({ maxLength: 256, description: 'Codes, separated by commas.' })),
    kind: Type.Optional(Type.String({ maxLength: 256, description: 'Kinds, separated by commas.' })),
    name: Type.Optional(Type.String({ maxLength: 253, description: 'Exactly this object.' })),
    suppressed: Type.Optional(Type.Boolean({ default: false, description: 'Also what objects ask for silence on.' })),
  },
  { additionalProperties: false },
)
export type FindingQuery = Static<typeof FindingQuery>

const LevelCounts = Type.Object({ error: Type.Integer(), warning: Type.Integer(), info: Type.Integer() })

export const FindingPage = Type.Object({
  items: Type.Array(FindingView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  counts: LevelCounts,
  codes: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() }), {
    description: 'Every code that was found, with how often.',
  }),
  hidden: Type.Array(Type.String(), {
    description: 'Kinds of which the caller does not see everything, so that nothing is said of what is missing there.',
  }),
  failures: Type.Array(ClusterFailure),
})
export type FindingPage = Static<typeof FindingPage>

/** A change that is thought of: objects as they would be after it. */
export const PreviewFindings = Type.Object(
  {
    cluster: Type.String({ maxLength: 253 }),
    changes: Type.Array(
      Type.Object(
        {
          kind: Type.String({ maxLength: 64 }),
          namespace: Type.Optional(Type.String({ pattern: LABEL_PATTERN })),
          name: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
          object: Type.Optional(KubeResource),
        },
        { additionalProperties: false, description: 'Without `object`: it is deleted.' },
      ),
      { minItems: 1, maxItems: 100 },
    ),
  },
  { additionalProperties: false },
)
export type PreviewFindings = Static<typeof PreviewFindings>

export const FindingsPreview = Type.Object({
  fresh: Type.Array(FindingView, { description: 'What the change brings.' }),
  solved: Type.Array(FindingView, { description: 'What it mends.' }),
  own: Type.Array(FindingView, { description: 'What is said of the changed objects after it.' }),
  hidden: FindingPage.properties.hidden,
  failures: Type.Array(ClusterFailure),
})
export type FindingsPreview = Static<typeof FindingsPreview>
