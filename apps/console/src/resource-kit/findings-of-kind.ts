import { paths, type FindingPage } from '@meshdeck/contract'
import { KINDS, type KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

const CATEGORIES = ['traffic', 'security', 'extensions', 'gateway-api']
/** Kinds whose change is heard at once. Pods change all the time; what they mean for findings is asked for by time. */
export const HEARD_KINDS: readonly KindId[] = KINDS.filter(
  ({ id, category }) => CATEGORIES.includes(category) || id === 'Service' || id === 'Namespace',
).map(({ id }) => id)
export const REFRESH_MS = 30_000
/** More of one kind than a list shows at once. */
export const ALL_FINDINGS = 1_000

/** All findings about objects of a kind. Apart from the other queries, since every list needs it and nothing else of them. */
export const findingsOfKind = (mesh: string, kind: KindId) =>
  queryOptions({
    queryKey: [meshScope(mesh), HEARD_KINDS, 'findings', 'kind', kind] as const,
    queryFn: ({ signal }) => api.get<FindingPage>(paths.findings(mesh, { kind, pageSize: ALL_FINDINGS }), { signal }),
    refetchInterval: REFRESH_MS,
  })
