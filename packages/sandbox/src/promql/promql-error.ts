/** Why a query has no answer, in the words of Prometheus where it has them. */
export class PromqlError extends Error {
  override name = 'PromqlError'
  readonly kind: 'bad_data' | 'execution' | 'timeout'

  constructor(kind: PromqlError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

export function parseError(message: string): PromqlError {
  return new PromqlError('bad_data', `parse error: ${message}`)
}
