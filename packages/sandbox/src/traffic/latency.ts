/** Standard deviations from the median to the 99th percentile. */
const P99_DEVIATIONS = 2.326

/** The share of requests that take at most `bound` milliseconds: a log-normal law through the median and the p99. */
export function latencyShareBelow(latency: { readonly median: number; readonly p99: number }, bound: number): number {
  const deviation = Math.max(1e-3, Math.log(latency.p99 / latency.median) / P99_DEVIATIONS)
  return integral(Math.log(bound / latency.median) / deviation)
}

/** The share of bodies of at most `bound` bytes, spread a little around the usual size. */
export function bytesShareBelow(usual: number, bound: number): number {
  return integral(Math.log(bound / usual) / 0.3)
}

/** The integral of the normal distribution within 0.01, by the logistic function, which only ever grows. */
function integral(deviations: number): number {
  return 1 / (1 + Math.exp(-1.702 * deviations))
}
