import type { KindId, KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'

/** A cluster-scoped object as it is now; `undefined` when there is none. */
export async function getIfThere(
  client: ResourceClient,
  kind: KindId,
  name: string,
  signal: AbortSignal,
): Promise<KubeResource | undefined> {
  try {
    return await client.get(kind, { name }, { signal })
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
    throw error
  }
}
