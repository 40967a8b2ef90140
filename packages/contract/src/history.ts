import { SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { KubeResource } from './kube-resource.ts'
import { ClusterFailure } from './problem.ts'
import { ListQuery } from './resources.ts'

const { namespace, cluster, search, sort, page, pageSize } = ListQuery.properties
const Time = Type.Optional(Type.String({ format: 'date-time', description: 'RFC 3339.' }))

export const HistoryQuery = Type.Object(
  {
    namespace,
    cluster,
    search,
    sort,
    page,
    pageSize,
    kind: Type.Optional(Type.String({ maxLength: 512, description: 'Kinds, separated by commas.' })),
    name: Type.Optional(Type.String({ maxLength: 253, description: 'Exactly this object.' })),
    author: Type.Optional(
      Type.String({ maxLength: 1024, description: 'Persons or field managers, as `authors` names them; by commas.' }),
    ),
    tool: Type.Optional(Type.String({ maxLength: 256, description: 'Tools, separated by commas.' })),
    operation: Type.Optional(Type.String({ maxLength: 64, description: 'Operations, separated by commas.' })),
    since: Time,
    until: Time,
    baselines: Type.Optional(
      Type.Boolean({ default: false, description: 'Also how objects were when their history began.' }),
    ),
    reach: Type.Optional(Type.Boolean({ default: false, description: 'Also whom each change concerns.' })),
  },
  { additionalProperties: false },
)
export type HistoryQuery = Static<typeof HistoryQuery>

const Reach = Type.Object(
  {
    hosts: Type.Array(Type.String(), { description: 'Full hosts, calls to which it changes.' }),
    workloads: Type.Optional(
      Type.Object({
        namespace: Type.Optional(Type.String({ description: 'Absent: of the whole mesh.' })),
        labels: Type.Record(Type.String(), Type.String(), { description: 'All workloads when empty.' }),
        side: Type.Union([Type.Literal('server'), Type.Literal('client'), Type.Literal('both')]),
      }),
    ),
  },
  { description: 'Whom the object concerns.' },
)

/** One change of one object, without the object. */
export const HistoryEntry = Type.Object({
  id: Type.String(),
  number: Type.Integer({ description: 'Place in the history of its object, from 1.' }),
  cluster: Type.String(),
  kind: Type.String({ description: 'KindId.' }),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
  operation: Type.Union([
    Type.Literal('baseline'),
    Type.Literal('created'),
    Type.Literal('changed'),
    Type.Literal('deleted'),
  ]),
  at: Type.String({ format: 'date-time' }),
  noticedAt: Type.String({ format: 'date-time' }),
  late: Type.Boolean({ description: 'Found by comparison afterwards: it may stand for several changes.' }),
  tool: Type.String({
    description: '`console`, `kubectl`, `argocd`, `flux`, `helm`, …; `unknown` when nothing tells.',
  }),
  author: Type.Optional(Type.String({ description: 'The person where the tool tells, else the field manager.' })),
  reason: Type.Optional(Type.String()),
  fields: Type.Array(Type.String(), { description: 'The first few fields that differ from the entry before.' }),
  fieldCount: Type.Integer(),
  omittedBytes: Type.Optional(Type.Integer({ description: 'The object was too large to be kept.' })),
  reach: Type.Optional(
    Type.Array(Reach, { description: 'As it is from then on, and as it was before; only when asked for.' }),
  ),
})
export type HistoryEntry = Static<typeof HistoryEntry>

const Count = Type.Object({ name: Type.String(), count: Type.Integer() })

export const HistoryPage = Type.Object({
  items: Type.Array(HistoryEntry),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  authors: Type.Array(Count, { description: 'Who changed something, with how often.' }),
  tools: Type.Array(Count),
  kinds: Type.Array(Count),
  limits: Type.Object(
    { perObject: Type.Integer(), total: Type.Integer(), maxBytes: Type.Integer() },
    { description: 'What the mesh keeps (`spec.history`).' },
  ),
  kept: Type.Object(
    {
      records: Type.Integer(),
      objects: Type.Integer({ description: 'Objects that they are about.' }),
      bytes: Type.Integer({ description: 'Size of the states in them, as JSON.' }),
      oldest: Type.Optional(Type.String({ format: 'date-time' })),
    },
    { description: 'What is kept now, of what the caller may see, whatever is asked for.' },
  ),
  failures: Type.Array(ClusterFailure),
})
export type HistoryPage = Static<typeof HistoryPage>

const State = { entry: HistoryEntry, object: Type.Optional(KubeResource) }

/** An entry with the object as it was from then on, and the entry before it. `object` is absent where it was not kept. */
export const HistoryDetail = Type.Object({
  ...State,
  before: Type.Optional(Type.Object(State, { description: 'Absent for the first, and when it is kept no more.' })),
})
export type HistoryDetail = Static<typeof HistoryDetail>

export const HistoryParams = Type.Object({
  mesh: Type.String({ pattern: SUBDOMAIN_PATTERN }),
  id: Type.String({ pattern: '^history-[0-9a-f]{16}-[1-9][0-9]{0,9}$' }),
})
