import { matchesValue } from '../promql/matching.ts'
import type { Column } from '../promql/columns.ts'
import { evaluate } from '../promql/evaluate.ts'
import type { Evaluation, Value } from '../promql/evaluation.ts'
import { typeOf } from '../promql/expression.ts'
import type { Expression } from '../promql/expression.ts'
import { returnTypeOf } from '../promql/function-types.ts'
import { labelsKey } from '../promql/labels.ts'
import { formatValue, parseDuration } from '../promql/literals.ts'
import { parseQuery } from '../promql/parse.ts'
import { PromqlError } from '../promql/promql-error.ts'
import type { Labels, Matcher, SeriesSource } from '../promql/series-source.ts'
import { exemplarsOf, selectorsIn } from './exemplars.ts'

const MAX_POINTS = 11_000
const MAX_SAMPLES = 50_000_000
const MAX_TIMEOUT_MS = 120_000
const DAY_MS = 86_400_000
/** Prometheus keeps the latest 100,000, which are those of some hours. */
const EXEMPLARS_KEPT_MS = DAY_MS / 4

/** What the answers of the API are made from. */
export interface PrometheusSource extends SeriesSource {
  /** By metric name, without `_bucket`, `_sum` and `_count`. */
  metadata(): Readonly<Record<string, { readonly type: string; readonly help: string; readonly unit: string }>>
}

type Answer = (source: PrometheusSource, parameters: URLSearchParams, nowMs: number) => unknown

/** The routes under `/api/v1/`, each giving its `data`. @throws PromqlError */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  query: instantQuery,
  query_range: rangeQuery,
  query_exemplars: queryExemplars,
  series: (source, parameters, now) => series(source, parameters, now),
  labels: (source, parameters, now) =>
    distinctTexts(matching(source, parameters, now).flatMap((labels) => Object.keys(labels))),
  metadata,
  'status/buildinfo': () => ({
    version: '2.42.0',
    revision: 'sandbox',
    branch: 'HEAD',
    buildUser: 'sandbox',
    buildDate: '',
    goVersion: '',
  }),
  'status/runtimeinfo': () => ({ startTime: '1970-01-01T00:00:00Z', storageRetention: '7d' }),
  'status/tsdb': headStatus,
}

/** `/api/v1/label/NAME/values`. @throws PromqlError */
export function labelValues(source: PrometheusSource, name: string, parameters: URLSearchParams, now: number): unknown {
  if (!/^[a-zA-Z_]\w*$/.test(name)) throw new PromqlError('bad_data', `invalid label name: ${JSON.stringify(name)}`)
  return distinctTexts(matching(source, parameters, now).flatMap((labels) => labels[name] ?? []))
}

function instantQuery(source: PrometheusSource, parameters: URLSearchParams, nowMs: number): unknown {
  const time = timeOf(parameters, 'time', nowMs)
  const expression = readQuery(parameters)
  const evaluation = evaluationOf(source, parameters, [time], time)
  const seconds = time / 1_000
  if (expression.type === 'matrix' || expression.type === 'subquery') {
    if (expression.type === 'subquery') {
      throw new PromqlError('bad_data', 'a subquery without a function over it is not supported here')
    }
    const { selector, rangeMs } = expression
    const { at, offsetMs } = selector.shift
    const end = (typeof at === 'number' ? at : time) - offsetMs
    const result = source.select(selector.matchers, end - rangeMs, end).flatMap(({ labels, samples }) => {
      const { timestamps, values } = samples(end - rangeMs, end)
      const points = timestamps.map((at_, index) => [at_ / 1_000, formatValue(values[index] ?? 0)])
      return points.length === 0 ? [] : [{ metric: labels, values: points }]
    })
    return { resultType: 'matrix', result: result.toSorted(byMetric) }
  }
  const value = evaluate(expression, evaluation)
  if (value.type === 'scalar') return { resultType: 'scalar', result: [seconds, formatValue(value.values[0] ?? 0)] }
  if (value.type === 'string') return { resultType: 'string', result: [seconds, value.value] }
  const result = value.columns
    .filter(({ has }) => has[0] === 1)
    .map(({ labels, values }) => ({ metric: labels, value: [seconds, formatValue(values[0] ?? 0)] }))
  return { resultType: 'vector', result }
}

