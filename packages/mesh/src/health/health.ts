/** From best to worst among those that say something; `unknown` says nothing. */
export type HealthLevel = 'healthy' | 'warning' | 'critical' | 'unknown'

/** Upper bounds that still count as the level. Shares 0–1, milliseconds. */
export interface HealthThresholds {
  healthy: { errorRate: number; latencyMs: number }
  warning: { errorRate: number; latencyMs: number }
}

export const DEFAULT_HEALTH_THRESHOLDS: HealthThresholds = {
  healthy: { errorRate: 0, latencyMs: 100 },
  warning: { errorRate: 0.05, latencyMs: 200 },
}

export interface HealthInput {
  /** Requests per second. */
  requestRate: number
  /** Share 0–1. */
  errorRate?: number | undefined
  /** p95, milliseconds. */
  latencyMs?: number | undefined
  /** TCP bytes per second. */
  bytesRate?: number | undefined
}

/**
 * Health by golden signals: the worse of errors and latency, `unknown` without traffic. Latency that is not measured
 * does not count. TCP that flows is healthy: nothing else is known about it.
 */
export function healthOf(
  { requestRate, errorRate, latencyMs, bytesRate }: HealthInput,
  thresholds: HealthThresholds = DEFAULT_HEALTH_THRESHOLDS,
): HealthLevel {
  if (!(requestRate > 0)) return bytesRate !== undefined && bytesRate > 0 ? 'healthy' : 'unknown'
  return worstHealth([level(errorRate, 'errorRate', thresholds), level(latencyMs, 'latencyMs', thresholds)])
}

const BADNESS = { unknown: 0, healthy: 1, warning: 2, critical: 3 } as const

/** The worst of several; `unknown` only when all are. */
export function worstHealth(levels: Iterable<HealthLevel>): HealthLevel {
  let worst: HealthLevel = 'unknown'
  for (const level of levels) if (BADNESS[level] > BADNESS[worst]) worst = level
  return worst
}

function level(
  value: number | undefined,
  signal: 'errorRate' | 'latencyMs',
  { healthy, warning }: HealthThresholds,
): HealthLevel {
  if (value === undefined || Number.isNaN(value)) return 'unknown'
  if (value <= healthy[signal]) return 'healthy'
  return value <= warning[signal] ? 'warning' : 'critical'
}
