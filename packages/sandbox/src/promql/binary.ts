import type { Column } from './columns.ts'
import { emptyColumn, mapColumn, merged } from './columns.ts'
import type { Binary, Matching } from './expression.ts'
import { COMPARISONS } from './expression.ts'
import { keyOf, labelsKey, only, shownLabels, without, withoutName } from './labels.ts'
import { PromqlError } from './promql-error.ts'
import type { Labels } from './series-source.ts'
import { OPERATIONS } from './vector-functions.ts'

export function scalarBinary({ operator }: Binary, left: Float64Array, right: Float64Array): Float64Array {
  const operate = OPERATIONS[operator]
  return left.map((value, step) => Number(operate?.(value, right[step] ?? Number.NaN)))
}

/** A vector with a number; `swapped` when the number stands on the left. */
export function scalarWithVector(
  { operator, returnsBool }: Binary,
  columns: readonly Column[],
  numbers: Float64Array,
  swapped: boolean,
): readonly Column[] {
  const operate = OPERATIONS[operator]
  if (operate === undefined) return []
  const apply = (value: number, step: number): number | boolean => {
    const number = numbers[step] ?? Number.NaN
    return swapped ? operate(number, value) : operate(value, number)
  }
  const filters = COMPARISONS.has(operator) && !returnsBool
  const labelsFor = keepsName(operator, returnsBool) ? (labels: Labels): Labels => labels : withoutName
  return columns.map((column) => {
    if (!filters) return mapColumn(column, labelsFor(column.labels), (value, step) => Number(apply(value, step)))
    const has = column.has.map((there, step) => (there === 1 && apply(column.values[step] ?? 0, step) === true ? 1 : 0))
    return { ...column, has }
  })
}

export function vectorSet(
  { operator, matching }: Binary,
  left: readonly Column[],
  right: readonly Column[],
): readonly Column[] {
  const steps = left[0]?.has.length ?? right[0]?.has.length ?? 0
  const signature = signatureOf(matching)
  const present = (columns: readonly Column[]): Map<string, Uint8Array> => {
    const found = new Map<string, Uint8Array>()
    for (const { labels, has } of columns) {
      const key = signature(labels)
      let steps_ = found.get(key)
      if (steps_ === undefined) found.set(key, (steps_ = new Uint8Array(steps)))
      for (let step = 0; step < steps; step++) if (has[step] === 1) steps_[step] = 1
    }
    return found
  }
  const kept = (columns: readonly Column[], other: Map<string, Uint8Array>, wanted: number): readonly Column[] =>
    columns.map((column) => {
      const there = other.get(signature(column.labels))
      return { ...column, has: column.has.map((has, step) => (has === 1 && (there?.[step] ?? 0) === wanted ? 1 : 0)) }
    })
  if (operator === 'and') return kept(left, present(right), 1)
  if (operator === 'unless') return kept(left, present(right), 0)
  return merged([...left, ...kept(right, present(left), 0)])
}

export function vectorBinary(binary: Binary, left: readonly Column[], right: readonly Column[]): readonly Column[] {
  const { matching } = binary
  // Swapped, so that the side of which each series may match once is always the right one.
  const swapped = matching.group === 'right'
  const [many, one] = swapped ? [right, left] : [left, right]
  const steps = left[0]?.has.length ?? right[0]?.has.length ?? 0
  const signature = signatureOf(matching)
  const ones = new Map<string, Column[]>()
  for (const column of one) {
    const key = signature(column.labels)
    ones.set(key, [...(ones.get(key) ?? []), column])
  }
  for (const columns of ones.values()) checkUnique(columns, matching, steps, swapped)

  const results = new Map<string, Column>()
  const taken = new Map<string, Uint8Array>()
  for (const column of many) {
    const key = signature(column.labels)
    for (const other of ones.get(key) ?? []) {
      const labels = resultLabels(binary, column.labels, other.labels)
      const result = pairResult(binary, column, other, labels, swapped)
      const id = matching.group === undefined ? key : labelsKey(labels)
      claim(taken, id, result.matched, matching.group !== undefined)
      const text = labelsKey(labels)
      const before = results.get(text)
      results.set(text, before === undefined ? result.column : union(before, result.column))
    }
  }
  return [...results.values()]
}

