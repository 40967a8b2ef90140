import { Type, type Static } from 'typebox'
import { Problem } from './problem.ts'

/**
 * Frames of the event stream. They name what changed and never carry bodies; a frame leaves only for those who may list
 * the kind in that namespace. SSE `event:` is the frame's `type`, `data:` the frame as JSON.
 */
export const ReadyFrame = Type.Object({ type: Type.Literal('ready') })
export const ChangeFrame = Type.Object({
  type: Type.Literal('change'),
  cluster: Type.String(),
  kind: Type.String({ description: 'KindId.' }),
  op: Type.Union([Type.Literal('added'), Type.Literal('modified'), Type.Literal('deleted')]),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
})
/** Everything of a kind in a cluster may have changed (after a gap in the watch): ask again. */
export const ResyncFrame = Type.Object({
  type: Type.Literal('resync'),
  cluster: Type.String(),
  kind: Type.Optional(Type.String()),
})
/** A cluster was lost or came back. */
export const ClusterFrame = Type.Object({
  type: Type.Literal('cluster'),
  cluster: Type.String(),
  state: Type.Union([Type.Literal('reachable'), Type.Literal('lost')]),
  since: Type.Optional(Type.String({ format: 'date-time' })),
  problem: Type.Optional(Problem),
})
export const EventFrame = Type.Union([ReadyFrame, ChangeFrame, ResyncFrame, ClusterFrame])
export type EventFrame = Static<typeof EventFrame>
