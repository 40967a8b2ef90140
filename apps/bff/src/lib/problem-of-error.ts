import type { Problem, ProblemCode } from '@meshdeck/contract'
import {
  ClusterCredentialError,
  ClusterUnreachableError,
  InvalidRequestError,
  KubeconfigError,
  KubeStatusError,
  PodTunnelError,
} from '@meshdeck/kube-client'
import { PrometheusError, type PrometheusErrorKind } from './prometheus/prometheus-error.ts'
import { ProblemError, problemOf } from './problem.ts'
import { problemOfStatus } from './problem-of-status.ts'

/** Errors of Fastify itself that a caller causes; their texts are fixed ones. */
const FASTIFY_CODES = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'bad-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-request',
  FST_ERR_CTP_EMPTY_TYPE: 'bad-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_BAD_URL: 'bad-request',
} as const

const PROMETHEUS_CODES = {
  unreachable: 'prometheus-unreachable',
  timeout: 'prometheus-timeout',
  'bad-query': 'prometheus-bad-query',
  overloaded: 'prometheus-overloaded',
  absent: 'prometheus-not-configured',
  'too-costly': 'prometheus-query-too-costly',
  busy: 'prometheus-busy',
} as const satisfies Record<PrometheusErrorKind, ProblemCode>

/**
 * The Problem of whatever was thrown. What is not known to be meant for callers becomes a bare `internal`: its text may
 * hold anything. `cluster` is where it happened, when the error does not say so itself.
 */
export function problemOfError(error: unknown, cluster?: string): Problem {
  const where = cluster === undefined ? {} : { cluster }
  if (error instanceof ProblemError) return { ...where, ...error.problem }
  if (error instanceof KubeStatusError) return problemOfStatus(error, cluster)
  if (error instanceof ClusterUnreachableError) {
    const code = error.reason === 'timeout' ? 'cluster-timeout' : 'cluster-unreachable'
    return problemOf(code, error.message, {
      cluster: cluster ?? error.cluster,
      params: { cluster: cluster ?? error.cluster, reason: error.reason },
    })
  }
  if (error instanceof ClusterCredentialError) {
    return problemOf('cluster-unreachable', error.message, {
      cluster: error.cluster,
      params: { cluster: error.cluster, reason: error.code },
    })
  }
  if (error instanceof PodTunnelError)
    return problemOf('pod-unreachable', error.message, { ...where, params: { reason: error.reason } })
  if (error instanceof KubeconfigError) {
    const fields = error.field === '' ? {} : { fields: [{ field: error.field, message: error.message }] }
    return problemOf('kubeconfig-invalid', error.message, { params: { code: error.code }, ...fields })
  }
  if (error instanceof InvalidRequestError) {
    return problemOf('invalid-input', error.message, { fields: [{ field: error.field, message: error.message }] })
  }
  if (error instanceof PrometheusError) {
    const { kind, message, params, retryAfterSeconds } = error
    const told = { ...params, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
    return problemOf(PROMETHEUS_CODES[kind], message, {
      ...where,
      ...(Object.keys(told).length === 0 ? {} : { params: told }),
    })
  }
  const code = fastifyCode(error)
  if (code !== undefined && error instanceof Error) return problemOf(code, error.message)
  return problemOf('internal')
}

/** Whether the fault is ours, so that the log should hold its stack. */
export function isOurFault(problem: Problem): boolean {
  return problem.code === 'internal'
}

function fastifyCode(error: unknown): (typeof FASTIFY_CODES)[keyof typeof FASTIFY_CODES] | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return Object.hasOwn(FASTIFY_CODES, error.code) ? FASTIFY_CODES[error.code as keyof typeof FASTIFY_CODES] : undefined
}
