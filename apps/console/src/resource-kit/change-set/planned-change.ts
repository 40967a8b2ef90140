import { kindOf, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { withReason } from '@meshdeck/mesh'
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

export const keyOf = ({ cluster, kind, after: { metadata } }: PlannedChange): string =>
  `${cluster} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`

/** The clusters that are written to, in order. */
export const clustersOf = (changes: readonly PlannedChange[]): readonly string[] => [
  ...new Set(changes.map(({ cluster }) => cluster)),
]

export function refOfChange({ cluster, kind, after: { metadata } }: PlannedChange): ResourceRef {
  const { name, namespace } = metadata
  return kindOf(kind).namespaced && namespace !== undefined
    ? { cluster, kind, namespace, name }
    : { cluster, kind, name }
}

/** Asks for everything that writing a change asks for, and keeps nothing. */
export const tryChange = (change: PlannedChange): Promise<Written<KubeResource>> =>
  write(change, change.before, '', true)

/** Writes a change over `base`, with its reason. */
export const writeChange = (
  change: PlannedChange,
  base: KubeResource | undefined,
  reason: string,
): Promise<Written<KubeResource>> => write(change, base, reason, false)

function write(
  change: PlannedChange,
  base: KubeResource | undefined,
  reason: string,
  dryRun: boolean,
): Promise<Written<KubeResource>> {
  const { cluster, kind, after } = change
  return base === undefined
    ? resourceWrites.create(cluster, kind, withReason(after, reason), dryRun)
    : resourceWrites.replace(refOfChange(change), withReason(toWritable(after, base), reason), dryRun)
}

/** Takes a change back, unless somebody has changed the object since it was `written`. */
export function undoChange(change: PlannedChange, written: KubeResource, reason: string): Promise<Written<unknown>> {
  const ref = refOfChange(change)
  const { resourceVersion } = written.metadata
  return change.before === undefined
    ? resourceWrites.delete(ref, { resourceVersion, reason })
    : resourceWrites.replace(ref, withReason(toWritable(change.before, written), reason))
}
