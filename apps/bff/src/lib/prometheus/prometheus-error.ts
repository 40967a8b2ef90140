export type PrometheusErrorKind =
  | 'unreachable'
  | 'timeout'
  | 'bad-query'
  | 'overloaded'
  | 'absent'
  | 'too-costly'
  | 'busy'

export interface PrometheusErrorOptions extends ErrorOptions {
  /** When it may be worth while to ask again. */
  retryAfterSeconds?: number
  /** Whether it was not even sent, so that it says nothing new of the server. */
  unasked?: boolean
  /** Figures for the translated text. */
  params?: Readonly<Record<string, number | string>>
}

/**
 * Thrown for every failure to get an answer. `absent`: no Prometheus is set (for callers who look one up). `overloaded`: it
 * has too much to do, or the answer is too large. `busy`: our own queue for it is full. `too-costly`: the query would read
 * more than it may, and was not sent. The message names the host, never a credential.
 */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError'
  readonly kind: PrometheusErrorKind
  readonly retryAfterSeconds: number | undefined
  readonly unasked: boolean
  readonly params: Readonly<Record<string, number | string>> | undefined

  constructor(kind: PrometheusErrorKind, message: string, options: PrometheusErrorOptions = {}) {
    super(message, options)
    this.kind = kind
    this.retryAfterSeconds = options.retryAfterSeconds
    this.unasked = options.unasked === true
    this.params = options.params
  }
}