function rangeQuery(source: PrometheusSource, parameters: URLSearchParams, nowMs: number): unknown {
  const start = timeOf(parameters, 'start', nowMs)
  const end = timeOf(parameters, 'end', nowMs)
  if (end < start) throw invalidParameter('end', 'end timestamp must not be before start time')
  const step = durationOf(parameters, 'step')
  if (step === undefined) throw invalidParameter('step', 'cannot parse "" to a valid duration')
  if (step <= 0)
    throw invalidParameter(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    )
  if ((end - start) / step > MAX_POINTS) {
    throw new PromqlError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  }
  const expression = readQuery(parameters)
  const type = typeOf(expression, returnTypeOf)
  if (type === 'matrix' || type === 'string') {
    const shown = type === 'matrix' ? 'range vector' : 'string'
    throw invalidParameter(
      'query',
      `invalid expression type "${shown}" for range query, must be Scalar or instant Vector`,
    )
  }
  const times: number[] = []
  for (let time = start; time <= end; time += step) times.push(time)
  const value = evaluate(expression, evaluationOf(source, parameters, times, end))
  return {
    resultType: 'matrix',
    result: columnsOf(value, times.length)
      .map((column) => rangeSeries(column, times))
      .toSorted(byMetric),
  }
}

function queryExemplars(source: PrometheusSource, parameters: URLSearchParams, nowMs: number): unknown {
  const start = timeOf(parameters, 'start', nowMs - DAY_MS)
  const end = timeOf(parameters, 'end', nowMs)
  if (end < start) throw invalidParameter('end', 'end timestamp must not be before start timestamp')
  const selectors = selectorsIn(readQuery(parameters))
  // What lies ahead has not been asked yet.
  return exemplarsOf(source, selectors, Math.max(start, nowMs - EXEMPLARS_KEPT_MS), Math.min(end, nowMs))
}

function columnsOf(value: Value, steps: number): readonly Column[] {
  if (value.type === 'scalar') return [{ labels: {}, values: value.values, has: new Uint8Array(steps).fill(1) }]
  return value.type === 'vector' ? value.columns.filter(({ has }) => has.includes(1)) : []
}

function rangeSeries({ labels, values, has }: Column, times: readonly number[]): { metric: Labels; values: unknown[] } {
  const points: unknown[] = []
  for (const [step, time] of times.entries()) {
    if (has[step] === 1) points.push([time / 1_000, formatValue(values[step] ?? 0)])
  }
  return { metric: labels, values: points }
}

function series(source: PrometheusSource, parameters: URLSearchParams, nowMs: number): readonly Labels[] {
  if (parameters.getAll('match[]').length === 0) throw new PromqlError('bad_data', 'no match[] parameter provided')
  return matching(source, parameters, nowMs)
}

/** Label sets that any of the selectors picks; all of them without a selector. */
function matching(source: PrometheusSource, parameters: URLSearchParams, nowMs: number): readonly Labels[] {
  const start = timeOf(parameters, 'start', nowMs - DAY_MS)
  const end = timeOf(parameters, 'end', nowMs)
  const selectors = parameters.getAll('match[]').map(selectorOf)
  const all: readonly (readonly Matcher[])[] = selectors.length === 0 ? [[]] : selectors
  const found = new Map<string, Labels>()
  for (const matchers of all) {
    for (const { labels } of source.select(matchers, start, end)) found.set(labelsKey(labels), labels)
  }
  return [...found.values()]
}

function selectorOf(text: string): readonly Matcher[] {
  const expression = wrapped('match[]', () => parseQuery(text))
  if (expression.type !== 'selector') throw invalidParameter('match[]', 'not a series selector')
  for (const matcher of expression.matchers) matchesValue('', matcher)
  return expression.matchers
}

