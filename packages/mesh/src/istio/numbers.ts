/**
 * A sample of Prometheus as a number. Prometheus prints `NaN`, `+Inf` and `-Inf`; none of them is something to show or
 * to add up, so they become undefined, as does what is no number.
 */
export function finiteSample(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** A share 0–1; undefined without a denominator ("no traffic", never 0 % or 100 %). */
export function share(part: number, whole: number): number | undefined {
  if (!(whole > 0) || !Number.isFinite(whole) || !Number.isFinite(part)) return undefined
  return Math.min(1, Math.max(0, part / whole))
}
