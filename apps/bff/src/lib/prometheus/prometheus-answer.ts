import { isRecord } from '@meshdeck/kube'
import { finiteSample, type EdgeSample } from '@meshdeck/mesh'
import type { Exemplar } from '@meshdeck/mesh/monitoring'
import { PrometheusError } from './prometheus-error.ts'

/** Elements with a value that is no finite number are left out. */
export interface Vector {
  samples: EdgeSample[]
  /** What the server says of its answer; Thanos names stores that did not respond. */
  warnings: string[]
}

/** [unix seconds, value]; where there is no finite number there is no point. */
export type Points = [number, number][]

export interface Matrix {
  series: { metric: Record<string, string>; points: Points }[]
  warnings: string[]
}

/** Reads the answer to an instant query. Throws PrometheusError. */
export function parseVector(body: unknown): Vector {
  const { result, warnings } = resultOf(body, 'vector')
  return {
    samples: result.flatMap((item) => {
      const [, value] = pointOf(item['value']) ?? []
      return value === undefined ? [] : [{ metric: metricOf(item), value }]
    }),
    warnings,
  }
}

/** Reads the answer to a range query. Throws PrometheusError. */
export function parseMatrix(body: unknown): Matrix {
  const { result, warnings } = resultOf(body, 'matrix')
  return {
    series: result.map((item) => ({
      metric: metricOf(item),
      points: Array.isArray(item['values'])
        ? item['values'].flatMap((value) => [pointOf(value) ?? []].filter(isPoint))
        : [],
    })),
    warnings,
  }
}

/** The cluster version of VictoriaMetrics says so in a member of its own. */
export function withPartial<Answer extends { warnings: string[] }>(body: unknown, answer: Answer): Answer {
  if (isRecord(body) && body['isPartial'] === true) answer.warnings.push('A part of the storage nodes did not answer')
  return answer
}

/** What Prometheus knows of a metric, by the exposition that it was scraped from. */
export interface MetricMetadata {
  type: string
  help: string
}

/** Reads names of labels, or values of one. Throws PrometheusError. */
export function parseNames(body: unknown): string[] {
  const data = isRecord(body) && body['status'] === 'success' ? body['data'] : undefined
  if (!Array.isArray(data)) throw new PrometheusError('unreachable', 'The answer is not one of Prometheus')
  return data.filter((name) => typeof name === 'string')
}

/** Reads what is known of metrics; several targets may say different things of one, the first counts. Throws PrometheusError. */
export function parseMetadata(body: unknown): ReadonlyMap<string, MetricMetadata> {
  const data = isRecord(body) && body['status'] === 'success' ? body['data'] : undefined
  if (!isRecord(data)) throw new PrometheusError('unreachable', 'The answer is not one of Prometheus')
  return new Map(
    Object.entries(data).flatMap(([name, said]) => {
      const first: unknown = Array.isArray(said) ? said[0] : undefined
      return isRecord(first) ? [[name, { type: String(first['type']), help: String(first['help']) }] as const] : []
    }),
  )
}

/** A traced request behind a series that Prometheus has scraped. */
export interface SeriesExemplar extends Exemplar {
  metric: Record<string, string>
}

/** What a trace's id may be called. Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
const TRACE_LABELS = ['trace_id', 'traceID', 'traceId', 'TraceID'] as const
/** Of W3C, Zipkin and X-Ray. What holds anything else is no id, and goes into no address. */
const TRACE_ID = /^[\w-]{1,128}$/

/**
 * Reads exemplars; those without a trace, a time or a finite value are left out, and so are those beyond `most`. Undefined where the
 * server keeps none at all: VictoriaMetrics answers with nothing. Throws PrometheusError.
 */
export function parseExemplars(body: unknown, most: number): SeriesExemplar[] | undefined {
  const data = isRecord(body) && body['status'] === 'success' ? body['data'] : undefined
  if (data === null) return undefined
  if (!Array.isArray(data)) throw new PrometheusError('unreachable', 'The answer is not one of Prometheus')
  const found: SeriesExemplar[] = []
  for (const item of data.filter(isRecord)) {
    const { seriesLabels, exemplars } = item
    const metric = isLabels(seriesLabels) ? seriesLabels : {}
    for (const exemplar of Array.isArray(exemplars) ? exemplars : []) {
      const read = exemplarOf(exemplar)
      if (read === undefined) continue
      if (found.length === most) return found
      found.push({ metric, ...read })
    }
  }
  return found
}

