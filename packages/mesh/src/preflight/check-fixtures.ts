import type { KubeResource } from '@meshdeck/kube'
import type { Fact } from './check.ts'

/** For tests: a fact that was read. */
export const some = <T>(value: T): Fact<T> => ({ value })
/** A kind of which the cluster has nothing. */
export const none: Fact<readonly KubeResource[]> = some([])
/** A kind that the caller may not list. */
export const forbidden: Fact<never> = { unread: 'forbidden' }

export const object = (kind: string, metadata: KubeResource['metadata'], more: object = {}): KubeResource => ({
  apiVersion: 'v1',
  kind,
  metadata,
  ...more,
})
