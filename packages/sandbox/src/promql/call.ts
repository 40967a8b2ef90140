import type { Column } from './columns.ts'
import { distinct, emptyColumn, mapColumn, merged, relabelled } from './columns.ts'
import type { Evaluation, Value } from './evaluation.ts'
import { vectorOf } from './evaluation.ts'
import type { Expression } from './expression.ts'
import { joinLabels, replaceLabels } from './label-functions.ts'
import { labelsKey, without, withoutName } from './labels.ts'
import { PromqlError } from './promql-error.ts'
import { RANGE_FUNCTIONS } from './range-functions.ts'
import { overWindows, selectTimestamps } from './select.ts'
import type { Labels } from './series-source.ts'
import { bucketQuantile, byValue } from './statistics.ts'
import { TIME_FUNCTIONS, VALUE_FUNCTIONS, clampTo, roundTo } from './vector-functions.ts'

type Call = Expression & { type: 'call' }

/** Evaluates a function. Its arguments have been checked when it was read. @throws PromqlError */
export function call(expression: Call, evaluation: Evaluation): Value {
  const { name, args } = expression
  const { times } = evaluation
  const vector = (index: number): readonly Column[] => vectorOf(evaluation.evaluate(argument(args, index), evaluation))
  const numbers = (index: number): Float64Array => {
    const value = evaluation.evaluate(argument(args, index), evaluation)
    return value.type === 'scalar' ? value.values : new Float64Array(times.length)
  }
  const text = (index: number): string => {
    const value = evaluation.evaluate(argument(args, index), evaluation)
    return value.type === 'string' ? value.value : ''
  }
  const mapped = (change: (value: number, step: number) => number): Value => ({
    type: 'vector',
    columns: distinct(vector(0).map((column) => mapColumn(column, withoutName(column.labels), change))),
  })

  const reduce = RANGE_FUNCTIONS[name]
  if (reduce !== undefined) {
    const parameter = name === 'quantile_over_time' ? numbers(0) : undefined
    // What is merely the last sample is still the metric itself.
    const labelsFor = name === 'last_over_time' ? (labels: Labels): Labels => labels : withoutName
    const columns = overWindows(argument(args, args.length - 1), evaluation, labelsFor, (window, step) =>
      reduce(window, parameter?.[step] ?? Number.NaN),
    )
    return { type: 'vector', columns: distinct(columns) }
  }
  const change = VALUE_FUNCTIONS[name]
  if (change !== undefined) return mapped(change)
  const part = TIME_FUNCTIONS[name]
  if (part !== undefined) {
    const of = (seconds: number): number => part(new Date(seconds * 1_000))
    if (args.length > 0) return mapped(of)
    return { type: 'vector', columns: [fullColumn(times.map((time) => of(time / 1_000)))] }
  }
  switch (name) {
    case 'time':
      return { type: 'scalar', values: Float64Array.from(times, (time) => time / 1_000) }
    case 'pi':
      return { type: 'scalar', values: new Float64Array(times.length).fill(Math.PI) }
    case 'vector':
      return { type: 'vector', columns: [fullColumn([...numbers(0)])] }
    case 'scalar':
      return { type: 'scalar', values: onlyValue(vector(0), times.length) }
    case 'clamp':
    case 'clamp_min':
    case 'clamp_max': {
      const low = name === 'clamp_max' ? undefined : numbers(1)
      const high = name === 'clamp_min' ? undefined : numbers(name === 'clamp' ? 2 : 1)
      if (name === 'clamp') return { type: 'vector', columns: clamped(vector(0), low, high) }
      return mapped((value, step) => clampTo(value, low?.[step] ?? -Infinity, high?.[step] ?? Infinity))
    }
    case 'round': {
      const nearest = args.length > 1 ? numbers(1) : undefined
      return mapped((value, step) => roundTo(value, nearest?.[step] ?? 1))
    }
    case 'timestamp': {
      const operand = argument(args, 0)
      if (operand.type !== 'selector') return mapped((_, step) => (times[step] ?? 0) / 1_000)
      const columns = selectTimestamps(operand, evaluation)
      return {
        type: 'vector',
        columns: distinct(columns.map((column) => relabelled(column, withoutName(column.labels)))),
      }
    }
    case 'sort':
    case 'sort_desc':
      return { type: 'vector', columns: sorted(vector(0), name === 'sort_desc') }
    case 'absent':
      return { type: 'vector', columns: absent(argument(args, 0), vector(0), times.length) }
    case 'absent_over_time': {
      const range = argument(args, 0)
      const there = overWindows(
        range,
        evaluation,
        (labels) => labels,
        () => 1,
      )
      return { type: 'vector', columns: absent(range.type === 'matrix' ? range.selector : range, there, times.length) }
    }
    case 'histogram_quantile':
      return { type: 'vector', columns: histogramQuantile(numbers(0), vector(1)) }
    case 'label_replace':
      return { type: 'vector', columns: merged(replaceLabels(vector(0), [text(1), text(2), text(3), text(4)])) }
    case 'label_join':
      return {
        type: 'vector',
        columns: merged(
          joinLabels(
            vector(0),
            text(1),
            text(2),
            args.slice(3).map((_, index) => text(index + 3)),
          ),
        ),
      }
    default:
      throw new PromqlError('bad_data', `function "${name}" is not supported here`)
  }
}

