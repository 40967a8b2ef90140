import type { Column } from './columns.ts'
import { emptyColumn } from './columns.ts'
import type { Evaluation } from './evaluation.ts'
import { checkDeadline } from './evaluation.ts'
import type { Expression, Subquery, TimeShift, VectorSelector } from './expression.ts'
import { PromqlError } from './promql-error.ts'
import type { Window } from './range-functions.ts'
import type { Labels, Samples } from './series-source.ts'

/** How old the newest sample may be that still counts. */
const LOOKBACK_MS = 300_000
const CHECKED_EVERY = 512

/** The instants that a selector looks at for the evaluated ones. */
function shiftedTimes({ offsetMs, at }: TimeShift, { times, startMs, endMs }: Evaluation): readonly number[] {
  if (at === undefined) return offsetMs === 0 ? times : times.map((time) => time - offsetMs)
  const fixed = (at === 'start' ? startMs : at === 'end' ? endMs : at) - offsetMs
  return times.map(() => fixed)
}

/** The newest sample of each series at each instant. */
export function selectInstant(selector: VectorSelector, evaluation: Evaluation): readonly Column[] {
  return newestSamples(selector, evaluation, (_, value) => value)
}

/** The instants of the newest samples, in seconds: `timestamp()` of a selector. */
export function selectTimestamps(selector: VectorSelector, evaluation: Evaluation): readonly Column[] {
  return newestSamples(selector, evaluation, (timestamp) => timestamp / 1_000)
}

function newestSamples(
  selector: VectorSelector,
  evaluation: Evaluation,
  valueOf: (timestamp: number, value: number) => number,
): readonly Column[] {
  const times = shiftedTimes(selector.shift, evaluation)
  const [first, last] = edges(times)
  const columns: Column[] = []
  for (const [index, series] of evaluation.source.select(selector.matchers, first - LOOKBACK_MS, last).entries()) {
    if (index % CHECKED_EVERY === 0) checkDeadline(evaluation)
    const { timestamps, values } = load(evaluation, series.samples(first - LOOKBACK_MS, last))
    const column = emptyColumn(series.labels, times.length)
    let at = -1
    let any = false
    for (let step = 0; step < times.length; step++) {
      const time = times[step] ?? 0
      while (at + 1 < timestamps.length && (timestamps[at + 1] ?? 0) <= time) at++
      const newest = timestamps[at]
      if (newest === undefined || newest < time - LOOKBACK_MS) continue
      column.values[step] = valueOf(newest, values[at] ?? Number.NaN)
      column.has[step] = 1
      any = true
    }
    if (any) columns.push(column)
  }
  return columns
}

/** Calls a function on the window of each instant of each series; where it gives nothing the column has nothing. */
export function overWindows(
  range: Expression,
  evaluation: Evaluation,
  labelsFor: (labels: Labels) => Labels,
  reduce: (window: Window, step: number) => number | undefined,
): readonly Column[] {
  const shift = range.type === 'matrix' ? range.selector.shift : range.type === 'subquery' ? range.shift : undefined
  if (shift === undefined || (range.type !== 'matrix' && range.type !== 'subquery')) {
    throw new PromqlError('bad_data', 'expected a range vector')
  }
  const times = shiftedTimes(shift, evaluation)
  const [first, last] = edges(times)
  const { rangeMs } = range
  const found =
    range.type === 'matrix'
      ? evaluation.source.select(range.selector.matchers, first - rangeMs, last).map((series) => ({
          labels: series.labels,
          samples: () => load(evaluation, series.samples(first - rangeMs, last)),
        }))
      : subquerySamples(range, evaluation, first, last)
  const columns: Column[] = []
  for (const [index, { labels, samples }] of found.entries()) {
    if (index % CHECKED_EVERY === 0) checkDeadline(evaluation)
    const column = windowColumn(samples(), times, rangeMs, labelsFor(labels), reduce)
    if (column !== undefined) columns.push(column)
  }
  return columns
}

function windowColumn(
  { timestamps, values }: Samples,
  times: readonly number[],
  rangeMs: number,
  labels: Labels,
  reduce: (window: Window, step: number) => number | undefined,
): Column | undefined {
  const column = emptyColumn(labels, times.length)
  let [from, to] = [0, 0]
  let any = false
  for (let step = 0; step < times.length; step++) {
    const endMs = times[step] ?? 0
    const startMs = endMs - rangeMs
    // Both ends belong to the window, as up to Prometheus 2.
    while (to < timestamps.length && (timestamps[to] ?? 0) <= endMs) to++
    while (from < to && (timestamps[from] ?? 0) < startMs) from++
    if (from === to) continue
    const value = reduce({ timestamps, values, from, to, startMs, endMs }, step)
    if (value === undefined) continue
    column.values[step] = value
    column.has[step] = 1
    any = true
  }
  return any ? column : undefined
}

/** An expression evaluated on a grid of its own, whose points are multiples of its step. */
function subquerySamples(
  { operand, rangeMs, stepMs }: Subquery,
  evaluation: Evaluation,
  first: number,
  last: number,
): readonly { labels: Labels; samples: () => Samples }[] {
  const times: number[] = []
  let start = stepMs * Math.trunc((first - rangeMs) / stepMs)
  if (start < first - rangeMs) start += stepMs
  if ((last - start) / stepMs > evaluation.budget.samples) throw tooMany()
  for (let time = start; time <= last; time += stepMs) times.push(time)
  const value = evaluation.evaluate(operand, { ...evaluation, times })
  if (value.type === 'string') throw new PromqlError('bad_data', 'a subquery of a string')
  const columns: readonly Pick<Column, 'labels' | 'values' | 'has'>[] =
    value.type === 'vector'
      ? value.columns
      : [{ labels: {}, values: value.values, has: new Uint8Array(times.length).fill(1) }]
  return columns.map(({ labels, values, has }) => ({
    labels,
    samples: () => {
      const there = times.map((_, step) => step).filter((step) => has[step] === 1)
      evaluation.budget.samples -= there.length
      return { timestamps: there.map((step) => times[step] ?? 0), values: there.map((step) => values[step] ?? 0) }
    },
  }))
}

function load(evaluation: Evaluation, samples: Samples): Samples {
  evaluation.budget.samples -= samples.timestamps.length
  if (evaluation.budget.samples < 0) throw tooMany()
  return samples
}

function tooMany(): PromqlError {
  return new PromqlError('execution', 'query processing would load too many samples into memory in query execution')
}

function edges(times: readonly number[]): [number, number] {
  const [first = 0] = times
  return [first, times.at(-1) ?? first]
}
