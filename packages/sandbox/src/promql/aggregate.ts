import type { Aggregation } from './expression.ts'
import type { Column } from './columns.ts'
import { emptyColumn } from './columns.ts'
import { keyOf, labelsKey, only, without } from './labels.ts'
import { formatValue } from './literals.ts'
import type { Labels } from './series-source.ts'
import { meanOfGroup, quantile, varianceOfGroup } from './statistics.ts'

interface Group {
  readonly labels: Labels
  readonly columns: Column[]
}

type Fold = (values: readonly number[], parameter: number) => number

const FOLDS: Readonly<Record<string, Fold>> = {
  avg: (values) => meanOfGroup(values),
  count: (values) => values.length,
  group: () => 1,
  stddev: (values) => Math.sqrt(varianceOfGroup(values)),
  stdvar: (values) => varianceOfGroup(values),
  quantile: (values, q) => quantile(q, values),
}

/** Aggregates columns over labels. @param parameter of the operator at each step; @param text of `count_values`. */
export function aggregate(
  { operator, without: dropped, labels }: Aggregation,
  columns: readonly Column[],
  parameter: Float64Array | undefined,
  text: string | undefined,
): readonly Column[] {
  const groups = grouped(columns, dropped, labels)
  if (operator === 'topk' || operator === 'bottomk') {
    return groups.flatMap((group) => ranked(group, operator === 'topk', parameter))
  }
  if (operator === 'count_values') return groups.flatMap((group) => counted(group, text ?? ''))
  return groups.map((group) => folded(operator, group, parameter))
}

function grouped(columns: readonly Column[], dropped: boolean, names: readonly string[]): readonly Group[] {
  const groups = new Map<string, Group>()
  const removed = new Set([...names, '__name__'])
  for (const column of columns) {
    const own = dropped ? without(column.labels, removed) : column.labels
    const key = dropped ? labelsKey(own) : keyOf(own, names)
    let group = groups.get(key)
    if (group === undefined) groups.set(key, (group = { labels: dropped ? own : only(own, names), columns: [] }))
    group.columns.push(column)
  }
  return [...groups.values()]
}

function folded(operator: string, { labels, columns }: Group, parameter: Float64Array | undefined): Column {
  const steps = columns[0]?.values.length ?? 0
  const result = emptyColumn(labels, steps)
  const fold = FOLDS[operator]
  for (let step = 0; step < steps; step++) {
    if (fold !== undefined) {
      const values: number[] = []
      for (const { has, values: own } of columns) if (has[step] === 1) values.push(own[step] ?? 0)
      if (values.length === 0) continue
      result.has[step] = 1
      result.values[step] = fold(values, parameter?.[step] ?? Number.NaN)
      continue
    }
    let count = 0
    let value = 0
    for (const { has, values } of columns) {
      if (has[step] !== 1) continue
      const next = values[step] ?? 0
      if (count++ === 0) value = next
      else if (operator === 'min') value = value > next || Number.isNaN(value) ? next : value
      else if (operator === 'max') value = value < next || Number.isNaN(value) ? next : value
      else value += next
    }
    if (count === 0) continue
    result.has[step] = 1
    result.values[step] = value
  }
  return result
}

function ranked({ columns }: Group, highest: boolean, parameter: Float64Array | undefined): readonly Column[] {
  const steps = columns[0]?.values.length ?? 0
  const results = columns.map((column) => emptyColumn(column.labels, steps))
  const order = columns.map((_, index) => index)
  let best: readonly number[] = order
  for (let step = 0; step < steps; step++) {
    const k = Math.trunc(parameter?.[step] ?? 0)
    if (!(k >= 1)) continue
    best = order
      .filter((index) => columns[index]?.has[step] === 1)
      .toSorted((a, b) => {
        const [left, right] = [columns[a]?.values[step] ?? 0, columns[b]?.values[step] ?? 0]
        // NaN is the last that anybody wants.
        if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
        return highest ? right - left || 0 : left - right || 0
      })
      .slice(0, k)
    for (const index of best) {
      const result = results[index]
      if (result === undefined) continue
      result.has[step] = 1
      result.values[step] = columns[index]?.values[step] ?? 0
    }
  }
  // The best first, which an instant query shows.
  const rest = order.filter((index) => !best.includes(index))
  return [...best, ...rest].flatMap((index) => results[index] ?? []).filter((column) => column.has.includes(1))
}

function counted({ labels, columns }: Group, label: string): readonly Column[] {
  const steps = columns[0]?.values.length ?? 0
  const results = new Map<string, Column>()
  for (let step = 0; step < steps; step++) {
    for (const { has, values } of columns) {
      if (has[step] !== 1) continue
      const text = formatValue(values[step] ?? 0)
      let result = results.get(text)
      if (result === undefined) results.set(text, (result = emptyColumn({ ...labels, [label]: text }, steps)))
      result.has[step] = 1
      result.values[step] = (result.values[step] ?? 0) + 1
    }
  }
  return [...results.values()]
}
