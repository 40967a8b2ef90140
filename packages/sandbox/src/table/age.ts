const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** A duration as `kubectl get` shows it: two units at most, fewer the longer it is. Source: k8s.io/apimachinery/pkg/util/duration. */
export function humanDuration(milliseconds: number): string {
  if (milliseconds < -SECOND) return '<invalid>'
  const seconds = Math.max(0, Math.floor(milliseconds / SECOND))
  if (milliseconds < 2 * MINUTE) return `${seconds}s`
  const minutes = Math.floor(milliseconds / MINUTE)
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (milliseconds < 3 * HOUR) return `${minutes}m`
  const hours = Math.floor(milliseconds / HOUR)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(milliseconds / DAY)
  if (days < 8) return pair(days, 'd', hours % 24, 'h')
  if (milliseconds < 2 * YEAR) return `${days}d`
  const years = Math.floor(milliseconds / YEAR)
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`
}

/** Time since an RFC 3339 instant; `<unknown>` without one. */
export function ageOf(instant: unknown, now: number): string {
  const then = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now - then)
}

function pair(major: number, unit: string, minor: number, minorUnit: string): string {
  return minor === 0 ? `${major}${unit}` : `${major}${unit}${minor}${minorUnit}`
}
