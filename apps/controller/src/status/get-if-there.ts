import type { KindId, KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'

/** An object as it is now; `undefined` when there is none. Without a namespace: cluster-scoped. */
export async function getIfThere(
  client: ResourceClient,
  kind: KindId,
  { name, namespace }: { name: string; namespace?: string | undefined },
  signal: AbortSignal,
): Promise<KubeResource | undefined> {
  try {
    return await client.get(kind, { name, ...(namespace === undefined ? {} : { namespace }) }, { signal })
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
    throw error
  }
}
