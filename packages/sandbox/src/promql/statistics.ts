/** Statistics over a few values, as Prometheus 2.42 computes them. */

/** Neumaier's compensated sum. */
export function kahanSum(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  let compensation = 0
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0
    const next = sum + value
    if (!Number.isFinite(next)) compensation = 0
    else if (Math.abs(sum) >= Math.abs(value)) compensation += sum - next + value
    else compensation += value - next + sum
    sum = next
  }
  return Number.isFinite(sum) ? sum + compensation : sum
}

export function quantile(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return -Infinity
  if (q > 1) return Infinity
  const sorted = values.toSorted(byValue)
  const rank = q * (sorted.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return (sorted[lower] ?? 0) * (1 - weight) + (sorted[upper] ?? 0) * weight
}

/** NaN stands before all numbers. */
export function byValue(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1
  if (Number.isNaN(b)) return 1
  return a - b || 0
}

/** Mean of samples in time order; an infinity stays one unless its opposite or NaN comes. */
export function meanOverTime(values: ArrayLike<number>, from: number, to: number): number {
  let mean = 0
  let compensation = 0
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0
    const count = index - from + 1
    if (staysInfinite(mean, value)) continue
    const increment = value / count - mean / count
    const next = mean + increment
    if (!Number.isFinite(next)) compensation = 0
    else if (Math.abs(mean) >= Math.abs(increment)) compensation += mean - next + increment
    else compensation += increment - next + mean
    mean = next
  }
  return Number.isFinite(mean) ? mean + compensation : mean
}

/** Mean of the members of a group, each in turn. */
export function meanOfGroup(values: readonly number[]): number {
  let mean = values[0] ?? Number.NaN
  for (const [index, value] of values.entries()) {
    if (index === 0 || staysInfinite(mean, value)) continue
    mean += value / (index + 1) - mean / (index + 1)
  }
  return mean
}

function staysInfinite(mean: number, value: number): boolean {
  if (Number.isNaN(mean) || Number.isFinite(mean)) return false
  return Number.isFinite(value) || value === mean
}

/** Population variance of the members of a group (Welford); that of a single one is 0, whatever it is. */
export function varianceOfGroup(values: readonly number[]): number {
  let mean = values[0] ?? Number.NaN
  let squares = 0
  for (const [index, value] of values.entries()) {
    if (index === 0) continue
    const delta = value - mean
    mean += delta / (index + 1)
    squares += delta * (value - mean)
  }
  return squares / values.length
}

/** Population variance of samples in time order (Welford). */
export function varianceOverTime(values: ArrayLike<number>, from: number, to: number): number {
  let mean = 0
  let squares = 0
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0
    const delta = value - mean
    mean += delta / (index - from + 1)
    squares += delta * (value - mean)
  }
  return squares / (to - from)
}

interface Bucket {
  readonly bound: number
  count: number
}

/** The quantile of a classic histogram, linear inside its bucket. Source: Prometheus 2.42, promql/quantile.go. */
export function bucketQuantile(q: number, given: readonly Readonly<Bucket>[]): number {
  if (Number.isNaN(q)) return Number.NaN
  if (q < 0) return -Infinity
  if (q > 1) return Infinity
  const buckets = coalesce(given.toSorted((a, b) => a.bound - b.bound || 0))
  const last = buckets.at(-1)
  if (last === undefined || last.bound !== Infinity || buckets.length < 2) return Number.NaN
  let most = buckets[0]?.count ?? 0
  for (const bucket of buckets) {
    if (bucket.count > most) most = bucket.count
    else if (bucket.count < most) bucket.count = most
  }
  const observations = last.count
  if (observations === 0) return Number.NaN
  let rank = q * observations
  let at = buckets.slice(0, -1).findIndex((bucket) => bucket.count >= rank)
  if (at < 0) at = buckets.length - 1
  const found = buckets[at]
  if (found === undefined || at === buckets.length - 1) return buckets.at(-2)?.bound ?? Number.NaN
  if (at === 0 && found.bound <= 0) return found.bound
  const before = buckets[at - 1]
  const start = before?.bound ?? 0
  const count = found.count - (before?.count ?? 0)
  rank -= before?.count ?? 0
  return start + (found.bound - start) * (rank / count)
}

function coalesce(sorted: readonly Readonly<Bucket>[]): Bucket[] {
  const buckets: Bucket[] = []
  for (const { bound, count } of sorted) {
    const last = buckets.at(-1)
    if (last !== undefined && last.bound === bound) last.count += count
    else buckets.push({ bound, count })
  }
  return buckets
}
