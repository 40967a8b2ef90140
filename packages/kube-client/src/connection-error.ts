import { isRecord, type KubeStatus } from '@meshdeck/kube'
import { AddressDeniedError } from './address.ts'
import { ClusterUnreachableError, KubeStatusError, type UnreachableReason } from './errors.ts'
import { LineTooLongError } from './json-lines.ts'

const MAX_TEXT = 500

/** Node's, OpenSSL's and undici's error codes, by what they mean to an operator. */
const REASONS: Readonly<Record<string, UnreachableReason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EADDRNOTAVAIL: 'no-route',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_CLOSED: 'closed',
  UND_ERR_DESTROYED: 'closed',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-untrusted',
}

const WORDS: Readonly<Record<UnreachableReason, string>> = {
  refused: 'refuses connections; its API server is not running, or the address or port is wrong',
  timeout: 'did not answer in time; check the network between Meshdeck and it, and its load',
  dns: 'has an address whose name cannot be resolved; check the name and the DNS server',
  'no-route': 'cannot be reached on the network: there is no route to its address',
  tls: 'does not complete the TLS handshake; check that the address is that of an API server',
  'certificate-untrusted':
    'shows a certificate that is not signed by the authority in its kubeconfig, or not made for this address; renew certificate-authority-data or set tls-server-name',
  'certificate-expired':
    'shows a certificate that is expired or not yet valid; renew it on the cluster, and check the clocks',
  reset: 'broke the connection before it had answered',
  'address-denied': 'has an address that Meshdeck does not connect to',
  'answer-too-large': 'gave an answer larger than Meshdeck accepts',
  'bad-answer': 'did not answer as a Kubernetes API server does; check the address',
  closed: 'is no longer connected: its entry was changed or removed',
}

/** A `ClusterUnreachableError` in the words of its reason, with a detail that must hold no secret. */
export function unreachable(
  reason: UnreachableReason,
  cluster: string,
  detail?: string,
  cause?: unknown,
): ClusterUnreachableError {
  const message = `Cluster ${cluster} ${WORDS[reason]}${detail ? ` (${detail})` : ''}`
  return new ClusterUnreachableError(reason, cluster, message, cause === undefined ? undefined : { cause })
}

/** Turns what a socket, TLS, undici or a parser threw into a `ClusterUnreachableError`; an error of none of these (a bug) stays as it is. */
export function toUnreachable(error: unknown, cluster: string): unknown {
  if (error instanceof ClusterUnreachableError) return error
  if (error instanceof SyntaxError) return unreachable('bad-answer', cluster, 'its JSON cannot be read', error)
  if (error instanceof LineTooLongError) return unreachable('answer-too-large', cluster, error.message, error)
  for (const inner of causesOf(error)) {
    if (inner instanceof AddressDeniedError) return unreachable('address-denied', cluster, inner.message, error)
    const code = codeOf(inner)
    // undici gives its parser's error a code only for some faults.
    if (inner instanceof Error && inner.name === 'HTTPParserError')
      return unreachable('bad-answer', cluster, 'it does not speak HTTP', error)
    const reason = code === undefined ? undefined : (REASONS[code] ?? familyReason(code))
    if (reason !== undefined) return unreachable(reason, cluster, code, error)
  }
  return error
}

function familyReason(code: string): UnreachableReason | undefined {
  if (code.includes('CERTIFICATE_EXPIRED')) return 'certificate-expired'
  if (/^(HPE_|UND_ERR_)/.test(code)) return 'bad-answer'
  return /^(ERR_SSL_|ERR_TLS_|EPROTO|CERT_)/.test(code) ? 'tls' : undefined
}

function codeOf(error: unknown): string | undefined {
  return (isRecord(error) || error instanceof Error) && 'code' in error && typeof error['code'] === 'string'
    ? error['code']
    : undefined
}

/** The error, then what it wraps: several addresses of one name fail together as an AggregateError. */
function* causesOf(error: unknown): Generator<unknown> {
  yield error
  if (error instanceof AggregateError) yield* error.errors
  if (error instanceof Error && error.cause !== undefined) yield* causesOf(error.cause)
}

/** Makes the error for a status of 400 or more; an answer that is no `Status` (from a proxy in between) is put into one. */
export function toStatusError(httpStatus: number, body: unknown, retryAfterMs: number | undefined): KubeStatusError {
  if (isStatus(body))
    return new KubeStatusError(body, httpStatus, retryAfterMs ?? secondsToMs(body.details?.retryAfterSeconds))
  const text = typeof body === 'string' && !/^\s*</.test(body) ? body.trim().slice(0, MAX_TEXT) : ''
  const message = `The API server answered ${httpStatus}${text === '' ? '' : `: ${text}`}`
  return new KubeStatusError(
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: httpStatus, message },
    httpStatus,
    retryAfterMs,
  )
}

/** Makes the error of an `ERROR` frame of a watch. */
export function toWatchError(object: unknown): KubeStatusError {
  return toStatusError(isStatus(object) ? (object.code ?? 500) : 500, object, undefined)
}

function isStatus(body: unknown): body is KubeStatus {
  return isRecord(body) && body['kind'] === 'Status'
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000
}

/** Reads `Retry-After`, in seconds or as a date, into milliseconds from now. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
