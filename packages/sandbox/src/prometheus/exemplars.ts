import { createHash } from 'node:crypto'
import type { Expression } from '../promql/expression.ts'
import { labelsKey } from '../promql/labels.ts'
import { formatValue } from '../promql/literals.ts'
import { matchesAll } from '../promql/matching.ts'
import type { Labels, Matcher, Series, SeriesSource } from '../promql/series-source.ts'

/** Moments that requests may be traced at. */
const SLOT_MS = 60_000
/** Of these moments one in so many has a traced request. */
const TRACED_ONE_IN = 3
const COUNTER = 'istio_requests_total'
const BUCKETS = 'istio_request_duration_milliseconds_bucket'

/** Exemplars of one series, as `/api/v1/query_exemplars` gives them. */
export interface ExemplarSeries {
  readonly seriesLabels: Labels
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string; readonly timestamp: number }[]
}

/** All selectors of an expression; what it does with them does not matter to exemplars. */
export function selectorsIn(expression: Expression): (readonly Matcher[])[] {
  switch (expression.type) {
    case 'selector':
      return [expression.matchers]
    case 'matrix':
      return [expression.selector.matchers]
    case 'unary':
    case 'subquery':
      return selectorsIn(expression.operand)
    case 'binary':
      return [...selectorsIn(expression.left), ...selectorsIn(expression.right)]
    case 'aggregation':
      return [expression.operand, ...(expression.parameter ? [expression.parameter] : [])].flatMap(selectorsIn)
    case 'call':
      return expression.args.flatMap(selectorsIn)
    default:
      return []
  }
}

/**
 * Traced requests of what was counted: the same at every asking, only where requests were, and each in a bucket that grew then.
 * Times in milliseconds.
 */
export function exemplarsOf(
  source: SeriesSource,
  selectors: readonly (readonly Matcher[])[],
  fromMs: number,
  toMs: number,
): ExemplarSeries[] {
  const found = new Map<string, ExemplarSeries>()
  for (const matchers of selectors) {
    // A request falls into one bucket of all, whichever are asked for.
    const series = source.select(
      matchers.filter(({ name }) => name !== 'le'),
      fromMs - SLOT_MS,
      toMs,
    )
    const traced = [...tracedCounters(series, fromMs, toMs), ...tracedBuckets(series, fromMs, toMs)]
    for (const one of traced) if (matchesAll(one.seriesLabels, matchers)) found.set(labelsKey(one.seriesLabels), one)
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function tracedCounters(series: readonly Series[], fromMs: number, toMs: number): ExemplarSeries[] {
  return series
    .filter(({ labels }) => labels['__name__'] === COUNTER)
    .flatMap((one) => {
      const exemplars = tracedSlots(labelsKey(one.labels), fromMs, toMs).flatMap(({ at, traceId }) =>
        increase(one, at) > 0 ? [exemplar(traceId, 1, at)] : [],
      )
      return exemplars.length === 0 ? [] : [{ seriesLabels: one.labels, exemplars }]
    })
}

function tracedBuckets(series: readonly Series[], fromMs: number, toMs: number): ExemplarSeries[] {
  const buckets = series.filter(({ labels }) => labels['__name__'] === BUCKETS)
  const histograms = Map.groupBy(buckets, ({ labels }) => labelsKey({ ...labels, le: '' }))
  const found = new Map<Series, ReturnType<typeof exemplar>[]>()
  for (const [key, members] of histograms) {
    const ordered = members.toSorted((a, b) => boundOf(a) - boundOf(b))
    for (const { at, traceId, share } of tracedSlots(key, fromMs, toMs)) {
      const increases = ordered.map((bucket) => increase(bucket, at))
      const rank = share * (increases.at(-1) ?? 0)
      const index = increases.findIndex((count) => count > rank)
      const bucket = ordered[index]
      if (bucket === undefined) continue
      const below = ordered[index - 1]
      const [lower, upper] = [below === undefined ? 0 : boundOf(below), boundOf(bucket)]
      const [before, count] = [increases[index - 1] ?? 0, increases[index] ?? 0]
      const value = Number.isFinite(upper)
        ? lower + ((upper - lower) * (rank - before + 1)) / (count - before + 1)
        : lower * 1.2
      found.set(bucket, [...(found.get(bucket) ?? []), exemplar(traceId, Math.round(value * 1_000) / 1_000, at)])
    }
  }
  return [...found].map(([{ labels: seriesLabels }, exemplars]) => ({ seriesLabels, exemplars }))
}

const boundOf = ({ labels }: Series): number => (labels['le'] === '+Inf' ? Infinity : Number(labels['le']))

/** How much was counted in the slot before a moment. */
function increase(series: Series, at: number): number {
  const { values } = series.samples(at - SLOT_MS, at)
  return Math.max(0, (values.at(-1) ?? 0) - (values[0] ?? 0))
}

/** The moments with a traced request, with where it stands among the others of its time (0 to 1). */
function tracedSlots(key: string, fromMs: number, toMs: number): { at: number; traceId: string; share: number }[] {
  const slots: { at: number; traceId: string; share: number }[] = []
  for (let slot = Math.ceil(fromMs / SLOT_MS) * SLOT_MS; slot <= toMs; slot += SLOT_MS) {
    const digest = createHash('sha256').update(`${key} ${slot}`).digest()
    const at = slot - (digest.readUInt16BE(0) % SLOT_MS)
    if (digest.readUInt8(2) % TRACED_ONE_IN !== 0 || at < fromMs) continue
    slots.push({ at, traceId: digest.toString('hex', 4, 20), share: digest.readUInt32BE(20) / 2 ** 32 })
  }
  return slots
}

function exemplar(traceId: string, value: number, at: number) {
  return { labels: { trace_id: traceId }, value: formatValue(value), timestamp: at / 1_000 }
}
