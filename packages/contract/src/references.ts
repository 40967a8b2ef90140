import { LABEL_PATTERN, SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { API_ROOT } from './paths.ts'

const Referred = Type.Object({
  cluster: Type.String(),
  kind: Type.String({ description: 'KindId.' }),
  namespace: Type.String({ description: 'Empty for cluster-scoped objects.' }),
  name: Type.String(),
})

/** One object that names another, or selects it. */
export const ReferenceView = Type.Object({
  object: Referred,
  path: Type.String({ description: 'Where it stands in the one that refers.' }),
  part: Type.String({ description: 'What of the other is meant: `object`, `subset`, `listener`, …' }),
  name: Type.Optional(Type.String({ description: 'Name of the part.' })),
  loose: Type.Boolean({ description: 'It applies to the other and does not need it.' }),
})
export type ReferenceView = Static<typeof ReferenceView>

/** Of which objects the references are wanted. */
export const AskReferences = Type.Object(
  {
    targets: Type.Array(
      Type.Object(
        {
          cluster: Type.String({ pattern: SUBDOMAIN_PATTERN }),
          kind: Type.String({ maxLength: 64 }),
          namespace: Type.Optional(Type.String({ pattern: LABEL_PATTERN })),
          name: Type.String({ maxLength: 253 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1_000 },
    ),
  },
  { additionalProperties: false },
)
export type AskReferences = Static<typeof AskReferences>

/** In the order in which they were asked for. */
export const ReferencesAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      uses: Type.Array(ReferenceView, { description: 'What the object names or selects.' }),
      usedBy: Type.Array(ReferenceView, { description: 'Who names or selects it.' }),
    }),
  ),
  hidden: Type.Array(Type.String(), {
    description: 'Kinds of which the caller does not see everything, so that referrers may be missing.',
  }),
  failures: Type.Array(ClusterFailure),
})
export type ReferencesAnswer = Static<typeof ReferencesAnswer>

/** Where references are asked for. */
export const referencesPath = (mesh: string): string => `${API_ROOT}/meshes/${encodeURIComponent(mesh)}/-references`
