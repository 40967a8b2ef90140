import type { MonitoringQuery } from '@meshdeck/contract'
import { ProblemError } from '../../../lib/problem.ts'
import { alignRange } from '../../../lib/prometheus/golden-queries.ts'
import { alignedNow, type TimeRange } from '../../../lib/prometheus/prometheus-client.ts'

const DEFAULT_RANGE_SECONDS = 3_600
const LONGEST_RANGE_SECONDS = 31 * 86_400

/** The range that is asked for, aligned to its step. Throws `ProblemError` (`invalid-input`) naming the field. */
export function askedRange({
  range = DEFAULT_RANGE_SECONDS,
  from,
  to,
}: Pick<MonitoringQuery, 'range' | 'from' | 'to'>): TimeRange {
  if (from === undefined && to === undefined) {
    const { step } = alignRange({ from: 0, to: range })
    const now = alignedNow(step)
    return alignRange({ from: now - range, to: now, step })
  }
  if (from === undefined) throw invalidQuery('from', 'is required with to')
  if (to === undefined) throw invalidQuery('to', 'is required with from')
  if (from >= to) throw invalidQuery('from', 'must be before to')
  if (to - from > LONGEST_RANGE_SECONDS) throw invalidQuery('from', 'must not be more than 31 days before to')
  return alignRange({ from, to })
}

/** A member of the query string that is not as it must be. */
export function invalidQuery(field: string, message: string): ProblemError {
  return new ProblemError('invalid-input', `query: ${field} ${message}`, { fields: [{ field, message }] })
}