function exemplarOf(exemplar: unknown): Exemplar | undefined {
  if (!isRecord(exemplar) || !isRecord(exemplar['labels'])) return undefined
  const { labels, value: text, timestamp: at } = exemplar
  const traceId = TRACE_LABELS.map((name) => labels[name]).find((id) => typeof id === 'string' && TRACE_ID.test(id))
  const value = typeof text === 'string' ? finiteSample(text) : undefined
  if (typeof traceId !== 'string' || value === undefined || typeof at !== 'number' || !Number.isFinite(at))
    return undefined
  return { at, value, traceId }
}

/** Limits of the makes: Prometheus' and Thanos' words, the names of Mimir's errors, the flags of VictoriaMetrics. */
const TOO_MUCH =
  /too many (samples|concurrent|outstanding)|exceeded maximum resolution|exceeds? (the )?limit|err-mimir-(max|too-many)|-search\.max/i

/**
 * The error in an answer that is none. Prometheus names its own (`errorType`); proxies before it have only a status.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
 */
export function errorOfAnswer(status: number, body: unknown, host: string): PrometheusError {
  const type = isRecord(body) ? body['errorType'] : undefined
  const text = isRecord(body) && typeof body['error'] === 'string' ? body['error'] : ''
  if (status === 429 || TOO_MUCH.test(text)) {
    return new PrometheusError('overloaded', `Prometheus at ${host} has too much to do: ${text || `status ${status}`}`)
  }
  if (type === 'timeout' || type === 'canceled' || status === 504) {
    return new PrometheusError('timeout', `Prometheus at ${host} did not finish the query in time`)
  }
  // VictoriaMetrics gives the status for the type.
  if (type === 'bad_data' || type === 'execution' || (text !== '' && (status === 400 || status === 422))) {
    return new PrometheusError('bad-query', `Prometheus at ${host} refused the query: ${text}`)
  }
  if (status === 401 || status === 403) {
    return new PrometheusError('unreachable', `Prometheus at ${host} refused the credential (status ${status})`)
  }
  if (status === 503) return new PrometheusError('overloaded', `Prometheus at ${host} is not available (status 503)`)
  return new PrometheusError('unreachable', `${host} does not answer as Prometheus does (status ${status})`)
}

function resultOf(body: unknown, type: 'vector' | 'matrix'): { result: Record<string, unknown>[]; warnings: string[] } {
  const data = isRecord(body) && body['status'] === 'success' ? body['data'] : undefined
  if (!isRecord(data) || !Array.isArray(data['result'])) {
    throw new PrometheusError('unreachable', 'The answer is not one of Prometheus')
  }
  if (data['resultType'] !== type) {
    throw new PrometheusError('bad-query', `The query yields a ${String(data['resultType'])}, not a ${type}`)
  }
  const warnings = isRecord(body) && Array.isArray(body['warnings']) ? body['warnings'].map(String) : []
  return { result: data['result'].filter(isRecord), warnings }
}

function metricOf(item: Record<string, unknown>): Record<string, string> {
  const { metric } = item
  return isLabels(metric) ? metric : {}
}

/** Labels as they came: copying those of ten thousands of series costs more than assembling a graph of them. */
function isLabels(value: unknown): value is Record<string, string> {
  if (!isRecord(value)) return false
  for (const name in value) if (typeof value[name] !== 'string') return false
  return true
}

function pointOf(value: unknown): [number, number] | undefined {
  if (!Array.isArray(value)) return undefined
  const [time, text]: unknown[] = value
  const number = typeof text === 'string' ? finiteSample(text) : undefined
  return typeof time === 'number' && number !== undefined ? [time, number] : undefined
}

const isPoint = (value: [number, number] | never[]): value is [number, number] => value.length === 2