function argument(args: readonly Expression[], index: number): Expression {
  const found = args[index]
  if (found === undefined) throw new PromqlError('bad_data', 'an argument is missing')
  return found
}

function fullColumn(values: readonly number[]): Column {
  return { labels: {}, values: Float64Array.from(values), has: new Uint8Array(values.length).fill(1) }
}

/** The value of the one series there is, else NaN. */
function onlyValue(columns: readonly Column[], steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, step) => {
    const there = columns.filter((column) => column.has[step] === 1)
    return there.length === 1 ? (there[0]?.values[step] ?? Number.NaN) : Number.NaN
  })
}

function clamped(
  columns: readonly Column[],
  low: Float64Array | undefined,
  high: Float64Array | undefined,
): readonly Column[] {
  const inverted = (step: number): boolean => (high?.[step] ?? 0) < (low?.[step] ?? 0)
  return distinct(
    columns.map((column) => {
      const mapped = mapColumn(column, withoutName(column.labels), (value, step) =>
        clampTo(value, low?.[step] ?? -Infinity, high?.[step] ?? Infinity),
      )
      return { ...mapped, has: mapped.has.map((has, step) => (has === 1 && !inverted(step) ? 1 : 0)) }
    }),
  )
}

/** By value at the last instant; what sorts a range query is its labels anyway. */
function sorted(columns: readonly Column[], descending: boolean): readonly Column[] {
  const at = (columns[0]?.values.length ?? 1) - 1
  const valueOf = (column: Column): number => column.values[at] ?? 0
  return columns.toSorted((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)]
    // NaN stands last either way.
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
    return descending ? byValue(right, left) : byValue(left, right)
  })
}

/** 1 where nothing is, with the labels that the selector demands. */
function absent(expression: Expression, columns: readonly Column[], steps: number): readonly Column[] {
  const labels: Record<string, string> = {}
  const twice = new Set<string>()
  for (const { name, op, value } of expression.type === 'selector' ? expression.matchers : []) {
    if (name === '__name__') continue
    if (op === '=' && !(name in labels) && !twice.has(name)) labels[name] = value
    else {
      delete labels[name]
      twice.add(name)
    }
  }
  const column = emptyColumn(labels, steps)
  for (let step = 0; step < steps; step++) {
    if (columns.some(({ has }) => has[step] === 1)) continue
    column.has[step] = 1
    column.values[step] = 1
  }
  return column.has.includes(1) ? [column] : []
}

const BUCKET_LABELS: ReadonlySet<string> = new Set(['le', '__name__'])

function histogramQuantile(q: Float64Array, columns: readonly Column[]): readonly Column[] {
  const histograms = new Map<string, { labels: Labels; buckets: { bound: number; column: Column }[] }>()
  for (const column of columns) {
    const bound = boundOf(column.labels['le'])
    if (bound === undefined) continue
    const labels = without(column.labels, BUCKET_LABELS)
    const key = labelsKey(labels)
    const histogram = histograms.get(key) ?? { labels, buckets: [] }
    histograms.set(key, histogram)
    histogram.buckets.push({ bound, column })
  }
  return [...histograms.values()].map(({ labels, buckets }) => {
    const result = emptyColumn(labels, q.length)
    for (let step = 0; step < q.length; step++) {
      const there = buckets.filter(({ column }) => column.has[step] === 1)
      if (there.length === 0) continue
      result.has[step] = 1
      result.values[step] = bucketQuantile(
        q[step] ?? Number.NaN,
        there.map(({ bound, column }) => ({ bound, count: column.values[step] ?? 0 })),
      )
    }
    return result
  })
}

function boundOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\+?inf$/i.test(text)) return Infinity
  const bound = Number(text)
  return Number.isNaN(bound) ? undefined : bound
}
