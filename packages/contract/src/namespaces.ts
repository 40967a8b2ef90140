import { Type, type Static } from 'typebox'
import { ChangeReason } from './change-reason.ts'
import { ClusterFailure, Problem } from './problem.ts'
import { ListQuery } from './resources.ts'

export const InjectionState = Type.Union([
  Type.Literal('unset'),
  Type.Literal('enabled'),
  Type.Literal('disabled'),
  Type.Literal('enabled-pending'),
  Type.Literal('disabled-pending'),
])
export type InjectionState = Static<typeof InjectionState>

export const DiscoveryScope = Type.Union([
  Type.Literal('inherit'),
  Type.Literal('local'),
  Type.Literal('custom'),
  Type.Literal('all'),
])

/** How much of the mesh the proxies of a namespace are told of, by the Sidecar objects there are. */
export const DiscoveryView = Type.Object({
  cluster: Type.String({ description: 'Whose Sidecar objects count: the cluster of the istiod that serves this one.' }),
  rootNamespace: Type.String(),
  scope: DiscoveryScope,
  namespaces: Type.Array(Type.String(), { description: 'With scope custom, beside its own and the root namespace.' }),
  hosts: Type.Array(Type.String(), { description: 'Single hosts that are named beside whole namespaces.' }),
  by: Type.Optional(
    Type.Object({
      name: Type.String(),
      owner: Type.Union([Type.Literal('meshdeck'), Type.Literal('user')]),
    }),
  ),
  effective: Type.Union([Type.Literal('local'), Type.Literal('custom'), Type.Literal('all')]),
})
export type DiscoveryView = Static<typeof DiscoveryView>

/** A namespace of a mesh's cluster with its sidecar injection. */
export const NamespaceView = Type.Object({
  cluster: Type.String(),
  name: Type.String(),
  system: Type.Boolean(),
  policy: Type.Union([Type.Literal('unset'), Type.Literal('enabled'), Type.Literal('disabled')]),
  state: InjectionState,
  revision: Type.Optional(Type.String()),
  /** Code of packages/mesh InjectionReason: why new pods get a sidecar or not. */
  reason: Type.String(),
  injectsNewPods: Type.Boolean(),
  ambient: Type.Boolean(),
  pods: Type.Integer(),
  injectedPods: Type.Integer(),
  workloads: Type.Integer(),
  pendingWorkloads: Type.Integer({ description: 'Workloads whose pods do not match the policy until they restart.' }),
  labels: Type.Record(Type.String(), Type.String()),
  discovery: Type.Optional(DiscoveryView),
})
export type NamespaceView = Static<typeof NamespaceView>

export const NamespaceQuery = Type.Object(
  {
    ...ListQuery.properties,
    policy: Type.Optional(Type.String({ maxLength: 64, description: 'Policies, separated by commas.' })),
    discovery: Type.Optional(Type.String({ maxLength: 64, description: 'Discovery scopes, separated by commas.' })),
    pending: Type.Optional(
      Type.Boolean({ default: false, description: 'Only those with workloads that wait for a restart.' }),
    ),
    system: Type.Optional(
      Type.Boolean({ default: true, description: 'Also those of Kubernetes, Istio and Meshdeck themselves.' }),
    ),
  },
  { additionalProperties: false },
)
export type NamespaceQuery = Static<typeof NamespaceQuery>

export const NamespacePage = Type.Object({
  items: Type.Array(NamespaceView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  failures: Type.Array(ClusterFailure),
})
export type NamespacePage = Static<typeof NamespacePage>

export const InjectionAction = Type.Union([Type.Literal('enable'), Type.Literal('disable'), Type.Literal('clear')])
export type InjectionAction = Static<typeof InjectionAction>

export const SetInjection = Type.Object(
  {
    action: InjectionAction,
    restart: Type.Boolean({ description: 'Restart the workloads that the change leaves pending.' }),
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Let the API server try the change and keep nothing; nothing is restarted.' }),
    ),
    reason: ChangeReason,
    targets: Type.Array(Type.Object({ cluster: Type.String(), namespace: Type.String() }), {
      minItems: 1,
      maxItems: 200,
    }),
  },
  { additionalProperties: false },
)
export type SetInjection = Static<typeof SetInjection>

export const WorkloadKind = Type.Union([
  Type.Literal('Deployment'),
  Type.Literal('StatefulSet'),
  Type.Literal('DaemonSet'),
])
export type WorkloadKind = Static<typeof WorkloadKind>

export const WorkloadTarget = Type.Object({
  cluster: Type.String(),
  namespace: Type.String(),
  kind: WorkloadKind,
  name: Type.String(),
})
export type WorkloadTarget = Static<typeof WorkloadTarget>

/** A label before and after a change; absent where the object does not have it. */
export const LabelChange = Type.Object({
  label: Type.String(),
  before: Type.Optional(Type.String()),
  after: Type.Optional(Type.String()),
})
export type LabelChange = Static<typeof LabelChange>

/** What became of each target of a batch; one that failed does not stop the others. */
export const BatchResult = Type.Object({
  results: Type.Array(
    Type.Object({
      target: Type.String({ description: 'A printed ResourceRef.' }),
      ok: Type.Boolean(),
      problem: Type.Optional(Problem),
      labels: Type.Optional(
        Type.Array(LabelChange, { description: 'Labels that setting the injection changes; empty when none.' }),
      ),
    }),
  ),
})
export type BatchResult = Static<typeof BatchResult>
