/** A `Status` object, the form of every error of a Kubernetes API server. */
export interface KubeStatus {
  kind: 'Status'
  apiVersion: 'v1'
  status: 'Failure' | 'Success'
  message?: string
  reason?: string
  code?: number
  details?: {
    name?: string
    group?: string
    kind?: string
    causes?: { reason?: string; message?: string; field?: string }[]
    retryAfterSeconds?: number
  }
}
