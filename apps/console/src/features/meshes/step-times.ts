import type { ConditionView } from '@meshdeck/contract'

/** A step that comes back later, after an edit, has no beginning that anybody has noted; it took no days. */
const LONGEST_MS = 60 * 60 * 1000

/** How long each step took, in milliseconds, by its type: from the end of those before it. Those that are not done have none. */
export function stepTimes(steps: readonly ConditionView[], created: string | undefined): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  let before = created === undefined ? Number.NaN : Date.parse(created)
  for (const { type, status, lastTransitionTime } of steps) {
    if (status !== 'True' || lastTransitionTime === undefined) break
    const end = Date.parse(lastTransitionTime)
    const took = Math.max(0, end - before)
    if (took <= LONGEST_MS) times.set(type, took)
    before = Number.isNaN(before) ? end : Math.max(before, end)
  }
  return times
}
