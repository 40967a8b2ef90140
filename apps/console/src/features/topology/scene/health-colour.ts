import type { HealthLevel } from '@meshdeck/contract'
import type { ChartColours } from '../../../charts/chart-colours.ts'

/** Colour of a line or outline by health. */
export function healthColour(health: HealthLevel, colours: ChartColours): string {
  if (health === 'healthy') return colours.success
  if (health === 'warning') return colours.warning
  return health === 'critical' ? colours.error : colours.unknown
}

/** Colour of words by health; what is healthy needs none. */
export function healthWordColour(health: HealthLevel, colours: ChartColours): string {
  if (health === 'critical') return colours.errorText
  return health === 'warning' ? colours.warningText : colours.textSecondary
}
