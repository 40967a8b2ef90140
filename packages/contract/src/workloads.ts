import { Type, type Static } from 'typebox'
import { WorkloadKind } from './namespaces.ts'
import { ClusterFailure } from './problem.ts'

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
  reason: Type.String({ description: 'Code of packages/mesh InjectionReason.' }),
  proxyVersions: Type.Array(Type.String()),
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
  failures: Type.Array(ClusterFailure),
})
export type WorkloadPage = Static<typeof WorkloadPage>

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
