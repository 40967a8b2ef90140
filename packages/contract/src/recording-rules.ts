import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'

/** What one Prometheus of a mesh makes of the recording rules. */
export const RecordingSource = Type.Object({
  clusters: Type.Array(Type.String(), { description: 'Whose metrics it holds.' }),
  state: Type.Union([Type.Literal('used'), Type.Literal('young'), Type.Literal('stale'), Type.Literal('absent')], {
    description:
      'used: evaluated for the last hour. young: for a part of it, so that only short queries use them. stale: no longer, or those of another version. absent: never.',
  }),
  rawSeries: Type.Optional(Type.Number({ description: 'Series of the proxies that the rules read.' })),
  recordedSeries: Type.Optional(Type.Number({ description: 'Series that they are recorded as.' })),
})
export type RecordingSource = Static<typeof RecordingSource>

export const RecordingRules = Type.Object({
  sources: Type.Array(RecordingSource),
  failures: Type.Array(ClusterFailure),
})
export type RecordingRules = Static<typeof RecordingRules>
