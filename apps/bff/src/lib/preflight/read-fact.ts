import { ClusterUnreachableError, KubeStatusError, type ListOptions, type ResourceClient } from '@meshdeck/kube-client'
import type { KindId, KubeResource } from '@meshdeck/kube'
import type { Fact, Unread } from '@meshdeck/mesh'

/** What a question to a cluster gives, or why it gives nothing. Never rejects. */
export async function toFact<T>(answer: Promise<T>): Promise<Fact<T>> {
  try {
    return { value: await answer }
  } catch (error) {
    return { unread: whyUnread(error) }
  }
}

/** All objects of a kind, `keep` of each; none where the kind is not installed. Never rejects. */
export async function readKind(
  client: ResourceClient,
  kind: KindId,
  options: ListOptions & { keep?: (object: KubeResource) => KubeResource } = {},
): Promise<Fact<readonly KubeResource[]>> {
  try {
    return { value: (await client.listAll(kind, { keep: withoutManagers, ...options })).items }
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return { value: [] }
    return { unread: whyUnread(error) }
  }
}

function whyUnread(error: unknown): Unread {
  if (error instanceof KubeStatusError) return error.httpStatus === 403 ? 'forbidden' : 'failed'
  if (error instanceof ClusterUnreachableError) return error.reason === 'timeout' ? 'timeout' : 'failed'
  return error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'failed'
}

/** Often more than half of an object, and nothing is read from it. */
function withoutManagers(object: KubeResource): KubeResource {
  const { managedFields: _managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}
