import { referencesPath, type AskReferences, type ReferencesAnswer } from '@meshdeck/contract'
import type { ResourceRef } from '@meshdeck/kube'
import { REFERENCE_KINDS } from '@meshdeck/mesh'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import { meshScope } from '../lib/query-keys.ts'

/** Who refers to objects of a mesh, and what they refer to; in the order in which they are given. */
export const referencesOf = (mesh: string, objects: readonly ResourceRef[]) => {
  const targets = objects.map(({ cluster, kind, namespace, name }) => ({
    cluster,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
  }))
  return queryOptions({
    queryKey: [meshScope(mesh), REFERENCE_KINDS, 'references', targets] as const,
    queryFn: async ({ signal }) =>
      (await api.post<ReferencesAnswer>(referencesPath(mesh), { targets } satisfies AskReferences, { signal })).data,
    enabled: targets.length > 0,
  })
}