function pairResult(
  { operator, returnsBool }: Binary,
  many: Column,
  one: Column,
  labels: Labels,
  swapped: boolean,
): { column: Column; matched: Uint8Array } {
  const operate = OPERATIONS[operator]
  const steps = many.has.length
  const column = emptyColumn(labels, steps)
  const matched = new Uint8Array(steps)
  const filters = COMPARISONS.has(operator) && !returnsBool
  for (let step = 0; step < steps; step++) {
    if (many.has[step] !== 1 || one.has[step] !== 1 || operate === undefined) continue
    const [a, b] = [many.values[step] ?? 0, one.values[step] ?? 0]
    const [left, right] = swapped ? [b, a] : [a, b]
    const value = operate(left, right)
    if (filters && value !== true) continue
    matched[step] = 1
    column.has[step] = 1
    column.values[step] = filters ? left : Number(value)
  }
  return { column, matched }
}

/** @throws PromqlError when a step of this result is there already. */
function claim(taken: Map<string, Uint8Array>, id: string, matched: Uint8Array, grouped: boolean): void {
  const before = taken.get(id)
  if (before === undefined) {
    taken.set(id, matched.slice())
    return
  }
  for (let step = 0; step < matched.length; step++) {
    if (matched[step] !== 1) continue
    if (before[step] === 1) {
      throw new PromqlError(
        'execution',
        grouped
          ? 'multiple matches for labels: grouping labels must ensure unique matches'
          : 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      )
    }
    before[step] = 1
  }
}

function union(a: Column, b: Column): Column {
  const result: Column = { labels: a.labels, values: a.values.slice(), has: a.has.slice() }
  for (let step = 0; step < b.has.length; step++) {
    if (b.has[step] !== 1) continue
    result.has[step] = 1
    result.values[step] = b.values[step] ?? 0
  }
  return result
}

/** @throws PromqlError for two series of one match group at the same step. */
function checkUnique(columns: readonly Column[], matching: Matching, steps: number, swapped: boolean): void {
  if (columns.length < 2) return
  for (let step = 0; step < steps; step++) {
    const there = columns.filter((column) => column.has[step] === 1)
    const [first, second] = there
    if (first === undefined || second === undefined) continue
    const group = matching.on
      ? only(first.labels, matching.labels)
      : without(first.labels, new Set([...matching.labels, '__name__']))
    const side = swapped ? 'left' : 'right'
    throw new PromqlError(
      'execution',
      `found duplicate series for the match group ${shownLabels(group)} on the ${side} hand-side of the operation: [${shownLabels(second.labels)}, ${shownLabels(first.labels)}];many-to-many matching not allowed: matching labels must be unique on one side`,
    )
  }
}

function signatureOf({ on, labels }: Matching): (labels: Labels) => string {
  if (on) return (own) => keyOf(own, labels)
  const dropped = new Set([...labels, '__name__'])
  return (own) => labelsKey(without(own, dropped))
}

/** Prometheus 2 forgets to take the name away after `atan2`. */
function keepsName(operator: string, returnsBool: boolean): boolean {
  return operator === 'atan2' || (COMPARISONS.has(operator) && !returnsBool)
}

function resultLabels({ operator, matching, returnsBool }: Binary, many: Labels, one: Labels): Labels {
  let labels = keepsName(operator, returnsBool) ? many : withoutName(many)
  if (matching.group === undefined) {
    labels = matching.on ? only(labels, matching.labels) : without(labels, new Set(matching.labels))
  }
  if (matching.include.length === 0) return labels
  const result = { ...labels }
  for (const name of matching.include) {
    const value = one[name]
    if (value !== undefined && value !== '') result[name] = value
    else delete result[name]
  }
  return result
}
