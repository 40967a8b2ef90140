import { wizardPaths, type MeshProgress } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

const KINDS: readonly KindId[] = ['Mesh', 'Deployment', 'DaemonSet', 'Pod']
/** Events are not watched; while something is waited for they are asked for again. */
const ASK_AGAIN_MS = 5_000

export const progressQuery = (mesh: string) =>
  queryOptions({
    queryKey: [meshScope(mesh), KINDS, 'progress'] as const,
    queryFn: ({ signal }) => api.get<MeshProgress>(wizardPaths.progress(mesh), { signal }),
    refetchInterval: ({ state }) => (state.data?.phase === 'Running' ? false : ASK_AGAIN_MS),
  })
