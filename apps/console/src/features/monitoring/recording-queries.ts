import { monitoringPaths, type RecordingRules } from '@meshdeck/contract'
import { queryOptions } from '@tanstack/react-query'
import { api, send } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import type { RulesFormat } from '../../resource-kit/rules-view.tsx'

const REFRESH_MS = 60_000

/** Queries about the recording rules. */
export const recordingQueries = {
  /** What each Prometheus of the mesh makes of them. */
  sources: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'recording-rules'] as const,
      queryFn: ({ signal }) => api.get<RecordingRules>(monitoringPaths.recordingRules(mesh), { signal }),
      refetchInterval: REFRESH_MS,
    }),
  /** The rules as YAML. */
  file: (mesh: string, format: RulesFormat) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'recording-rules-file', format] as const,
      queryFn: async ({ signal }) =>
        (await send('GET', monitoringPaths.recordingRulesFile(mesh, format), undefined, { signal })).text(),
      staleTime: Number.POSITIVE_INFINITY,
    }),
}
