import { prometheusAccess, PrometheusAccessError, type AddressPolicy, type Lookup } from '@meshdeck/kube-client'
import type { PrometheusAccess } from '@meshdeck/kube-client'
import { createFairQueue } from './governor/fair-queue.ts'
import { createGovernor, type Governor } from './governor/governor.ts'
import { PLAIN_LIMITS } from './governor/query-limits.ts'
import type { Matrix, MetricMetadata, SeriesExemplar, Vector } from './prometheus-answer.ts'
import { PrometheusError } from './prometheus-error.ts'
import { createTransport } from './prometheus-transport.ts'

export interface PrometheusClientOptions {
  /** Base address, with the path before `/api/v1` where there is one (Mimir's `/prometheus`). */
  url: string
  /** With tenant, credential and certificates; the bare address when absent. */
  access?: PrometheusAccess
  /** Where it may lie; the strictest when absent. */
  policy?: AddressPolicy
  /** How names are resolved; the system's way when absent. */
  lookup?: Lookup
  /** For waiting in the queue and for the answer together. */
  deadlineMs?: number
  /** Queries under way at once. */
  concurrency?: number
  /** How long an answer is shared after it came. */
  ttlMs?: number
  maxAnswerBytes?: number
  now?: () => number
}

export interface TimeRange {
  /** Unix seconds. */
  from: number
  to: number
  /** Seconds. */
  step: number
}

/** Queries throw PrometheusError and nothing else. Answers are shared: do not change them. */
export interface PrometheusClient {
  /** The same for all clients of one server; for what is remembered of it. */
  readonly server?: object
  /** An instant query at `at` (unix seconds). Callers align `at`, so that they share answers: see `alignedNow`. */
  query(promql: string, at: number): Promise<Vector>
  queryRange(promql: string, range: TimeRange): Promise<Matrix>
  /** Traced requests behind the series that some selectors pick; none where the server keeps none. Unix seconds. */
  exemplars(promql: string, range: Pick<TimeRange, 'from' | 'to'>): Promise<readonly SeriesExemplar[]>
  /** Names of labels; values of one label when it is named (metrics are those of `__name__`); of one metric only when it is. */
  names(of: { label?: string | undefined; metric?: string | undefined }): Promise<string[]>
  /** What is known of metrics by their names. Empty where the server does not tell. */
  metadata(): Promise<ReadonlyMap<string, MetricMetadata>>
  /** Ends open connections. */
  close(): Promise<void>
}

/**
 * A client of the Prometheus HTTP API (Prometheus, Thanos, Mimir, VictoriaMetrics), governed by itself: see
 * `governor/governor.ts`. Throws PrometheusError on an address that cannot be one.
 */
export function createPrometheusClient(options: PrometheusClientOptions): Governor {
  const { policy, lookup, now = Date.now } = options
  const access = options.access ?? bareAccess(options.url)
  const limits = {
    ...PLAIN_LIMITS,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.ttlMs === undefined ? {} : { freshMs: options.ttlMs }),
    ...(options.maxAnswerBytes === undefined ? {} : { maxAnswerBytes: options.maxAnswerBytes }),
  }
  const transport = createTransport({ access, policy, lookup, maxAnswerBytes: limits.maxAnswerBytes })
  return createGovernor({ transport, limits, now, queue: queueFor(transport.host, limits) })
}

/** The queue before one address. */
export function queueFor(host: string, limits: { concurrency: number; maxQueued: number }) {
  return createFairQueue({
    limit: limits.concurrency,
    maxWaiting: limits.maxQueued,
    tooMany: () =>
      new PrometheusError('busy', `${limits.maxQueued} queries wait for Prometheus at ${host} already`, {
        retryAfterSeconds: 5,
        unasked: true,
      }),
  })
}

/**
 * The latest instant that is a multiple of `stepSeconds`: all who ask within a step ask the same question. Unix seconds.
 */
export function alignedNow(stepSeconds = 5, now: () => number = Date.now): number {
  return Math.floor(now() / 1000 / stepSeconds) * stepSeconds
}

function bareAccess(url: string): PrometheusAccess {
  try {
    return prometheusAccess({ url })
  } catch (error) {
    if (error instanceof PrometheusAccessError) throw new PrometheusError('unreachable', error.message)
    throw error
  }
}
