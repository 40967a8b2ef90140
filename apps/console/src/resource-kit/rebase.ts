import { isRecord, type KubeResource } from '@meshdeck/kube'
import type { Document } from 'yaml'
import { comparable } from './draft.ts'
import { fieldChanges, sameValue, type FieldPath } from '@meshdeck/mesh'

/** A field that both sides changed, differently. */
export interface RebaseConflict {
  path: FieldPath
  base: unknown
  mine: unknown
  theirs: unknown
}

interface Merge {
  value: unknown
  conflicts: RebaseConflict[]
}

/**
 * Three-way merge of a field tree: what one side changed wins over what the other left alone. Where both changed, mine
 * wins and is reported. Lists of one length are merged place by place; where a side added or took away an element,
 * places no longer mean the same, so such a list is one value.
 */
function merge(base: unknown, mine: unknown, theirs: unknown, path: FieldPath): Merge {
  if (sameValue(mine, theirs) || sameValue(base, theirs)) return { value: mine, conflicts: [] }
  if (sameValue(base, mine)) return { value: theirs, conflicts: [] }
  if (isRecord(mine) && isRecord(theirs)) {
    const origin = isRecord(base) ? base : {}
    const parts = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])].map(
      (key) => [key, merge(origin[key], mine[key], theirs[key], [...path, key])] as const,
    )
    return {
      value: Object.fromEntries(
        parts.filter(([, part]) => part.value !== undefined).map(([key, part]) => [key, part.value]),
      ),
      conflicts: parts.flatMap(([, part]) => part.conflicts),
    }
  }
  if (
    Array.isArray(base) &&
    Array.isArray(mine) &&
    Array.isArray(theirs) &&
    base.length === mine.length &&
    base.length === theirs.length
  ) {
    const parts = base.map((item: unknown, at) => merge(item, mine[at], theirs[at], [...path, at]))
    return { value: parts.map((part) => part.value), conflicts: parts.flatMap((part) => part.conflicts) }
  }
  return { value: mine, conflicts: [{ path, base, mine, theirs }] }
}

/**
 * Puts my changes (from `base` to the document) on top of what is in the cluster now. The document is edited in place,
 * field by field, so that its comments stay. Returns where both had changed the same field; mine is kept there.
 */
export function rebaseDocument(document: Document, base: KubeResource, theirs: KubeResource): RebaseConflict[] {
  const mine: KubeResource = document.toJS()
  const merged = merge(comparable(base), comparable(mine), comparable(theirs), [])
  // Deepest and last first: taking an element out of a list must not move those that are still to come.
  for (const { path, after } of fieldChanges(comparable(mine), merged.value).toReversed()) {
    if (after === undefined) document.deleteIn(path)
    else document.setIn(path, document.createNode(after))
  }
  return merged.conflicts
}
