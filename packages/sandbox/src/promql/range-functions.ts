/** Functions of a range vector, each over the samples of one window. Source: Prometheus 2.42, promql/functions.go. */
import { kahanSum, meanOverTime, quantile, varianceOverTime } from './statistics.ts'

/** Samples of a window, from index `from` to before `to`, and the window's own ends. */
export interface Window {
  readonly timestamps: ArrayLike<number>
  readonly values: ArrayLike<number>
  readonly from: number
  readonly to: number
  readonly startMs: number
  readonly endMs: number
}

type RangeFunction = (window: Window, parameter: number) => number | undefined

export const RANGE_FUNCTIONS: Readonly<Record<string, RangeFunction>> = {
  rate: (window) => extrapolated(window, true, true),
  increase: (window) => extrapolated(window, true, false),
  delta: (window) => extrapolated(window, false, false),
  irate: (window) => instantaneous(window, true),
  idelta: (window) => instantaneous(window, false),
  deriv,
  resets: (window) => changesOf(window, (before, after) => after < before),
  changes: (window) =>
    changesOf(window, (before, after) => after !== before && !(Number.isNaN(after) && Number.isNaN(before))),
  avg_over_time: ({ values, from, to }) => meanOverTime(values, from, to),
  sum_over_time: ({ values, from, to }) => kahanSum(values, from, to),
  count_over_time: ({ from, to }) => to - from,
  last_over_time: ({ values, to }) => values[to - 1],
  present_over_time: () => 1,
  min_over_time: (window) => extreme(window, (value, best) => value < best),
  max_over_time: (window) => extreme(window, (value, best) => value > best),
  stdvar_over_time: ({ values, from, to }) => varianceOverTime(values, from, to),
  stddev_over_time: ({ values, from, to }) => Math.sqrt(varianceOverTime(values, from, to)),
  quantile_over_time: ({ values, from, to }, q) =>
    quantile(
      q,
      Array.from({ length: to - from }, (_, index) => values[from + index] ?? 0),
    ),
}

/** What remains at the edges of a window is guessed from the average distance of its samples. */
function extrapolated(
  { timestamps, values, from, to, startMs, endMs }: Window,
  isCounter: boolean,
  isRate: boolean,
): number | undefined {
  const count = to - from
  if (count < 2) return undefined
  const first = values[from] ?? 0
  let result = (values[to - 1] ?? 0) - first
  if (isCounter) {
    let previous = first
    for (let index = from + 1; index < to; index++) {
      const value = values[index] ?? 0
      if (value < previous) result += previous
      previous = value
    }
  }
  const firstMs = timestamps[from] ?? 0
  const lastMs = timestamps[to - 1] ?? 0
  let toStart = (firstMs - startMs) / 1_000
  const toEnd = (endMs - lastMs) / 1_000
  const sampled = (lastMs - firstMs) / 1_000
  const average = sampled / (count - 1)
  if (isCounter && result > 0 && first >= 0) {
    const toZero = sampled * (first / result)
    if (toZero < toStart) toStart = toZero
  }
  const threshold = average * 1.1
  const interval = sampled + (toStart < threshold ? toStart : average / 2) + (toEnd < threshold ? toEnd : average / 2)
  const factor = interval / sampled / (isRate ? (endMs - startMs) / 1_000 : 1)
  return result * factor
}

function instantaneous({ timestamps, values, from, to }: Window, isRate: boolean): number | undefined {
  if (to - from < 2) return undefined
  const [before, last] = [values[to - 2] ?? 0, values[to - 1] ?? 0]
  const seconds = ((timestamps[to - 1] ?? 0) - (timestamps[to - 2] ?? 0)) / 1_000
  if (seconds === 0) return undefined
  if (!isRate) return last - before
  return (last < before ? last : last - before) / seconds
}

/** Slope of the least-squares line, per second. */
function deriv({ timestamps, values, from, to }: Window): number | undefined {
  const count = to - from
  if (count < 2) return undefined
  const origin = timestamps[from] ?? 0
  const first = values[from] ?? 0
  let constant = true
  let [sumX, sumY, sumXY, sumX2] = [0, 0, 0, 0]
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0
    if (index > from && value !== first) constant = false
    const x = ((timestamps[index] ?? 0) - origin) / 1_000
    sumX += x
    sumY += value
    sumXY += x * value
    sumX2 += x * x
  }
  if (constant) return Number.isFinite(first) ? 0 : Number.NaN
  const covariance = sumXY - (sumX * sumY) / count
  return covariance / (sumX2 - (sumX * sumX) / count)
}

function changesOf({ values, from, to }: Window, isChange: (before: number, after: number) => boolean): number {
  let changes = 0
  for (let index = from + 1; index < to; index++) {
    if (isChange(values[index - 1] ?? 0, values[index] ?? 0)) changes++
  }
  return changes
}

/** NaN gives way to any number. */
function extreme({ values, from, to }: Window, isBetter: (value: number, best: number) => boolean): number {
  let best = values[from] ?? Number.NaN
  for (let index = from + 1; index < to; index++) {
    const value = values[index] ?? Number.NaN
    if (isBetter(value, best) || Number.isNaN(best)) best = value
  }
  return best
}