function metadata(source: PrometheusSource, parameters: URLSearchParams): unknown {
  const metric = parameters.get('metric')
  const limit = parameters.get('limit')
  const all = Object.entries(source.metadata()).filter(([name]) => metric === null || metric === '' || name === metric)
  const count = limit === null || limit === '' ? all.length : Number(limit)
  if (!Number.isInteger(count)) throw new PromqlError('bad_data', 'limit must be a number')
  return Object.fromEntries(all.slice(0, count < 0 ? all.length : count).map(([name, about]) => [name, [about]]))
}

const TOP = 10

function headStatus(source: PrometheusSource, _: URLSearchParams, nowMs: number): unknown {
  const metrics = new Map<string, number>()
  const values = new Map<string, Set<string>>()
  let count = 0
  for (const { labels } of source.select([], nowMs - DAY_MS, nowMs)) {
    count++
    for (const [name, value] of Object.entries(labels)) {
      const known = values.get(name) ?? new Set()
      values.set(name, known.add(value))
    }
    const name = labels['__name__'] ?? ''
    metrics.set(name, (metrics.get(name) ?? 0) + 1)
  }
  const top = (entries: readonly (readonly [string, number])[]): unknown =>
    entries
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, TOP)
      .map(([name, value]) => ({ name, value }))
  const labelCounts = [...values].map(([name, known]) => [name, known.size] as const)
  return {
    headStats: {
      numSeries: count,
      numLabelPairs: labelCounts.reduce((sum, [, size]) => sum + size, 0),
      chunkCount: count,
      minTime: nowMs - DAY_MS,
      maxTime: nowMs,
    },
    seriesCountByMetricName: top([...metrics]),
    labelValueCountByLabelName: top(labelCounts),
    memoryInBytesByLabelName: top(labelCounts),
    seriesCountByLabelValuePair: [],
  }
}

function evaluationOf(
  source: SeriesSource,
  parameters: URLSearchParams,
  times: readonly number[],
  end: number,
): Evaluation {
  const timeout = durationOf(parameters, 'timeout') ?? MAX_TIMEOUT_MS
  const first = times[0] ?? 0
  return {
    source,
    evaluate,
    times,
    startMs: first,
    endMs: end,
    deadline: performance.now() + Math.min(timeout, MAX_TIMEOUT_MS),
    budget: { samples: MAX_SAMPLES },
  }
}

function readQuery(parameters: URLSearchParams): Expression {
  return wrapped('query', () => parseQuery(parameters.get('query') ?? ''))
}

function wrapped<T>(parameter: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof PromqlError && error.kind === 'bad_data') throw invalidParameter(parameter, error.message)
    throw error
  }
}

function invalidParameter(name: string, why: string): PromqlError {
  return new PromqlError('bad_data', `invalid parameter "${name}": ${why}`)
}

/** Unix seconds, with a fraction, or RFC 3339. */
function timeOf(parameters: URLSearchParams, name: string, standard: number): number {
  const text = parameters.get(name)
  if (text === null || text === '') return standard
  const seconds = /^[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Date.parse(text) / 1_000
  const milliseconds = Math.round(seconds * 1_000)
  if (!Number.isSafeInteger(milliseconds))
    throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`)
  return milliseconds
}

/** Seconds, or a duration. Milliseconds come back. */
function durationOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  const seconds = Number(text)
  if (!Number.isNaN(seconds)) {
    if (!Number.isSafeInteger(Math.trunc(seconds * 1_000)))
      throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64`)
    return Math.round(seconds * 1_000)
  }
  try {
    return parseDuration(text)
  } catch {
    throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`)
  }
}

function distinctTexts(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted()
}

function byMetric(a: { metric: Labels }, b: { metric: Labels }): number {
  const [left, right] = [labelsKey(a.metric), labelsKey(b.metric)]
  return left < right ? -1 : left > right ? 1 : 0
}
