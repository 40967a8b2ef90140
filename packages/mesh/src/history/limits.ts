import type { HistoryLimits } from '@meshdeck/kube'

/** What is kept where a mesh says nothing (`spec.history`). */
export const DEFAULT_HISTORY_LIMITS: Required<HistoryLimits> = { perObject: 50, total: 10_000, maxBytes: 262_144 }

/** Least and most of each limit, as the hub's schema takes them. */
export const HISTORY_LIMIT_RANGES: Readonly<Record<keyof HistoryLimits, readonly [least: number, most: number]>> = {
  perObject: [1, 1_000],
  total: [1, 100_000],
  maxBytes: [1_024, 1_000_000],
}

/** A record as the limits see it. */
export interface KeptRecord {
  /** Name of the record. */
  id: string
  /** Place in the history of its object, from 1. */
  number: number
  /** RFC 3339. */
  noticedAt: string
  deletes: boolean
}

/** Of several meshes that share a cluster the one that keeps the most decides. */
export function widestLimits(limits: readonly (HistoryLimits | undefined)[]): Required<HistoryLimits> {
  const all = limits.map((each) => ({ ...DEFAULT_HISTORY_LIMITS, ...each }))
  const most = (of: keyof HistoryLimits): number =>
    all.length === 0 ? DEFAULT_HISTORY_LIMITS[of] : Math.max(...all.map((each) => each[of]))
  return { perObject: most('perObject'), total: most('total'), maxBytes: most('maxBytes') }
}

/**
 * Records to let go, oldest first, so that no object has more than `perObject` and all together no more than `total`. The
 * last of an object stays: it is what the object is, or was. Only of objects that are deleted it goes, when nothing else is left to.
 * `objects`: the records of each object, in the order of their numbers.
 */
export function recordsToPrune<Kept extends KeptRecord>(
  objects: Iterable<readonly Kept[]>,
  { perObject, total }: Required<HistoryLimits>,
): Kept[] {
  const pruned: Kept[] = []
  const past: Kept[] = []
  const ends: Kept[] = []
  let kept = 0
  for (const records of objects) {
    const surplus = Math.max(0, records.length - Math.max(1, perObject))
    pruned.push(...records.slice(0, surplus))
    past.push(...records.slice(surplus, -1))
    const last = records.at(-1)
    if (last?.deletes) ends.push(last)
    kept += records.length - surplus
  }
  if (kept <= total) return pruned
  const candidates = [...past.toSorted(byAge), ...ends.toSorted(byAge)]
  return [...pruned, ...candidates.slice(0, kept - total)]
}

const byAge = (a: KeptRecord, b: KeptRecord): number =>
  Date.parse(a.noticedAt) - Date.parse(b.noticedAt) || a.number - b.number
