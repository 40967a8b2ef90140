import { PromqlError } from './promql-error.ts'
import { labelsKey } from './labels.ts'
import type { Labels } from './series-source.ts'

/** One series of a result: a value for each evaluated instant where it has one. */
export interface Column {
  readonly labels: Labels
  readonly values: Float64Array
  /** 1 where there is a value; a value may be NaN. */
  readonly has: Uint8Array
}

export function emptyColumn(labels: Labels, steps: number): Column {
  return { labels, values: new Float64Array(steps), has: new Uint8Array(steps) }
}

/** The column with other labels, sharing its values. */
export function relabelled(column: Column, labels: Labels): Column {
  return { ...column, labels }
}

/** Calls a function on every value that is there. */
export function mapColumn(column: Column, labels: Labels, change: (value: number, step: number) => number): Column {
  const steps = column.values.length
  const result: Column = { labels, values: new Float64Array(steps), has: column.has }
  for (let step = 0; step < steps; step++) {
    if (column.has[step] === 1) result.values[step] = change(column.values[step] ?? Number.NaN, step)
  }
  return result
}

/** @throws PromqlError when two columns have the same labels and both have a value somewhere. */
export function distinct(columns: readonly Column[]): readonly Column[] {
  const seen = new Map<string, Column>()
  for (const column of columns) {
    if (!column.has.includes(1)) continue
    const key = labelsKey(column.labels)
    if (seen.has(key)) throw new PromqlError('execution', 'vector cannot contain metrics with the same labelset')
    seen.set(key, column)
  }
  return columns
}

/** Columns of the same labels as one, which holds only where no two have a value at once. @throws PromqlError */
export function merged(columns: readonly Column[]): readonly Column[] {
  const byLabels = new Map<string, Column>()
  for (const column of columns) {
    const key = labelsKey(column.labels)
    const other = byLabels.get(key)
    if (other === undefined) {
      byLabels.set(key, column)
      continue
    }
    const both: Column = { labels: column.labels, values: other.values.slice(), has: other.has.slice() }
    for (let step = 0; step < both.has.length; step++) {
      if (column.has[step] !== 1) continue
      if (both.has[step] === 1)
        throw new PromqlError('execution', 'vector cannot contain metrics with the same labelset')
      both.has[step] = 1
      both.values[step] = column.values[step] ?? Number.NaN
    }
    byLabels.set(key, both)
  }
  return [...byLabels.values()]
}
