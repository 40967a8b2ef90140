import { Type, type Static } from 'typebox'
import { WorkloadKind } from './namespaces.ts'
import { ClusterFailure } from './problem.ts'
import { MeshParams, NamespacedParams } from './resources.ts'

export const WorkloadParams = Type.Object({
  ...MeshParams.properties,
  ...NamespacedParams.properties,
  kind: WorkloadKind,
})

const Amounts = Type.Object({ cpu: Type.Optional(Type.String()), memory: Type.Optional(Type.String()) })

/** The sidecar of one pod: state by the pod's status, usage by the cluster's Prometheus. */
export const SidecarView = Type.Object({
  pod: Type.String(),
  node: Type.Optional(Type.String()),
  created: Type.Optional(Type.String()),
  state: Type.Union([
    Type.Literal('not-injected'),
    Type.Literal('starting'),
    Type.Literal('running'),
    Type.Literal('failed'),
  ]),
  reason: Type.Optional(Type.String({ description: 'Why it does not run, in the words of the pod’s status.' })),
  version: Type.Optional(Type.String()),
  revision: Type.Optional(Type.String()),
  outdated: Type.Boolean(),
  native: Type.Boolean({ description: 'An init container that goes on, and not one beside the application.' }),
  restarts: Type.Integer(),
  requests: Amounts,
  limits: Amounts,
  usage: Type.Object({
    cpu: Type.Optional(Type.Number({ description: 'Cores, over the last minutes.' })),
    cpuShare: Type.Optional(Type.Number({ description: 'Of the limit.' })),
    memory: Type.Optional(Type.Number({ description: 'Bytes.' })),
    memoryShare: Type.Optional(Type.Number({ description: 'Of the limit.' })),
  }),
})
export type SidecarView = Static<typeof SidecarView>

export const WorkloadSidecars = Type.Object({
  items: Type.Array(SidecarView),
  controlPlane: Type.Optional(
    Type.Object(
      { revision: Type.String(), version: Type.String() },
      { description: 'The istiod that would inject today, where it is known.' },
    ),
  ),
  /** Prometheus that did not answer; without one the pods simply have no usage. */
  failures: Type.Array(ClusterFailure),
})
export type WorkloadSidecars = Static<typeof WorkloadSidecars>
