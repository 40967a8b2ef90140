import type { CandidateList, JoinCandidates, JoinedCandidates } from '@meshdeck/contract'
import { credentialPaths } from '@meshdeck/contract'
import { HUB, isNamespaceName, type KindId } from '@meshdeck/kube'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { FLEET } from '../../lib/query-keys.ts'
import { invalidateKind } from '../../resource-kit/resource-queries.ts'

const HEARD: readonly KindId[] = ['Cluster']

export const candidateQueries = {
  list: () =>
    queryOptions({
      queryKey: [FLEET, HEARD, 'candidates'] as const,
      queryFn: ({ signal }) => api.get<CandidateList>(credentialPaths.candidates, { signal }),
    }),
}

/** Joins several; what came of each is in the answer. */
export function useJoinCandidates() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: JoinCandidates) =>
      (await api.post<JoinedCandidates>(credentialPaths.candidates, body)).data,
    meta: { silent: true },
    onSuccess: () => invalidateKind(client, HUB, 'Cluster'),
  })
}

/** A name for the cluster of a candidate: the last part of what it is called there, as far as it can be a name here. */
export function suggestName(ref: string): string {
  const plain = ref.slice(ref.lastIndexOf('/') + 1).replaceAll('.', '-')
  return isNamespaceName(plain) ? plain : ''
}
