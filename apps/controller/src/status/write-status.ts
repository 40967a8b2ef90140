import type { Condition, KindId, KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import type { Outcome } from '../queue/work-queue.ts'
import { statusDiffers } from './conditions.ts'

/** Owner of the fields that the controller writes, apart from what the console writes for users. */
const CONTROLLER_FIELD_MANAGER = 'meshdeck-controller'

export interface StatusWriter {
  hub: ResourceClient
  /** A status was written, which means that something changed. */
  onWrite?: (kind: KindId, name: string) => void
}

/**
 * Applies a status when it says something new; conditions of other managers stay. An object that is gone meanwhile is
 * no error; one that was made anew, or changed under the API server's hands (409), is to be looked at again.
 */
export async function writeStatus<Status extends { conditions?: Condition[] }>(
  { hub, onWrite }: StatusWriter,
  kind: KindId,
  object: KubeResource & { status?: Status },
  status: Status,
  signal: AbortSignal,
): Promise<Outcome> {
  const { name, uid } = object.metadata
  if (!statusDiffers(object.status, status)) return 'done'
  // The uid keeps a status from an object that was made anew under the same name.
  const metadata = { name, ...(uid === undefined ? {} : { uid }) }
  const patch = { apiVersion: object.apiVersion, kind: object.kind, metadata, status }
  try {
    const options = { strategy: 'apply', fieldManager: CONTROLLER_FIELD_MANAGER, force: true, signal } as const
    await hub.patchStatus(kind, { name }, patch, options)
    onWrite?.(kind, name)
    return 'done'
  } catch (error) {
    if (!(error instanceof KubeStatusError)) throw error
    if (error.httpStatus === 404) return 'gone'
    if (error.httpStatus === 409) return 'retry'
    throw error
  }
}
