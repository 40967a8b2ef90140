const UNITS_MS: Record<string, number> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
}
const PART = /(\d+(?:\.\d+)?|\.\d+)(ms|us|µs|ns|h|m|s)/g

/**
 * Milliseconds of a duration as Go writes it (`1h30m`, `1.5s`), `undefined` when it is none.
 * Source: https://pkg.go.dev/time#ParseDuration, which the CRD's rule `duration(self)` uses too.
 */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(PART)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return parts.reduce((sum, [, amount = '0', unit = '']) => sum + Number(amount) * (UNITS_MS[unit] ?? 0), 0)
}

export type DurationFault = 'notADuration' | 'tooShort' | 'tooFine'

/** What istiod and the CRD hold against a duration: at least 1 ms, and whole milliseconds. */
export function durationFault(text: string): DurationFault | undefined {
  const ms = parseDuration(text)
  if (ms === undefined) return 'notADuration'
  if (ms < 1) return 'tooShort'
  // Sums of decimal fractions are not exact in binary.
  return Math.abs(ms - Math.round(ms)) > 1e-6 ? 'tooFine' : undefined
}
