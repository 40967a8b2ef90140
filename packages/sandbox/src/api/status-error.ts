import type { KubeStatus } from '@meshdeck/kube'

/** An answer of the API server that is not the object asked for. Whoever throws it has worded it as the real server does. */
export class StatusError extends Error {
  override name = 'StatusError'
  readonly status: KubeStatus

  /** @param reason none where the server gives none, as for what a webhook denies. */
  constructor(code: number, reason: string | undefined, message: string, details?: KubeStatus['details']) {
    super(message)
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    }
  }
}
