import { DEFAULT_HEALTH_THRESHOLDS, healthOf, type HealthInput } from '@meshdeck/mesh'

/** Which signal makes something less than healthy, and the bound it broke (share 0–1 or milliseconds). */
export interface HealthReason {
  signal: 'errorRate' | 'latencyMs'
  value: number
  limit: number
}

/** Why something is not healthy, worst signal first; nothing for what is healthy or unknown. Source: `packages/mesh` health. */
export function healthReasons(input: HealthInput): HealthReason[] {
  const level = healthOf(input)
  if (level !== 'warning' && level !== 'critical') return []
  const { healthy, warning } = DEFAULT_HEALTH_THRESHOLDS
  const bound = level === 'critical' ? warning : healthy
  return (['errorRate', 'latencyMs'] as const).flatMap((signal) => {
    const value = input[signal]
    return value !== undefined && value > bound[signal] ? [{ signal, value, limit: bound[signal] }] : []
  })
}
