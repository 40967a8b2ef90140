import { kindOf, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Written } from '../../lib/api.ts'
import { toWritable } from '../draft.ts'
import { resourceWrites } from '../resource-queries.ts'

/** One object of a change to several: as it is, and as it is to be. Without `before` it is new. */
export interface PlannedChange {
  cluster: string
  kind: KindId
  before: KubeResource | undefined
  after: KubeResource
}

/** What the server says of a change that is not written yet. */
export type DryRun = UseQueryResult<Written<KubeResource>>

export const keyOf = ({ kind, after: { metadata } }: PlannedChange): string =>
  `${kind} ${metadata.namespace ?? ''}/${metadata.name}`

export function refOfChange({ cluster, kind, after: { metadata } }: PlannedChange): ResourceRef {
  const { name, namespace } = metadata
  return kindOf(kind).namespaced && namespace !== undefined
    ? { cluster, kind, namespace, name }
    : { cluster, kind, name }
}

/** Writes a change; with `dryRun` everything is asked and nothing is kept. */
export function writeChange(change: PlannedChange, dryRun: boolean): Promise<Written<KubeResource>> {
  const { cluster, kind, before, after } = change
  return before === undefined
    ? resourceWrites.create(cluster, kind, after, dryRun)
    : resourceWrites.replace(refOfChange(change), toWritable(after, before), dryRun)
}

/** Takes a change back, unless somebody has changed the object since it was `written`. */
export async function undoChange(change: PlannedChange, written: KubeResource): Promise<void> {
  const ref = refOfChange(change)
  if (change.before === undefined) await resourceWrites.delete(ref, written.metadata.resourceVersion)
  else await resourceWrites.replace(ref, toWritable(change.before, written))
}
