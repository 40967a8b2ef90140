import { PATH_SEGMENT_PATTERN, SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { ChangeReason } from './change-reason.ts'
import { KubeResource } from './kube-resource.ts'
import { ClusterFailure } from './problem.ts'

/** `asc` by the column, or `desc` with a leading `-`: `-created`, `namespace`. */
export const ListQuery = Type.Object(
  {
    namespace: Type.Optional(Type.String({ description: 'One namespace, or several separated by commas.' })),
    cluster: Type.Optional(
      Type.String({ description: 'In mesh-wide lists: one cluster, or several separated by commas.' }),
    ),
    search: Type.Optional(Type.String({ maxLength: 256, description: 'Part of a name, or of a list column.' })),
    labels: Type.Optional(Type.String({ maxLength: 1024, description: 'Equality label selector, `a=b,c=d`.' })),
    sort: Type.Optional(Type.String({ maxLength: 64, default: 'name' })),
    page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
  },
  { additionalProperties: false },
)
export type ListQuery = Static<typeof ListQuery>

/** A list of one kind: also by the traits that the registry gives it. */
export const ResourceQuery = Type.Object(
  {
    ...ListQuery.properties,
    traits: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Traits that the objects have all of, separated by commas: `mirror`.',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ResourceQuery = Static<typeof ResourceQuery>

/** One object of a list, with the cluster that it lives in. Trimmed: no managedFields. */
export const ResourceRow = Type.Object({ cluster: Type.String(), resource: KubeResource })
export type ResourceRow = Static<typeof ResourceRow>

/** A page of rows. `failures` names the clusters that could not be asked; `missing` those where the kind is not installed. */
export const ResourcePage = Type.Object({
  items: Type.Array(ResourceRow),
  total: Type.Integer({ description: 'Rows that match the filters, over all pages.' }),
  all: Type.Integer({ description: 'Rows that the caller may see, without filters.' }),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  failures: Type.Array(ClusterFailure),
  missing: Type.Array(Type.String(), { description: 'Clusters that do not have this kind installed.' }),
})
export type ResourcePage = Static<typeof ResourcePage>

const ClusterName = Type.String({ pattern: `${SUBDOMAIN_PATTERN}|^-hub$` })

export const ClusterParams = Type.Object({ cluster: ClusterName })
export const MeshParams = Type.Object({ mesh: Type.String({ pattern: SUBDOMAIN_PATTERN }) })
export const NamespacedParams = Type.Object({
  cluster: ClusterName,
  namespace: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
  name: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
})
export const ClusterScopedParams = Type.Object({
  cluster: ClusterName,
  name: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
})

/** `dryRun=All` goes through admission and writes nothing. */
export const WriteQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Literal('All')),
    fieldManager: Type.Optional(Type.String({ maxLength: 128 })),
    force: Type.Optional(Type.Boolean({ description: 'Server-side apply only: take over fields of other managers.' })),
  },
  { additionalProperties: false },
)
export type WriteQuery = Static<typeof WriteQuery>

export const DeleteQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Literal('All')),
    resourceVersion: Type.Optional(Type.String({ description: 'Delete only when the object is still this version.' })),
    reason: ChangeReason,
  },
  { additionalProperties: false },
)
export type DeleteQuery = Static<typeof DeleteQuery>

/** A written object. Warnings of the API server and of admission webhooks are repeated in `Warning` headers (RFC 9111 §5.5 of old, code 299). */
export const WrittenResource = KubeResource

/** Media types of the three kinds of patch, as Kubernetes names them. */
export const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

/** Counts of a mesh's objects by kind, for the menu and the page of all kinds. */
export const ResourceCounts = Type.Object({
  counts: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer(), forbidden: Type.Boolean() })),
  failures: Type.Array(ClusterFailure),
})
export type ResourceCounts = Static<typeof ResourceCounts>
