/** What a series of measurements says. */
export interface Summary {
  n: number
  min: number
  median: number
  p95: number
  max: number
}

/** Order statistics, by the nearest rank. Throws for an empty series. */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
    if (value === undefined) throw new Error('nothing was measured')
    return value
  }
  return { n: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), max: at(1) }
}
