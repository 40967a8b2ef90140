import { lifePaths, type KindSchema } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../lib/api.ts'
import type { JsonSchema } from '../lib/json-schema.ts'

export const schemaQueries = {
  /** What the fields of a kind are in a cluster. Without it an editor is an editor still. */
  of: (cluster: string, kind: KindId) =>
    queryOptions({
      queryKey: ['schema', cluster, kind] as const,
      queryFn: async ({ signal }) => {
        const { schema } = await api.get<KindSchema>(lifePaths.schema(cluster, kind), { signal })
        // The boundary: the server sends the parts of JSON Schema that this type names.
        return schema as JsonSchema
      },
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
      meta: { silent: true },
    }),
}
