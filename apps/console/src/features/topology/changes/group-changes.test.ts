import { describe, expect, it } from 'vitest'
import { timeRange } from '../replay.ts'
import { changesBefore, groupChanges } from './group-changes.ts'
import { historyEntry } from './testing/history-entry.ts'

const NOW = 1_795_489_200
const range = timeRange(3600, 0, NOW)
const at = (minutesAgo: number, seconds = 0) => historyEntry({ at: new Date((NOW - minutesAgo * 60 + seconds) * 1000) })
const names = (entries: readonly { id: string }[]): string[] => entries.map(({ id }) => id)

describe('marks of changes', () => {
  it('stand where the change was, and lead to the first moment that has all of it', () => {
    const [mark, ...others] = groupChanges([at(30, 20)], range)
    expect(others).toEqual([])
    expect(mark?.place).toBeCloseTo(0.5 + 20 / 3600, 5)
    expect(mark?.moment).toBe(NOW - 29 * 60)
  })

  it('are one for those that lie close, whatever order they come in', () => {
    const [a, b, c] = [at(40), at(39), at(20)]
    const groups = groupChanges([c, b, a], range)
    expect(groups.map(({ entries }) => names(entries))).toEqual([names([a, b]), names([c])])
    expect(groups[0]?.moment).toBe(NOW - 39 * 60)
  })

  it('leave out what was before the line, and what came long after it', () => {
    expect(groupChanges([at(61), at(-2)], range)).toEqual([])
    // The line ends with a whole step; what came since stands at its end.
    expect(groupChanges([at(0, 30)], range).map(({ place }) => place)).toEqual([1])
  })
})

describe('changes shortly before a moment', () => {
  it('are those of the last steps, newest first, and none that came later', () => {
    const [old, recent, now, later] = [at(37), at(33), at(30), at(29)]
    expect(names(changesBefore([old, recent, now, later], NOW - 30 * 60, range))).toEqual(names([now, recent]))
  })

  it('follow the present', () => {
    const [old, recent, now] = [at(6), at(4), at(0, 30)]
    expect(names(changesBefore([old, recent, now], 0, range))).toEqual(names([now, recent]))
  })
})
