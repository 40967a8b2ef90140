import { serviceLevelPaths, type ServiceLevelDetail, type ServiceLevelList } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api, send } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'
import type { RulesFormat } from './rules-view.tsx'

const KINDS: readonly KindId[] = ['ServiceLevel']
const every = (seconds: number): number | false => (seconds === 0 ? false : seconds * 1000)

/** Queries about service levels; they are written as any other object. */
export const serviceLevelQueries = {
  /** Those of a mesh, or of one of its services, as they are now. */
  list: (mesh: string, refreshSeconds: number, of: { namespace?: string; service?: string } = {}) =>
    queryOptions({
      queryKey: [meshScope(mesh), KINDS, 'service-levels', of] as const,
      queryFn: ({ signal }) => api.get<ServiceLevelList>(serviceLevelPaths.list(mesh, of), { signal }),
      refetchInterval: every(refreshSeconds),
    }),
  detail: (mesh: string, name: string, refreshSeconds: number) =>
    queryOptions({
      queryKey: [meshScope(mesh), KINDS, 'service-level', name] as const,
      queryFn: ({ signal }) => api.get<ServiceLevelDetail>(serviceLevelPaths.detail(mesh, name), { signal }),
      refetchInterval: every(refreshSeconds),
    }),
  /** Rules as YAML: of one level, or of all. */
  rules: (mesh: string, format: RulesFormat, name?: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), KINDS, 'service-level-rules', format, name] as const,
      queryFn: async ({ signal }) =>
        (await send('GET', serviceLevelPaths.rules(mesh, format, name), undefined, { signal })).text(),
    }),
}
