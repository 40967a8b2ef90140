import { SUBDOMAIN_PATTERN } from '@meshdeck/kube'
import { Type, type Static } from 'typebox'
import { BatchResult, WorkloadTarget } from './namespaces.ts'

/** Restarts workloads a few at a time; the controller goes on with it whether somebody looks or not. */
export const StartRestart = Type.Object(
  {
    targets: Type.Array(WorkloadTarget, { minItems: 1, maxItems: 500 }),
    batchSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 5 })),
  },
  { additionalProperties: false },
)
export type StartRestart = Static<typeof StartRestart>

export const StartedRestart = Type.Object({
  name: Type.Optional(
    Type.String({ description: 'Of the Restart; absent when a target was refused and nothing was begun.' }),
  ),
  results: BatchResult.properties.results,
})
export type StartedRestart = Static<typeof StartedRestart>

export const RestartAction = Type.Union([
  Type.Literal('pause'),
  Type.Literal('resume'),
  Type.Literal('go-on', { description: 'Leaves workloads that do not get on behind, and goes on with the others.' }),
  Type.Literal('stop'),
])
export type RestartAction = Static<typeof RestartAction>

export const ActOnRestart = Type.Object({ action: RestartAction }, { additionalProperties: false })
export type ActOnRestart = Static<typeof ActOnRestart>

export const RestartParams = Type.Object({
  mesh: Type.String({ pattern: SUBDOMAIN_PATTERN }),
  name: Type.String({ pattern: SUBDOMAIN_PATTERN }),
})

export const RestartRow = Type.Object({
  name: Type.String(),
  phase: Type.Optional(Type.String({ description: 'Absent until the controller has seen it.' })),
  createdAt: Type.Optional(Type.String()),
  finishedAt: Type.Optional(Type.String()),
  total: Type.Integer(),
  done: Type.Integer(),
  failed: Type.Integer(),
})
export type RestartRow = Static<typeof RestartRow>

/** The Restarts of a mesh, the newest first. */
export const RestartList = Type.Object({ items: Type.Array(RestartRow) })
export type RestartList = Static<typeof RestartList>
