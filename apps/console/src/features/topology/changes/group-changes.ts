import type { HistoryEntry } from '@meshdeck/contract'
import type { TimeRange } from '../replay.ts'

/** Changes that lie so close that they are one mark. */
export interface ChangeGroup {
  /** Oldest first; never empty. */
  entries: HistoryEntry[]
  /** Where on the line, 0 to 1. */
  place: number
  /** The moment of the time line from which all of it is in force, in unix seconds. */
  moment: number
}

/** Marks are at least so far apart, as a share of the line. */
const LEAST_DISTANCE = 1 / 32
/** A change is told of for so many steps, in which its effects begin to show. */
const STEPS_TOLD = 5

/** Unix seconds of a change. */
export const timeOf = ({ at }: HistoryEntry): number => Date.parse(at) / 1000

/** The changes within a range as marks on its line, oldest first; several close ones are one. */
export function groupChanges(entries: readonly HistoryEntry[], range: TimeRange): ChangeGroup[] {
  const groups: ChangeGroup[] = []
  for (const entry of entries.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const at = timeOf(entry)
    if (at < range.from) continue
    const place = Math.min(1, (at - range.from) / (range.to - range.from))
    const moment = Math.ceil(at / range.step) * range.step
    const last = groups.at(-1)
    if (last !== undefined && place - last.place < LEAST_DISTANCE) {
      last.entries.push(entry)
      last.moment = moment
    } else if (at <= range.to + range.step) {
      groups.push({ entries: [entry], place, moment })
    }
  }
  return groups
}

/** What was changed shortly before a moment of the line, newest first; before the present when that is followed. */
export function changesBefore(entries: readonly HistoryEntry[], at: number, range: TimeRange): HistoryEntry[] {
  const until = at === 0 ? Number.POSITIVE_INFINITY : at
  const since = (at === 0 ? range.to : at) - STEPS_TOLD * range.step
  return entries
    .filter((entry) => timeOf(entry) > since && timeOf(entry) <= until)
    .toSorted((a, b) => timeOf(b) - timeOf(a))
}
