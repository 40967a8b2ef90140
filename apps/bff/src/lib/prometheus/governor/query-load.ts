import type { PrometheusErrorKind } from '../prometheus-error.ts'
import type { Given } from './answer-store.ts'

/** Why a question was not sent. */
export type Refusal = 'cost' | 'queue' | 'down'

/** Hears of all that is asked of one Prometheus. */
export interface QueryObserver {
  /** An askers' question was answered, and from where. */
  answered(from: Given<unknown>['from']): void
  /** A question was sent, and came to this. */
  sent(query: { promql: string | undefined; result: 'ok' | PrometheusErrorKind; ms: number; bytes: number }): void
  refused(why: Refusal): void
}

/** Of one minute. */
export interface LoadMinute {
  /** Unix milliseconds of its start. */
  at: number
  sent: number
  failed: number
  /** Answered without being sent: shared with a question under way, kept, or of a moment before. */
  shared: number
  kept: number
  stale: number
  refused: Record<Refusal, number>
  bytes: number
  /** That Prometheus took for them all together. */
  ms: number
}

/** Queries that differ in their values only. */
export interface QueryShape {
  shape: string
  count: number
  failed: number
  meanMs: number
  slowestMs: number
  bytes: number
}

const MINUTE_MS = 60_000
const MINUTES = 15
const MOST_SHAPES = 200
const SHOWN_SHAPES = 10

/** Remembers the last quarter of an hour. */
export function createQueryLoad(now: () => number): QueryObserver & {
  minutes(): LoadMinute[]
  slowest(): QueryShape[]
} {
  const minutes: LoadMinute[] = []
  const shapes = new Map<
    string,
    { at: number; count: number; failed: number; ms: number; slowestMs: number; bytes: number }
  >()

  function thisMinute(): LoadMinute {
    const at = Math.floor(now() / MINUTE_MS) * MINUTE_MS
    const last = minutes.at(-1)
    if (last?.at === at) return last
    const fresh = {
      at,
      sent: 0,
      failed: 0,
      shared: 0,
      kept: 0,
      stale: 0,
      refused: { cost: 0, queue: 0, down: 0 },
      bytes: 0,
      ms: 0,
    }
    minutes.push(fresh)
    while (minutes.length > MINUTES) minutes.shift()
    return fresh
  }

  return {
    answered(from) {
      if (from !== 'sent') thisMinute()[from] += 1
    },
    refused(why) {
      thisMinute().refused[why] += 1
    },
    sent({ promql, result, ms, bytes }) {
      const minute = thisMinute()
      const failed = result === 'ok' ? 0 : 1
      minute.sent += 1
      minute.failed += failed
      minute.bytes += bytes
      minute.ms += ms
      if (promql === undefined) return
      const shape = shapeOf(promql)
      const known = shapes.get(shape) ?? { at: 0, count: 0, failed: 0, ms: 0, slowestMs: 0, bytes: 0 }
      shapes.delete(shape)
      shapes.set(shape, {
        at: now(),
        count: known.count + 1,
        failed: known.failed + failed,
        ms: known.ms + ms,
        slowestMs: Math.max(known.slowestMs, ms),
        bytes: known.bytes + bytes,
      })
      const [oldest] = shapes.keys()
      if (shapes.size > MOST_SHAPES && oldest !== undefined) shapes.delete(oldest)
    },
    minutes: () => minutes.filter(({ at }) => at > now() - MINUTES * MINUTE_MS),
    slowest() {
      for (const [shape, { at }] of shapes) if (at <= now() - MINUTES * MINUTE_MS) shapes.delete(shape)
      return [...shapes]
        .map(([shape, { count, failed, ms, slowestMs, bytes }]) => ({
          shape,
          count,
          failed,
          meanMs: ms / count,
          slowestMs,
          bytes: Math.round(bytes / count),
        }))
        .toSorted((a, b) => b.slowestMs - a.slowestMs)
        .slice(0, SHOWN_SHAPES)
    },
  }
}

const LONGEST_SHAPE = 600

/** A query without its values: those are names of what may not be everybody's to see. */
export function shapeOf(promql: string): string {
  const shape = promql.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, '"…"')
  return shape.length > LONGEST_SHAPE ? `${shape.slice(0, LONGEST_SHAPE)}…` : shape
}
