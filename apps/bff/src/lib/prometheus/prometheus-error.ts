export type PrometheusErrorKind = 'unreachable' | 'timeout' | 'bad-query' | 'overloaded' | 'absent'

/**
 * Thrown for every failure to get an answer. `absent`: no Prometheus is set (for callers who look one up). `overloaded`: it, or our own queue for it,
 * has too much to do, or the answer is too large. The message names the host, never a credential.
 */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError'
  readonly kind: PrometheusErrorKind

  constructor(kind: PrometheusErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
