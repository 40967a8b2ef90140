/**
 * Whether a request failed: a 5xx, no answer at all (code 0: the caller left first), or a gRPC status other than OK.
 * gRPC failures travel under HTTP code 200, so the status decides there. The golden-signal queries use the same rule
 * (`FAILED_CODES`), so that a chart and the graph agree.
 */
export function isFailure(code: string | undefined, grpcStatus: string | undefined): boolean {
  if (code !== undefined && failedCode.test(code)) return true
  return grpcStatus !== undefined && grpcStatus !== '' && grpcStatus !== '0'
}

/** RE2 and JavaScript alike; Prometheus anchors it. */
export const FAILED_CODES = '0|5..'

const failedCode = new RegExp(`^(?:${FAILED_CODES})$`)
