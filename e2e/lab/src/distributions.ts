/** Upper bounds of Envoy's histograms as Istio exposes them; used for durations and sizes alike. */
export const REQUEST_BUCKETS: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
]

/** Standard deviations from the median to the 99th percentile. */
const P99_DEVIATIONS = 2.326

/** The share of requests that took at most `bound`: a log-normal law through the median and the p99. */
export function durationShareBelow(latency: { readonly median: number; readonly p99: number }, bound: number): number {
  const deviation = Math.log(latency.p99 / latency.median) / P99_DEVIATIONS
  return logistic(Math.log(bound / latency.median) / deviation)
}

/** The share of bodies of at most `bound` bytes, spread a little around the usual size. */
export function bytesShareBelow(usual: number, bound: number): number {
  return logistic(Math.log(bound / usual) / 0.3)
}

/** The normal distribution's integral, near enough (within 0.01), and monotonic, which counters need. */
function logistic(deviations: number): number {
  return 1 / (1 + Math.exp(-1.702 * deviations))
}
