import { Type, type Static } from 'typebox'
import { ChangeReason } from './change-reason.ts'
import { InjectionAction, WorkloadKind, WorkloadTarget } from './namespaces.ts'
import { ClusterFailure } from './problem.ts'
import { ListQuery } from './resources.ts'

const Text = Type.Optional(Type.String({ maxLength: 1024 }))
/** Settings of one workload's sidecars; as annotations of its pod template hold them. */
export const SidecarSettings = Type.Object(
  {
    cpuRequest: Text,
    cpuLimit: Text,
    memoryRequest: Text,
    memoryLimit: Text,
    logLevel: Text,
    excludeInboundPorts: Text,
    excludeOutboundPorts: Text,
    excludeOutboundIPRanges: Text,
  },
  { additionalProperties: false },
)

export const WorkloadView = Type.Object({
  cluster: Type.String(),
  namespace: Type.String(),
  kind: WorkloadKind,
  name: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
  podLabels: Type.Record(Type.String(), Type.String()),
  version: Type.Optional(Type.String()),
  replicas: Type.Integer(),
  ready: Type.Integer(),
  pods: Type.Integer(),
  injectedPods: Type.Integer(),
  injection: Type.Union([Type.Literal('injected'), Type.Literal('not-injected'), Type.Literal('pending-restart')]),
  injectsNewPods: Type.Boolean(),
  policy: Type.Union([Type.Literal('unset'), Type.Literal('enabled'), Type.Literal('disabled')], {
    description: 'What the pod template itself says of injection.',
  }),
  settings: SidecarSettings,
  reason: Type.String({ description: 'Code of packages/mesh InjectionReason.' }),
  proxyVersions: Type.Array(Type.String()),
  outdated: Type.Optional(
    Type.Object(
      {
        pods: Type.Integer(),
        version: Type.String({ description: 'Of the istiod that would inject today.' }),
        pinned: Type.Boolean({ description: 'The pod template names the image, so that a restart changes nothing.' }),
      },
      { description: 'Proxies that are older than their control plane; absent when there are none.' },
    ),
  ),
  services: Type.Array(Type.String()),
  created: Type.Optional(Type.String()),
})
export type WorkloadView = Static<typeof WorkloadView>

export const WorkloadPage = Type.Object({
  items: Type.Array(WorkloadView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  outdated: Type.Integer({ description: 'Workloads with proxies older than their control plane, on all pages.' }),
  failures: Type.Array(ClusterFailure),
})
export type WorkloadPage = Static<typeof WorkloadPage>

export const WorkloadQuery = Type.Object(
  {
    ...ListQuery.properties,
    injection: Type.Optional(Type.String({ maxLength: 64, description: 'States of injection, separated by commas.' })),
    reason: Type.Optional(
      Type.String({ maxLength: 256, description: 'Codes of packages/mesh InjectionReason, separated by commas.' }),
    ),
    outdated: Type.Optional(
      Type.Boolean({ default: false, description: 'Only those with proxies older than their control plane.' }),
    ),
    system: Type.Optional(
      Type.Boolean({ default: true, description: 'Also those of Kubernetes, Istio and Meshdeck themselves.' }),
    ),
  },
  { additionalProperties: false },
)

/** Sets injection or settings in the pod templates of workloads, which replaces their pods. */
export const SetSidecar = Type.Object(
  {
    action: Type.Optional(InjectionAction),
    settings: Type.Optional(SidecarSettings),
    dryRun: Type.Optional(Type.Boolean({ description: 'Let the API server try the change and keep nothing.' })),
    reason: ChangeReason,
    targets: Type.Array(WorkloadTarget, { minItems: 1, maxItems: 200 }),
  },
  { additionalProperties: false },
)
export type SetSidecar = Static<typeof SetSidecar>

export const PodView = Type.Object({
  cluster: Type.String(),
  namespace: Type.String(),
  name: Type.String(),
  ip: Type.Optional(Type.String()),
  node: Type.Optional(Type.String()),
  phase: Type.String(),
  ready: Type.Boolean(),
  injected: Type.Boolean(),
  proxyVersion: Type.Optional(Type.String()),
  workload: Type.Optional(Type.String()),
  restarts: Type.Integer(),
  problem: Type.Optional(Type.String({ description: 'Why it is not ready, in the words of its status.' })),
  created: Type.Optional(Type.String()),
})
export type PodView = Static<typeof PodView>
