import type { KubeStatus } from '@meshdeck/kube'

/** A Kubernetes API server answered, and the answer is an error. `status` is its own words, causes included. */
export class KubeStatusError extends Error {
  override readonly name = 'KubeStatusError'
  readonly status: KubeStatus
  readonly httpStatus: number
  /** From the `Retry-After` header, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(status: KubeStatus, httpStatus: number, retryAfterMs?: number) {
    super(status.message ?? `the API server answered ${httpStatus}`)
    this.status = status
    this.httpStatus = httpStatus
    this.retryAfterMs = retryAfterMs
  }
}

/** Why no usable answer came from a cluster. Stable: shown as an i18n key and counted in metrics. */
export type UnreachableReason =
  | 'refused'
  | 'timeout'
  | 'dns'
  | 'no-route'
  | 'tls'
  | 'certificate-untrusted'
  | 'certificate-expired'
  | 'reset'
  | 'address-denied'
  | 'answer-too-large'
  | 'bad-answer'
  | 'closed'

/** No usable answer came from a cluster. The message says in words what happened; it never holds a credential. */
export class ClusterUnreachableError extends Error {
  override readonly name = 'ClusterUnreachableError'
  readonly reason: UnreachableReason
  /** Name of the cluster as the connection was given it. */
  readonly cluster: string

  constructor(reason: UnreachableReason, cluster: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
    this.cluster = cluster
  }
}

/** Why a port of a pod gave no usable answer, though its API server did its part. Stable: shown as an i18n key. */
export type PodTunnelReason = 'not-running' | 'port-closed' | 'broken' | 'timeout' | 'answer-too-large' | 'bad-answer'

const TUNNEL_WORDS: Readonly<Record<PodTunnelReason, string>> = {
  'not-running': 'The pod does not run',
  'port-closed': 'Nothing listens on that port of the pod',
  broken: 'The tunnel to the pod broke before the answer was complete',
  timeout: 'The pod did not answer in time',
  'answer-too-large': 'The pod gave an answer larger than Meshdeck accepts',
  'bad-answer': 'What listens on that port of the pod gave an answer that cannot be read',
}

/** A request to a port of a pod failed behind the API server. The message has the words of the kubelet, if there are any. */
export class PodTunnelError extends Error {
  override readonly name = 'PodTunnelError'
  readonly reason: PodTunnelReason

  constructor(reason: PodTunnelReason, detail?: string, options?: ErrorOptions) {
    super(`${TUNNEL_WORDS[reason]}${detail ? ` (${detail})` : ''}`, options)
    this.reason = reason
  }
}

/** A cluster's credential cannot be had: its Secret or context is missing, or what it holds cannot be used. */
export class ClusterCredentialError extends Error {
  override readonly name = 'ClusterCredentialError'
  readonly cluster: string
  /** `secret-missing`, `secret-empty`, `context-missing`, `access-unsupported`, or the code of a `KubeconfigError`. */
  readonly code: string

  constructor(cluster: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.cluster = cluster
    this.code = code
  }
}

/** A request that must not be sent: a name, namespace or identity that could mean something else on the wire. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** What a kubeconfig does wrong. `field` is a path into it, `code` is stable; neither they nor the message hold secrets. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
  readonly field: string
  readonly code: KubeconfigErrorCode

  constructor(code: KubeconfigErrorCode, field: string, message: string) {
    super(message)
    this.code = code
    this.field = field
  }
}

export type KubeconfigErrorCode =
  | 'too-large'
  | 'not-yaml'
  | 'not-a-kubeconfig'
  | 'context-missing'
  | 'context-ambiguous'
  | 'cluster-missing'
  | 'user-missing'
  | 'field-invalid'
  | 'exec-not-allowed'
  | 'auth-provider-not-allowed'
  | 'file-path-not-allowed'
  | 'file-unreadable'
  | 'proxy-not-allowed'
  | 'basic-auth-not-allowed'
  | 'impersonation-not-allowed'
  | 'credential-missing'
  | 'server-invalid'
  | 'server-not-https'
  | 'server-address-denied'
  | 'base64-invalid'
  | 'pem-invalid'
  | 'client-certificate-expired'
  | 'client-key-mismatch'

/** A plain sentence for any thrown value; for conditions and logs. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
